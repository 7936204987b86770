# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/cpio/cpio.la
plugins_cpio_cpio_la_SOURCES = \
	plugins/cpio/cpio.c \
	plugins/cpio/gzip.c \
	plugins/cpio/links.c plugins/cpio/links.h \
	plugins/cpio/lz4.c \
	plugins/cpio/newc.c plugins/cpio/newc.h \
	plugins/cpio/sink.c plugins/cpio/sink.h \
	plugins/cpio/xz.c \
	plugins/cpio/zstd.c
plugins_cpio_cpio_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_cpio_cpio_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(ZLIB_CFLAGS) $(LZMA_CFLAGS) \
	$(ZSTD_CFLAGS) $(LZ4_CFLAGS)
plugins_cpio_cpio_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_cpio_cpio_la_LIBADD = $(ZLIB_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(LZ4_LIBS)
EXTRA_DIST += plugins/cpio/README.md
