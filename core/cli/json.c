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

bool
json_can_hold(const char *s)
{
	json_t *o = json_string(s);

	json_decref(o);
	return o != NULL;
}

/* Of this process, which is one command. */
static bool printed, failed;

static void
print(json_t *o, size_t flags)
{
	char *text = o ? json_dumps(o, flags) : NULL;

	if (text)
		puts(text);
	printed |= text != NULL;
	failed |= text == NULL;
	free(text);
	json_decref(o);
}

void
json_print(json_t *o)
{
	print(o, JSON_INDENT(2));
}

void
json_print_line(json_t *o)
{
	print(o, JSON_COMPACT);
	fflush(stdout);
}

bool
json_printed(void)
{
	return printed;
}

bool
json_failed(void)
{
	return failed;
}
