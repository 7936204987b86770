# SPDX-License-Identifier: GPL-3.0-only
# What kconfig and kbuild share; compiled into each of them.
KERNEL_SOURCES = \
	plugins/kernel/make.c plugins/kernel/make.h \
	plugins/kernel/run.c plugins/kernel/run.h \
	plugins/kernel/text.c plugins/kernel/text.h \
	plugins/kernel/tree.c plugins/kernel/tree.h

plugin_LTLIBRARIES += plugins/kbuild/kbuild.la
plugins_kbuild_kbuild_la_SOURCES = \
	plugins/kbuild/kbuild.c \
	plugins/kbuild/cached.c plugins/kbuild/cached.h \
	plugins/kbuild/compiled.c plugins/kbuild/compiled.h \
	plugins/kbuild/objects.c plugins/kbuild/objects.h \
	plugins/kbuild/progress.c plugins/kbuild/progress.h \
	plugins/kbuild/vmlinux.c plugins/kbuild/vmlinux.h \
	plugins/ccache/ccache.c plugins/ccache/ccache.h \
	$(KERNEL_SOURCES)
plugins_kbuild_kbuild_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_kbuild_kbuild_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(CRYPTO_CFLAGS)
plugins_kbuild_kbuild_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_kbuild_kbuild_la_LIBADD = $(CRYPTO_LIBS)
EXTRA_DIST += plugins/kbuild/README.md plugins/kernel/README.md
