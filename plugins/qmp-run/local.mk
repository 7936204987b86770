# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/qmp-run/qmp-run.la
plugins_qmp_run_qmp_run_la_SOURCES = \
	plugins/qmp-run/boot.c plugins/qmp-run/boot.h \
	plugins/qmp-run/console.c plugins/qmp-run/console.h \
	plugins/qmp-run/guest.c plugins/qmp-run/guest.h \
	plugins/qmp-run/kvm.c plugins/qmp-run/kvm.h \
	plugins/qmp-run/listen.c \
	plugins/qmp-run/prepare.c plugins/qmp-run/prepare.h \
	plugins/qmp-run/pvh.c plugins/qmp-run/pvh.h \
	plugins/qmp-run/qemu.c plugins/qmp-run/qemu.h \
	plugins/qmp-run/qmp.c plugins/qmp-run/qmp.h \
	plugins/qmp-run/qmp-run.c \
	plugins/qmp-run/report.c plugins/qmp-run/report.h \
	$(PROBLEM_SOURCES)
plugins_qmp_run_qmp_run_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -D_GNU_SOURCE
plugins_qmp_run_qmp_run_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(JANSSON_CFLAGS)
plugins_qmp_run_qmp_run_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_qmp_run_qmp_run_la_LIBADD = $(JANSSON_LIBS)
EXTRA_DIST += plugins/qmp-run/README.md
TESTS += tests/plugins/qmp-run.sh
EXTRA_DIST += tests/plugins/qmp-run-guest.S tests/system/lib.sh
