# SPDX-License-Identifier: GPL-3.0-only
# Three tiers: "make check" needs no kernel; check-system builds kernels and boots
# guests; check-nightly is what takes long. Each list is one test a line.
include tests/fuzz/local.mk
include tests/init/local.mk
include tests/net/local.mk
include tests/plugins/fetch.mk
include tests/plugins/writers.mk
include tests/plugins-src/local.mk
include tests/recipe/local.mk
include tests/unit/local.mk

CLI_TESTS = \
	tests/abi/abi.sh \
	tests/arrows.sh \
	tests/cli/badinput.sh \
	tests/cli/bootstrap.sh \
	tests/cli/cache.sh \
	tests/cli/closure.sh \
	tests/cli/differ.sh \
	tests/cli/durable.sh \
	tests/cli/interrupt.sh \
	tests/cli/kconfig.sh \
	tests/cli/limits.sh \
	tests/cli/lock.sh \
	tests/cli/machine.sh \
	tests/cli/null.sh \
	tests/cli/problem.sh \
	tests/cli/recipe.sh \
	tests/cli/sandbox.sh \
	tests/cli/share.sh \
	tests/cli/store.sh \
	tests/cli/stuck.sh \
	tests/cli/usage.sh \
	tests/cli/unpack.sh \
	tests/cli/verdicts.sh \
	tests/cli/verify.sh \
	tests/cli/vm.sh \
	tests/cli/vm_connect.sh \
	tests/cli/vm_devices.sh \
	tests/cli/vm_faults.sh \
	tests/cli/vm_json.sh \
	tests/cli/vm_many.sh \
	tests/cli/vm_socket.sh \
	tests/cli/vm_vsock.sh \
	tests/cli/why.sh
PLUGIN_TESTS = \
	tests/plugins/autotools-app.sh \
	tests/plugins/ccache.sh \
	tests/plugins/cmake-app.sh \
	tests/plugins/guest-init.sh \
	tests/plugins/kbuild.sh \
	tests/plugins/kconfig.sh \
	tests/plugins/make-app.sh \
	tests/plugins/meson-app.sh \
	tests/plugins/rootfs.sh \
	tests/plugins/script-app.sh
TESTS += $(CLI_TESTS) $(PLUGIN_TESTS)

# The dearest first: two run at a time, as one compiles while the other boots.
SYSTEM_TESTS = \
	tests/system/images.sh \
	tests/system/nano.sh \
	tests/system/riscv64.sh \
	tests/system/busybox.sh \
	tests/system/redis.sh \
	tests/system/contract.sh \
	tests/system/fault.sh \
	tests/system/hello.sh \
	tests/system/profiles.sh \
	tests/system/services.sh \
	tests/system/init.sh \
	tests/system/network.sh \
	tests/system/vm.sh \
	tests/system/attest.sh \
	tests/system/keys.sh \
	tests/system/builds.sh \
	tests/system/dropbear.sh \
	tests/system/install.sh \
	tests/system/micro_httpd.sh
NIGHTLY_TESTS = \
	tests/nightly/fault.sh \
	tests/nightly/htop.sh \
	tests/nightly/incremental.sh \
	tests/nightly/machine.sh \
	tests/nightly/mariadb.sh \
	tests/nightly/postgres.sh \
	tests/nightly/profiles.sh \
	tests/nightly/triggers.sh \
	tests/nightly/verify.sh \
	tests/nightly/w3m.sh

check_PROGRAMS += tests/tools/fault tests/tools/hostile-qmp
tests_tools_fault_SOURCES = tests/tools/fault.c
tests_tools_fault_LDADD =
check_PROGRAMS += tests/tools/times
tests_tools_times_SOURCES = tests/tools/times.c
tests_tools_times_LDADD =
tests_tools_hostile_qmp_SOURCES = tests/tools/hostile-qmp.c
tests_tools_hostile_qmp_LDADD =

EXTRA_DIST += tests/data/schemas tests/tools/check-attestations.py
EXTRA_DIST += tests/abi/layout.c tests/abi/v1/msmv/plugin.h
EXTRA_DIST += tests/system/vm-guest.c tests/system/guest.sh tests/system/shared.sh \
	tests/data/keys/changes.jq tests/data/keys/raw.jq tests/data/keys/values.json \
	tests/system/recipes/builds.toml tests/system/recipes/images.toml tests/system/recipes/services.toml
EXTRA_DIST += tests/cli/vm_lib.sh tests/cli/vm-vsock.c tests/plugins/app-lib.sh tests/plugins/toy-kernel.sh tests/tools/kconfig-questions.awk
EXTRA_DIST += tests/all.sh tests/lib.sh $(CLI_TESTS) $(PLUGIN_TESTS) $(SYSTEM_TESTS) $(NIGHTLY_TESTS)

check-system: all
	@test -z "$(SYSTEM_TESTS)" || $(MAKE) $(AM_MAKEFLAGS) -j2 check TESTS='$(SYSTEM_TESTS)'
check-nightly: all
	@test -z "$(NIGHTLY_TESTS)" || $(MAKE) $(AM_MAKEFLAGS) -j1 check TESTS='$(NIGHTLY_TESTS)'
.PHONY: check-system check-nightly

EXTRA_DIST += tests/outside/check.sh tests/outside/shout.c
installcheck-local:
	CC='$(CC)' $(SHELL) $(abs_top_srcdir)/tests/outside/check.sh \
		$(abs_top_srcdir)/tests/outside $(DESTDIR)$(bindir) $(DESTDIR)$(libdir)

# Figures, side by side in one run; never part of the tests.
bench: all tests/tools/times
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/all.sh
.PHONY: bench

# Needs cppcheck, clang-tidy and shellcheck.
lint: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/lint.sh
.PHONY: lint
EXTRA_DIST += tests/bench tests/data tests/lint.sh .clang-tidy .clang-format .editorconfig .gitignore
