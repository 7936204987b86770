/* SPDX-License-Identifier: GPL-3.0-only */
/* Paths as text, so that they can be reasoned about before anything exists. */
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

char *
path_join(const char *a, const char *b)
{
	if (*b == '/' || !*a)
		return xstrdup(b);
	return xasprintf("%s%s%s", a, str_ends(a, "/") ? "" : "/", b);
}

char *
path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Adds one part to an absolute path that has no trailing slash. */
static void
fold(struct str *out, const char *part, size_t n)
{
	if (n == 0 || (n == 1 && part[0] == '.'))
		return;
	if (n == 2 && memcmp(part, "..", 2) == 0) {
		char *slash = out->p ? strrchr(out->p, '/') : NULL;

		if (slash) {
			out->len = (size_t)(slash - out->p);
			*slash = '\0';
		}
		return;
	}
	str_addc(out, '/');
	str_addn(out, part, n);
}

char *
path_absolute(const char *path)
{
	cleanup_free char *cwd = *path == '/' ? NULL : getcwd(NULL, 0);
	cleanup_free char *full = cwd ? path_join(cwd, path) : xstrdup(path);
	struct str out = STR_INIT;

	for (const char *s = full; *s;) {
		size_t n = strcspn(s, "/");

		fold(&out, s, n);
		s += n + (s[n] == '/');
	}
	if (!out.len) {
		str_reset(&out);
		str_addc(&out, '/');
	}
	return str_take(&out);
}

bool
path_is_clean(const char *path)
{
	if (!*path || *path == '/')
		return false;
	for (const char *s = path;; s++) {
		size_t n = strcspn(s, "/");

		if (n == 0 || (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.'))
			return false;
		s += n;
		if (!*s)
			return true;
	}
}

bool
path_is_inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (strncmp(path, dir, n) != 0)
		return false;
	return !path[n] || path[n] == '/' || streq(dir, "/");
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
		: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

char *
path_of_url(const char *url)
{
	static const char scheme[] = "file://", host[] = "localhost/";
	struct str path = STR_INIT;

	if (strncasecmp(url, scheme, strlen(scheme)) != 0)
		return NULL;
	url += strlen(scheme);
	if (strncasecmp(url, host, strlen(host)) == 0)
		url += strlen(host) - 1;
	for (; *url; url++) {
		int high = *url == '%' ? hex_digit(url[1]) : -1;
		int low = high >= 0 ? hex_digit(url[2]) : -1;

		str_addc(&path, low >= 0 ? (char)(high << 4 | low) : *url);
		url += low >= 0 ? 2 : 0;
	}
	return str_take(&path);
}
