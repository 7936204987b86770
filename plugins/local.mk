# SPDX-License-Identifier: GPL-3.0-only
# Part of every plugin that says what is wrong in a recipe at its place.
PROBLEM_SOURCES = plugins/problem/problem.c plugins/problem/problem.h

include plugins/app/local.mk
include plugins/arch-aarch64/local.mk
include plugins/arch-riscv64/local.mk
include plugins/arch-x86_64/local.mk
include plugins/autotools-app/local.mk
include plugins/cmake-app/local.mk
include plugins/cpio/local.mk
include plugins/fetch-apt/local.mk
include plugins/fetch-http/local.mk
include plugins/guest-init/local.mk
include plugins/kbuild/local.mk
include plugins/kconfig/local.mk
include plugins/make-app/local.mk
include plugins/manifest/local.mk
include plugins/meson-app/local.mk
include plugins/qcow2/local.mk
include plugins/qmp-run/local.mk
include plugins/rootfs/local.mk
include plugins/script-app/local.mk
include plugins/uki/local.mk
