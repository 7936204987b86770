# SPDX-License-Identifier: GPL-3.0-only
# The guest's init is compiled for its target by the stage build:init, never by make;
# here it is only installed as source, and compiled for its tests.
init_sources = \
	init/app.c init/app.h \
	init/button.c init/button.h \
	init/clock.c init/clock.h \
	init/config.c init/config.h \
	init/console.c init/console.h \
	init/control.c init/control.h \
	init/entropy.c init/entropy.h \
	init/events.c init/events.h \
	init/file.c init/file.h \
	init/halt.c init/halt.h \
	init/helper.c init/helper.h \
	init/ini.c init/ini.h \
	init/keys.c init/keys.h \
	init/line.c init/line.h \
	init/local.c init/local.h \
	init/main.c \
	init/mounts.c init/mounts.h \
	init/net.c init/net.h \
	init/output.c init/output.h \
	init/port.c init/port.h \
	init/probe.c init/probe.h \
	init/record.c init/record.h \
	init/service.c init/service.h \
	init/services.c init/services.h \
	init/socket.c init/socket.h \
	init/steps.c init/steps.h \
	init/sysctl.c init/sysctl.h \
	init/volume.c init/volume.h \
	init/vsock.c init/vsock.h \
	init/wait.c init/wait.h \
	init/words.c

initdir = $(msmvdatadir)/init
dist_init_DATA = $(init_sources)
EXTRA_DIST += init/README.md
include init/net/local.mk
