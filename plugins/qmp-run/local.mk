# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/qmp-run/qmp-run.la
plugins_qmp_run_qmp_run_la_SOURCES = \
	plugins/qmp-run/boot.c plugins/qmp-run/boot.h \
	plugins/qmp-run/listen.c \
	plugins/qmp-run/prepare.c plugins/qmp-run/prepare.h \
	plugins/qmp-run/qmp-run.c \
	plugins/qmp-run/report.c plugins/qmp-run/report.h \
	$(vm_sources) $(PROBLEM_SOURCES)
plugins_qmp_run_qmp_run_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/core
plugins_qmp_run_qmp_run_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(JANSSON_CFLAGS)
plugins_qmp_run_qmp_run_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_qmp_run_qmp_run_la_LIBADD = $(JANSSON_LIBS)
EXTRA_DIST += plugins/qmp-run/README.md
TESTS += tests/plugins/qmp-run.sh
EXTRA_DIST += tests/plugins/qmp-run-guest.S tests/system/lib.sh
