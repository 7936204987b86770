# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/qcow2/qcow2.la
plugins_qcow2_qcow2_la_SOURCES = \
	plugins/qcow2/data.c plugins/qcow2/data.h \
	plugins/qcow2/dir.c plugins/qcow2/dir.h \
	plugins/qcow2/disk.c plugins/qcow2/disk.h \
	plugins/qcow2/disk_io.c \
	plugins/qcow2/ext4.c plugins/qcow2/ext4.h \
	plugins/qcow2/format_qcow2.c \
	plugins/qcow2/format_raw.c \
	plugins/qcow2/inode.c plugins/qcow2/inode.h \
	plugins/qcow2/nodes.c plugins/qcow2/nodes.h \
	plugins/qcow2/qcow2.c \
	plugins/qcow2/room.c plugins/qcow2/room.h \
	plugins/qcow2/stamp.c plugins/qcow2/stamp.h \
	plugins/qcow2/tail.c plugins/qcow2/tail.h
plugins_qcow2_qcow2_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_qcow2_qcow2_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) -pthread $(EXT2FS_CFLAGS) $(CRYPTO_CFLAGS)
plugins_qcow2_qcow2_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_qcow2_qcow2_la_LIBADD = $(EXT2FS_LIBS) -lcom_err $(CRYPTO_LIBS)
EXTRA_DIST += plugins/qcow2/README.md
