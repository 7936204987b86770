/* SPDX-License-Identifier: GPL-3.0-only */
/* The little that this plugin must know of a url's text; libcurl parses the rest. */
#ifndef FETCH_HTTP_URL_H
#define FETCH_HTTP_URL_H

#include <stddef.h>

enum scheme { SCHEME_HTTP, SCHEME_HTTPS, SCHEME_FILE, SCHEME_OTHER };

enum scheme url_scheme(const char *url);
/* The path that a file:// url means, or NULL with a reason: malloc'd. */
char *url_file_path(const char *url, const char **why);
/* Last part of the path, without query: "hello-2.12.tar.gz"; malloc'd, never NULL
 * unless memory is out; "download" when the url has none. */
char *url_basename(const char *url);
/* The url as a message may show it: without a password or a token. Into buf. */
const char *url_show(const char *url, char *buf, size_t n);
/* 1 if the name ends like an archive or a compressed file. */
int name_is_archive(const char *name);

#endif
