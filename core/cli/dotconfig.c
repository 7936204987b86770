/* SPDX-License-Identifier: GPL-3.0-only */
/* CONFIG_NAME=value, or "# CONFIG_NAME is not set"; all else is for people. */
#include "cli/dotconfig.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define PREFIX "CONFIG_"
#define NOT_SET " is not set"

static size_t
name_length(const char *s)
{
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}

static bool
take_line(struct map *to, const char *line)
{
	bool off = str_starts(line, "# " PREFIX);
	const char *name = line + (off ? 2 : 0) + strlen(PREFIX);
	cleanup_free char *key = NULL;
	size_t n;

	if (!off && !str_starts(line, PREFIX))
		return false;
	n = name_length(name);
	if (n == 0 || (off ? !streq(name + n, NOT_SET) : name[n] != '='))
		return false;
	key = xstrndup(name, n);
	free(map_put(to, key, xstrdup(off ? "n" : name + n + 1)));
	return true;
}

int
dotconfig_parse(struct map *to, const char *text, size_t len, struct err *err)
{
	size_t found = 0;

	if (memchr(text, '\0', len))
		return err_set(err, "it holds a NUL byte, so it is no .config");
	while (len) {
		const char *eol = memchr(text, '\n', len);
		size_t n = eol ? (size_t)(eol - text) : len;
		cleanup_free char *line = xstrndup(text, n);

		if (n && line[n - 1] == '\r')
			line[n - 1] = '\0';
		found += take_line(to, line);
		n += eol != NULL;
		text += n;
		len -= n;
	}
	return found ? 0 : err_set(err, "it has no line CONFIG_NAME=value, so it is no .config");
}
