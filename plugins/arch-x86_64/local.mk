# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/arch-x86_64/arch-x86_64.la
plugins_arch_x86_64_arch_x86_64_la_SOURCES = plugins/arch-x86_64/arch-x86_64.c
plugins_arch_x86_64_arch_x86_64_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_arch_x86_64_arch_x86_64_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_arch_x86_64_arch_x86_64_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/arch-x86_64/README.md
