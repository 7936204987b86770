# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/manifest/manifest.la
plugins_manifest_manifest_la_SOURCES = plugins/manifest/manifest.c
plugins_manifest_manifest_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_manifest_manifest_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(CRYPTO_CFLAGS)
plugins_manifest_manifest_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_manifest_manifest_la_LIBADD = $(CRYPTO_LIBS)
EXTRA_DIST += plugins/manifest/README.md
