/* SPDX-License-Identifier: GPL-3.0-only */
/* The plugins that test recipes are lowered against: catalog.txt beside them. */
#ifndef TESTS_TOOLS_CATALOG_H
#define TESTS_TOOLS_CATALOG_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/str.h"
#include "catalog/catalog.h"

static inline void
catalog_read(struct catalog *catalog, const char *data_dir)
{
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *path = path_join(data_dir, "catalog.txt");
	cleanup_str struct str text = STR_INIT;
	const char *s, *end;

	if (fs_read(path, 1 << 20, &text, &err) < 0)
		goto fail;
	for (s = text.p; *s; s = *end ? end + 2 : end) {
		cleanup_record struct record r = RECORD_INIT;
		struct plugin_info *p = NULL;

		end = strstr(s, "\n\n");
		end = end ? end : s + strlen(s);
		if (record_parse(&r, s, (size_t)(end - s) + (*end == '\n'), &err) == 0)
			p = plugin_info_read(&r, &err);
		if (!p)
			goto fail;
		vec_push(&catalog->plugins, p);
	}
	return;
fail:
	printf("Bail out! %s\n", err_msg(&err));
	exit(1);
}

#endif
