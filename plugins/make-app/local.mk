# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/make-app/make-app.la
plugins_make_app_make_app_la_SOURCES = plugins/make-app/make-app.c
plugins_make_app_make_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_make_app_make_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_make_app_make_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_make_app_make_app_la_LIBADD = plugins/app/libapp.la
EXTRA_DIST += plugins/make-app/README.md
