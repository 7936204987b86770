# SPDX-License-Identifier: GPL-3.0-only
# What the plugins for applications share: compiled once, and part of each of them.
noinst_LTLIBRARIES += plugins/app/libapp.la
plugins_app_libapp_la_SOURCES = \
	plugins/app/app.c plugins/app/app.h \
	plugins/app/build.h \
	plugins/app/command.c plugins/app/command.h \
	plugins/app/complete.c plugins/app/complete.h \
	plugins/app/complete_parts.h \
	plugins/app/elf.c plugins/app/elf.h \
	plugins/app/facts.c \
	plugins/app/generator.c \
	plugins/app/install.c plugins/app/install.h \
	plugins/app/mem.c plugins/app/mem.h \
	plugins/app/patch.c plugins/app/patch.h \
	plugins/app/proof.c \
	plugins/app/split.c plugins/app/split.h \
	plugins/app/step.c plugins/app/step.h \
	plugins/app/strip.c \
	plugins/app/toolchain.c plugins/app/toolchain.h \
	plugins/app/tools.c plugins/app/tools.h \
	plugins/app/uapi.c plugins/app/uapi.h \
	plugins/app/wrapper.c plugins/app/wrapper.h \
	plugins/ccache/ccache.c plugins/ccache/ccache.h \
	$(PROBLEM_SOURCES)
plugins_app_libapp_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_app_libapp_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
EXTRA_DIST += plugins/app/README.md
