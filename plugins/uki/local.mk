# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/uki/uki.la
plugins_uki_uki_la_SOURCES = \
	plugins/uki/bytes.h \
	plugins/uki/image.c plugins/uki/image.h \
	plugins/uki/kernel.c plugins/uki/kernel.h \
	plugins/uki/osrel.c plugins/uki/osrel.h \
	plugins/uki/stub.c plugins/uki/stub.h \
	plugins/uki/uki.c
plugins_uki_uki_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_uki_uki_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_uki_uki_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/uki/README.md
