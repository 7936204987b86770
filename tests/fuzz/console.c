/* SPDX-License-Identifier: GPL-3.0-only */
/* What a guest prints: lines that are printable, the same in any pieces, and records whose
   text lies in their line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/vm/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	struct console console;
	uint64_t hash, lines;
};

static void
inside(const char *text, const char *line)
{
	if (text && (text < line || text >= line + CONSOLE_LINE_MAX))
		abort();
}

static void
on_line(void *owner, char *line)
{
	struct sum *s = owner;
	struct record r;

	s->lines++;
	for (const char *p = line; *p; p++) {
		if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f)
			abort();
		s->hash = (s->hash ^ (unsigned char)*p) * 1099511628211u;
	}
	if (strlen(line) >= CONSOLE_LINE_MAX)
		abort();
	console_last_words(line);
	if (!record_parse(line, &r))
		return;
	inside(r.type, line);
	inside(r.text, line);
	for (size_t i = 0; i < r.count; i++) {
		inside(r.field[i].name, line);
		inside(r.field[i].value, line);
		record_int(&r, r.field[i].name, 0);
	}
	if (!record_get(&r, "v"))
		abort();
}

static void
feed(struct sum *s, const uint8_t *data, size_t size, size_t piece)
{
	*s = (struct sum){ .console = { .on_line = on_line, .owner = s } };
	for (size_t at = 0; at < size; at += piece)
		console_feed(&s->console, (const char *)data + at,
			size - at < piece ? size - at : piece);
	console_flush(&s->console);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sum whole, pieces;

	feed(&whole, data, size, size ? size : 1);
	feed(&pieces, data, size, 3);
	if (whole.hash != pieces.hash || whole.lines != pieces.lines)
		abort();
	return 0;
}
