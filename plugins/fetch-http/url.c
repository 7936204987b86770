/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Urls come from recipes and from servers. Here they are only told apart, shown
 * and, for file://, turned into a path; nothing here opens anything.
 */
#include "url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum scheme
url_scheme(const char *url)
{
	static const struct {
		const char *prefix;
		enum scheme scheme;
	} rows[] = {
		{"http://", SCHEME_HTTP},
		{"https://", SCHEME_HTTPS},
		{"file://", SCHEME_FILE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strncasecmp(url, rows[i].prefix, strlen(rows[i].prefix)))
			return rows[i].scheme;
	return SCHEME_OTHER;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %XX in place; -1 for a bad or a NUL escape. */
static int
percent_decode(char *s)
{
	char *out = s;

	for (; *s; s++) {
		if (*s != '%') {
			*out++ = *s;
			continue;
		}
		int hi = hex_digit(s[1]);
		int lo = hi < 0 ? -1 : hex_digit(s[2]);
		if (lo < 0 || hi * 16 + lo == 0)
			return -1;
		*out++ = (char)(hi * 16 + lo);
		s += 2;
	}
	*out = '\0';
	return 0;
}

char *
url_file_path(const char *url, const char **why)
{
	const char *rest = url + strlen("file://");
	char *path;

	if (!strncasecmp(rest, "localhost/", 10))
		rest += strlen("localhost");
	if (rest[0] != '/') {
		*why = "a file url needs an absolute path: file:///folder/name";
		return NULL;
	}
	path = strdup(rest);
	if (!path) {
		*why = "out of memory";
		return NULL;
	}
	if (percent_decode(path)) {
		*why = "a % in a file url must start an escape such as %20";
		free(path);
		return NULL;
	}
	return path;
}

char *
url_basename(const char *url)
{
	const char *start = strstr(url, "://");
	size_t end;
	char *name;

	start = start ? start + 3 : url;
	end = strcspn(start, "?#");
	while (end && start[end - 1] == '/')
		end--;
	name = strndup(start, end);
	if (!name)
		return NULL;
	char *slash = strrchr(name, '/');
	if (!slash && start != url) /* a host alone */
		name[0] = '\0';
	else if (slash)
		memmove(name, slash + 1, strlen(slash + 1) + 1);
	if (percent_decode(name) || !name[0] || strchr(name, '/') || name[0] == '.') {
		free(name);
		return strdup("download");
	}
	return name;
}

const char *
url_show(const char *url, char *buf, size_t n)
{
	const char *host = strstr(url, "://");
	const char *path, *at = NULL;
	size_t shown;

	host = host ? host + 3 : url;
	path = host + strcspn(host, "/?#");
	for (const char *p = host; p < path; p++)
		if (*p == '@')
			at = p;
	shown = strcspn(host, "?"); /* a query may carry a token */
	if (at && at < host + shown)
		snprintf(buf, n, "%.*s***%.*s", (int)(host - url), url,
			(int)(host + shown - at), at);
	else
		snprintf(buf, n, "%.*s", (int)(host - url + (ptrdiff_t)shown), url);
	return buf;
}

int
name_is_archive(const char *name)
{
	static const char *const ends[] = {".tar", ".gz", ".tgz", ".xz", ".txz", ".bz2",
		".tbz2", ".zst", ".lz", ".lz4", ".lzma", ".zip", ".cpio"};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t e = strlen(ends[i]);
		if (n > e && !strcasecmp(name + n - e, ends[i]))
			return 1;
	}
	return 0;
}
