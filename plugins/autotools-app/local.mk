# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/autotools-app/autotools-app.la
plugins_autotools_app_autotools_app_la_SOURCES = plugins/autotools-app/autotools-app.c
plugins_autotools_app_autotools_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_autotools_app_autotools_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_autotools_app_autotools_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_autotools_app_autotools_app_la_LIBADD = plugins/app/libapp.la
EXTRA_DIST += plugins/autotools-app/README.md
