# SPDX-License-Identifier: GPL-3.0-only
plugin_LTLIBRARIES += plugins/fetch-http/fetch-http.la
plugins_fetch_http_fetch_http_la_SOURCES = \
	plugins/fetch-http/fetch-http.c \
	plugins/fetch-http/answer.c plugins/fetch-http/answer.h \
	plugins/fetch-http/armor.c plugins/fetch-http/armor.h \
	plugins/fetch-http/candidate.c plugins/fetch-http/candidate.h \
	plugins/fetch-http/digest.c plugins/fetch-http/digest.h \
	plugins/fetch-http/gpgv.c plugins/fetch-http/gpgv.h \
	plugins/fetch-http/local.c plugins/fetch-http/local.h \
	plugins/fetch-http/outcome.c plugins/fetch-http/outcome.h \
	plugins/fetch-http/partial.c plugins/fetch-http/partial.h \
	plugins/fetch-http/places.c plugins/fetch-http/places.h \
	plugins/fetch-http/signature.c plugins/fetch-http/signature.h \
	plugins/fetch-http/stream.c plugins/fetch-http/stream.h \
	plugins/fetch-http/transfer.c plugins/fetch-http/transfer.h \
	plugins/fetch-http/url.c plugins/fetch-http/url.h \
	plugins/fetch-http/want.h
plugins_fetch_http_fetch_http_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
plugins_fetch_http_fetch_http_la_CFLAGS = \
	$(MSMV_CFLAGS) $(SANITIZE) $(ARCHIVE_CFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS)
plugins_fetch_http_fetch_http_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_fetch_http_fetch_http_la_LIBADD = $(ARCHIVE_LIBS) $(CURL_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += plugins/fetch-http/README.md
