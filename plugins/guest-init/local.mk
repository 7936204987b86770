# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/guest-init/guest-init.la
plugins_guest_init_guest_init_la_SOURCES = \
	plugins/guest-init/build.c plugins/guest-init/build.h \
	plugins/guest-init/compiler.c plugins/guest-init/compiler.h \
	plugins/guest-init/elf.c plugins/guest-init/elf.h \
	plugins/guest-init/guest-init.c
plugins_guest_init_guest_init_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_guest_init_guest_init_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_guest_init_guest_init_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/guest-init/README.md
