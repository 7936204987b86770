# SPDX-License-Identifier: GPL-3.0-only
# Tests of the plugins that write images, and what they need.
check_LTLIBRARIES += tests/plugins-src/mktree.la
tests_plugins_src_mktree_la_SOURCES = tests/plugins-src/mktree.c
tests_plugins_src_mktree_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_mktree_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_mktree_la_LDFLAGS = $(LDFLAGS_PLUGIN)

if HAVE_CHECK
check_PROGRAMS += tests/plugins/cpio_newc
TESTS += tests/plugins/cpio_newc
tests_plugins_cpio_newc_SOURCES = tests/plugins/cpio_newc.c tests/unit/unit.h \
	plugins/cpio/links.c plugins/cpio/links.h plugins/cpio/newc.c plugins/cpio/newc.h
tests_plugins_cpio_newc_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(CHECK_CFLAGS)
tests_plugins_cpio_newc_LDADD = $(CHECK_LIBS)
endif

WRITER_TESTS = \
	tests/plugins/bytes.sh \
	tests/plugins/cpio.sh \
	tests/plugins/manifest.sh \
	tests/plugins/qcow2.sh \
	tests/plugins/uki.sh
TESTS += $(WRITER_TESTS)
EXTRA_DIST += $(WRITER_TESTS) tests/bench/cpio.sh tests/bench/qcow2.sh
