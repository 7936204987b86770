# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/rootfs/rootfs.la
plugins_rootfs_rootfs_la_SOURCES = \
	plugins/rootfs/accounts.c \
	plugins/rootfs/apps.c \
	plugins/rootfs/extras.c \
	plugins/rootfs/files.c \
	plugins/rootfs/inifile.c \
	plugins/rootfs/layout.c \
	plugins/rootfs/netini.c \
	plugins/rootfs/netplan.c plugins/rootfs/netplan.h \
	plugins/rootfs/network.c plugins/rootfs/network.h \
	plugins/rootfs/options.h \
	plugins/rootfs/rootfs.c \
	plugins/rootfs/services.c \
	plugins/rootfs/skeleton.c \
	plugins/rootfs/text.c plugins/rootfs/text.h \
	plugins/rootfs/volumes.c \
	plugins/rootfs/words.c plugins/rootfs/words.h \
	init/config.c init/config.h \
	init/file.c init/file.h \
	init/ini.c init/ini.h \
	init/keys.c init/keys.h \
	init/line.c init/line.h \
	init/words.c \
	$(PROBLEM_SOURCES)
plugins_rootfs_rootfs_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_rootfs_rootfs_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE)
plugins_rootfs_rootfs_la_LDFLAGS = $(LDFLAGS_PLUGIN)
EXTRA_DIST += plugins/rootfs/README.md
