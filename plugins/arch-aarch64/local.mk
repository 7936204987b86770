# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/arch-aarch64/arch-aarch64.la
plugins_arch_aarch64_arch_aarch64_la_SOURCES = plugins/arch-aarch64/arch-aarch64.c
plugins_arch_aarch64_arch_aarch64_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_arch_aarch64_arch_aarch64_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_arch_aarch64_arch_aarch64_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/arch-aarch64/README.md
