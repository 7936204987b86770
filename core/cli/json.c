/* SPDX-License-Identifier: GPL-3.0-only */
/* See json.h. */
#include "cli/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "recipe/toml_scan.h"

json_t *
json_text(const char *s)
{
	cleanup_str struct str text = STR_INIT;
	json_t *plain;

	if (!s)
		return json_null();
	plain = json_string(s);
	if (plain)
		return plain;
	for (size_t n; *s; s += n ? n : 1) {
		n = utf8_length(s, strlen(s));
		if (n)
			str_addn(&text, s, n);
		else
			str_add(&text, "\xef\xbf\xbd");
	}
	return json_string(str_text(&text));
}

void
json_print(json_t *o)
{
	char *text = json_dumps(o, JSON_INDENT(2));

	if (text)
		puts(text);
	free(text);
	json_decref(o);
}
