# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/script-app/script-app.la
plugins_script_app_script_app_la_SOURCES = plugins/script-app/script-app.c
plugins_script_app_script_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_script_app_script_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_script_app_script_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_script_app_script_app_la_LIBADD = plugins/app/libapp.la
EXTRA_DIST += plugins/script-app/README.md
