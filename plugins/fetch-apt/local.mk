# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/fetch-apt/fetch-apt.la
plugins_fetch_apt_fetch_apt_la_SOURCES = \
	plugins/fetch-apt/fetch-apt.c \
	plugins/fetch-apt/apt.c plugins/fetch-apt/apt.h \
	plugins/fetch-apt/control.c plugins/fetch-apt/control.h \
	plugins/fetch-apt/deb.c plugins/fetch-apt/deb.h \
	plugins/fetch-apt/lists.c plugins/fetch-apt/lists.h \
	plugins/fetch-apt/package.c plugins/fetch-apt/package.h \
	plugins/fetch-apt/request.c plugins/fetch-apt/request.h \
	plugins/fetch-apt/source.c plugins/fetch-apt/source.h \
	plugins/fetch-apt/sources.c plugins/fetch-apt/sources.h \
	plugins/fetch-apt/sum.c plugins/fetch-apt/sum.h \
	plugins/fetch-apt/suggest.c plugins/fetch-apt/suggest.h \
	$(PROBLEM_SOURCES)
plugins_fetch_apt_fetch_apt_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_fetch_apt_fetch_apt_la_CFLAGS = \
	$(MSMV_CFLAGS) $(SANITIZE) $(ARCHIVE_CFLAGS) $(CRYPTO_CFLAGS)
plugins_fetch_apt_fetch_apt_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_fetch_apt_fetch_apt_la_LIBADD = $(ARCHIVE_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += plugins/fetch-apt/README.md
