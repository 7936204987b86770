# SPDX-License-Identifier: GPL-3.0-only
# Stage plugins that exist to be watched: each misbehaves in its own way on demand.
check_LTLIBRARIES += tests/plugins-src/trial.la
tests_plugins_src_trial_la_SOURCES = tests/plugins-src/trial.c
tests_plugins_src_trial_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_trial_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_trial_la_LDFLAGS = $(LDFLAGS_PLUGIN)

check_LTLIBRARIES += tests/plugins-src/folder.la
tests_plugins_src_folder_la_SOURCES = tests/plugins-src/folder.c
tests_plugins_src_folder_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_folder_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_folder_la_LDFLAGS = $(LDFLAGS_PLUGIN)

check_LTLIBRARIES += tests/plugins-src/look.la
tests_plugins_src_look_la_SOURCES = tests/plugins-src/look.c
tests_plugins_src_look_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_look_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_look_la_LDFLAGS = $(LDFLAGS_PLUGIN)

check_LTLIBRARIES += tests/plugins-src/picky.la
tests_plugins_src_picky_la_SOURCES = tests/plugins-src/picky.c
tests_plugins_src_picky_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_picky_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_picky_la_LDFLAGS = $(LDFLAGS_PLUGIN)

check_LTLIBRARIES += tests/plugins-src/fake-kconfig.la
tests_plugins_src_fake_kconfig_la_SOURCES = tests/plugins-src/fake-kconfig.c
tests_plugins_src_fake_kconfig_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
tests_plugins_src_fake_kconfig_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
tests_plugins_src_fake_kconfig_la_LDFLAGS = $(LDFLAGS_PLUGIN)
