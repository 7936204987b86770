# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/arch-riscv64/arch-riscv64.la
plugins_arch_riscv64_arch_riscv64_la_SOURCES = plugins/arch-riscv64/arch-riscv64.c
plugins_arch_riscv64_arch_riscv64_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_arch_riscv64_arch_riscv64_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_arch_riscv64_arch_riscv64_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/arch-riscv64/README.md
