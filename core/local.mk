# SPDX-License-Identifier: GPL-3.0-only
# The engine as one internal library; the programs and the unit tests link it.
noinst_LTLIBRARIES += core/libmsmv.la
core_libmsmv_la_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(INIH_CFLAGS)
core_libmsmv_la_LIBADD = $(CRYPTO_LIBS) $(JANSSON_LIBS) $(INIH_LIBS)
core_libmsmv_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DMSMV_PLUGINDIR='"$(plugindir)"' -DMSMV_LIBEXECDIR='"$(msmvlibexecdir)"' \
	-DMSMV_SHAREDIR='"$(msmvdatadir)"' -DMSMV_SYSCONFDIR='"$(sysconfdir)"'
core_libmsmv_la_SOURCES = \
	core/base/err.c core/base/err.h \
	core/base/fs.c core/base/fs.h \
	core/base/map.c core/base/map.h \
	core/base/mem.c core/base/mem.h \
	core/base/path.c core/base/path.h \
	core/base/record.c core/base/record.h \
	core/base/sha256.c core/base/sha256.h \
	core/base/str.c core/base/str.h \
	core/base/suggest.c core/base/suggest.h \
	core/base/vec.h \
	core/catalog/catalog.c core/catalog/catalog.h \
	core/catalog/describe.c \
	core/graph/check.c \
	core/graph/graph.c core/graph/graph.h \
	core/graph/heap.c core/graph/heap.h \
	core/graph/ready.c \
	core/graph/stage.c core/graph/stage.h \
	core/tree/entry.c core/tree/entry.h \
	core/tree/extract.c \
	core/tree/pack.c core/tree/pack.h \
	core/tree/tar.h core/tree/tar_header.h \
	core/tree/tar_read.c core/tree/tar_write.c \
	core/wire/request.c core/wire/request.h \
	core/wire/wire.c core/wire/wire.h

msmvinclude_HEADERS = core/include/msmv/plugin.h
msmvincludedir = $(includedir)/msmv
pkgconfig_DATA += core/include/msmv.pc
EXTRA_DIST += core/HACKING.md core/msmv-dev.in
