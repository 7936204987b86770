/* SPDX-License-Identifier: GPL-3.0-only */
/* See vm_lines.h. */
#include "cli/vm_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "vm/history.h"

enum { LINE_MAX = 65536 };

/* "[    1.234567] ", as printk says it. */
static void
add_kernel_time(json_t *o, const char *line)
{
	double s;
	int n = 0;

	if (sscanf(line, "[%lf]%n", &s, &n) == 1 && n > 0 && s >= 0)
		json_object_set_new(o, "kernel_s", json_real(s));
}

static void
add_line(struct vm_lines *l, struct str *out)
{
	json_t *o = json_object();
	char *text;

	while (l->line.len && l->line.p[l->line.len - 1] == '\r')
		l->line.p[--l->line.len] = '\0';
	json_object_set_new(o, "line", json_text(str_text(&l->line)));
	add_kernel_time(o, str_text(&l->line));
	if (l->now)
		json_object_set_new(o, "time", history_time());
	text = json_dumps(o, JSON_COMPACT);
	if (text)
		str_addf(out, "%s\n", text);
	free(text);
	json_decref(o);
	str_reset(&l->line);
}

/* A line of any length would be kept as a whole: a longer one is told of in parts. */
void
vm_lines_feed(struct vm_lines *l, const char *bytes, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n' || l->line.len >= LINE_MAX)
			add_line(l, out);
		if (bytes[i] && bytes[i] != '\n')
			str_addc(&l->line, bytes[i]);
	}
}

void
vm_lines_end(struct vm_lines *l, struct str *out)
{
	if (l->line.len)
		add_line(l, out);
	str_release(&l->line);
}
