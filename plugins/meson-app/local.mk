# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/meson-app/meson-app.la
plugins_meson_app_meson_app_la_SOURCES = plugins/meson-app/meson-app.c
plugins_meson_app_meson_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_meson_app_meson_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_meson_app_meson_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_meson_app_meson_app_la_LIBADD = plugins/app/libapp.la
EXTRA_DIST += plugins/meson-app/README.md
