# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/autotools-app/autotools-app.la
plugins_autotools_app_autotools_app_la_SOURCES = \
	plugins/autotools-app/autotools-app.c \
	plugins/autotools-app/build.h \
	plugins/autotools-app/command.c plugins/autotools-app/command.h \
	plugins/autotools-app/elf.c plugins/autotools-app/elf.h \
	plugins/autotools-app/install.c plugins/autotools-app/install.h \
	plugins/autotools-app/mem.c plugins/autotools-app/mem.h \
	plugins/autotools-app/proof.c \
	plugins/autotools-app/split.c plugins/autotools-app/split.h \
	plugins/autotools-app/step.c plugins/autotools-app/step.h \
	plugins/autotools-app/strip.c \
	plugins/autotools-app/tools.c plugins/autotools-app/tools.h \
	plugins/autotools-app/uapi.c plugins/autotools-app/uapi.h \
	plugins/autotools-app/wrapper.c plugins/autotools-app/wrapper.h
plugins_autotools_app_autotools_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_autotools_app_autotools_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_autotools_app_autotools_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/autotools-app/README.md
