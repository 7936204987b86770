# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/cmake-app/cmake-app.la
plugins_cmake_app_cmake_app_la_SOURCES = plugins/cmake-app/cmake-app.c
plugins_cmake_app_cmake_app_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_cmake_app_cmake_app_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_cmake_app_cmake_app_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_cmake_app_cmake_app_la_LIBADD = plugins/app/libapp.la
EXTRA_DIST += plugins/cmake-app/README.md
