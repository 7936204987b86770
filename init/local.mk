# SPDX-License-Identifier: GPL-3.0-only
# The guest's init is compiled for its target by the stage build:init, never by make;
# here it is only installed as source, and compiled for its tests.
init_sources = \
	init/app.c init/app.h \
	init/config.c init/config.h \
	init/console.c init/console.h \
	init/events.c init/events.h \
	init/halt.c init/halt.h \
	init/ini.c init/ini.h \
	init/keys.c init/keys.h \
	init/line.c init/line.h \
	init/main.c \
	init/mounts.c init/mounts.h \
	init/net.c init/net.h \
	init/record.c init/record.h \
	init/words.c

initdir = $(msmvdatadir)/init
dist_init_DATA = $(init_sources)
EXTRA_DIST += init/README.md
include init/net/local.mk
