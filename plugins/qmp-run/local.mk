# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/qmp-run/qmp-run.la
plugins_qmp_run_qmp_run_la_SOURCES = \
	plugins/qmp-run/blank.c plugins/qmp-run/blank.h \
	plugins/qmp-run/boot.c plugins/qmp-run/boot.h \
	plugins/qmp-run/budget.c plugins/qmp-run/budget.h \
	plugins/qmp-run/check.c plugins/qmp-run/check.h \
	plugins/qmp-run/check_http.c \
	plugins/qmp-run/check_read.c \
	plugins/qmp-run/check_tcp.c \
	plugins/qmp-run/check_try.c \
	plugins/qmp-run/elsewhere.c plugins/qmp-run/elsewhere.h \
	plugins/qmp-run/files.c plugins/qmp-run/files.h \
	plugins/qmp-run/firmware.c plugins/qmp-run/firmware.h \
	plugins/qmp-run/kernel_config.c plugins/qmp-run/kernel_config.h \
	plugins/qmp-run/listen.c \
	plugins/qmp-run/phases.c plugins/qmp-run/phases.h \
	plugins/qmp-run/ports.c plugins/qmp-run/ports.h \
	plugins/qmp-run/prepare.c plugins/qmp-run/prepare.h \
	plugins/qmp-run/program.c plugins/qmp-run/program.h \
	plugins/qmp-run/proof.c plugins/qmp-run/proof.h \
	plugins/qmp-run/qmp-run.c \
	plugins/qmp-run/records.c plugins/qmp-run/records.h \
	plugins/qmp-run/report.c plugins/qmp-run/report.h \
	plugins/qmp-run/verdict.c plugins/qmp-run/verdict.h \
	$(vm_sources) $(PROBLEM_SOURCES)
nodist_plugins_qmp_run_qmp_run_la_SOURCES = plugins/qmp-run/needs.c
plugins_qmp_run_qmp_run_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/core \
	-I$(top_srcdir)/plugins/qmp-run
plugins_qmp_run_qmp_run_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(CURL_CFLAGS) \
	$(JANSSON_CFLAGS)
plugins_qmp_run_qmp_run_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_qmp_run_qmp_run_la_LIBADD = $(CURL_LIBS) $(JANSSON_LIBS)
EXTRA_DIST += plugins/qmp-run/README.md plugins/qmp-run/needs.awk

QMP_RUN_NEEDS = \
	plugins/kconfig/profiles/cloud-hypervisor.arm64.config \
	plugins/kconfig/profiles/cloud-hypervisor.x86.config \
	plugins/kconfig/profiles/firecracker.arm64.config \
	plugins/kconfig/profiles/firecracker.x86.config

plugins/qmp-run/needs.c: $(QMP_RUN_NEEDS) plugins/qmp-run/needs.awk
	$(AM_V_GEN)$(MKDIR_P) plugins/qmp-run && cd $(srcdir) && \
	$(AWK) -f plugins/qmp-run/needs.awk $(QMP_RUN_NEEDS) \
		> $(abs_builddir)/$@.new && mv $(abs_builddir)/$@.new $(abs_builddir)/$@
CLEANFILES += plugins/qmp-run/needs.c
QMP_RUN_TESTS = \
	tests/plugins/qmp-run.sh \
	tests/plugins/qmp-run-blank.sh \
	tests/plugins/qmp-run-checks.sh \
	tests/plugins/qmp-run-kernel_config.sh \
	tests/plugins/qmp-run-program.sh \
	tests/plugins/qmp-run-proof.sh \
	tests/plugins/qmp-run-verdict.sh
TESTS += $(QMP_RUN_TESTS)
EXTRA_DIST += $(QMP_RUN_TESTS)
EXTRA_DIST += tests/plugins/qmp-run-guest.S tests/plugins/qmp-run-lib.sh tests/system/lib.sh
