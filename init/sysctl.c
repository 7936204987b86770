/* SPDX-License-Identifier: GPL-3.0-only */
#include "sysctl.h"

#include <string.h>

#include "file.h"
#include "line.h"

int
sysctl_set(const char *pair)
{
	size_t name = (size_t)(strchr(pair, '=') - pair);
	int slashes = memchr(pair, '/', name) != NULL;
	struct line path;

	line_clear(&path);
	line_str(&path, "/proc/sys/");
	for (size_t i = 0; i < name; i++)
		line_byte(&path, pair[i] == '.' && !slashes ? '/' : pair[i]);
	return file_write(path.text, pair + name + 1, strlen(pair + name + 1), 0);
}
