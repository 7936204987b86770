/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Comments of YAML are what no token covers: the scanner of libyaml says where its
 * tokens end, and a '#' in the rest of a line begins a comment.
 */
#include <string.h>
#include <yaml.h>

#include "base/mem.h"
#include "recipe/notes.h"

/* For each line (from 0) how many of its characters tokens take. */
struct cover {
	size_t *ends;
	size_t lines;
	size_t stop; /* the line of "..." */
};

#define ALL ((size_t)-1)

static void
cover_token(struct cover *c, const yaml_token_t *t)
{
	size_t first = t->start_mark.line, last = t->end_mark.line;

	if (t->type == YAML_DOCUMENT_END_TOKEN)
		c->stop = first;
	for (size_t i = first; i < last && i < c->lines; i++)
		c->ends[i] = ALL;
	if (last < c->lines && c->ends[last] != ALL && t->end_mark.column > c->ends[last])
		c->ends[last] = t->end_mark.column;
}

static void
cover_tokens(struct cover *c, const char *text, size_t len)
{
	yaml_parser_t p;
	bool more = true;

	if (!yaml_parser_initialize(&p))
		return;
	yaml_parser_set_input_string(&p, (const unsigned char *)text, len);
	while (more) {
		yaml_token_t t;

		if (!yaml_parser_scan(&p, &t))
			break;
		more = t.type != YAML_STREAM_END_TOKEN && t.type != YAML_NO_TOKEN;
		/* The first and last have no text of their own; block ends neither. */
		if (more && t.type != YAML_STREAM_START_TOKEN && t.type != YAML_BLOCK_END_TOKEN)
			cover_token(c, &t);
		yaml_token_delete(&t);
	}
	yaml_parser_delete(&p);
}

/* So many characters on, at most to end. */
static const char *
skip_characters(const char *s, const char *end, size_t n)
{
	for (; s < end && n; s++)
		n -= s + 1 == end || ((unsigned char)s[1] & 0xc0) != 0x80;
	return s;
}

void
notes_yaml(struct notes *n, const char *text, size_t len)
{
	cleanup_str struct str above = STR_INIT;
	cleanup_free size_t *ends = NULL;
	struct cover c = { NULL, 1, ALL };
	const char *s = text, *stop = text + len;

	for (size_t i = 0; i < len; i++)
		c.lines += text[i] == '\n';
	c.ends = ends = xcalloc(c.lines, sizeof(*ends));
	cover_tokens(&c, text, len);
	for (size_t i = 0; i < c.lines && s < stop; i++) {
		const char *end = memchr(s, '\n', (size_t)(stop - s)), *at, *next;

		next = end ? end + 1 : stop;
		end = end ? end : stop;
		while (end > s && (end[-1] == '\r' || end[-1] == ' '))
			end--;
		at = c.ends[i] == ALL ? end : skip_characters(s, end, c.ends[i]);
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (at < end && *at == '#')
			str_addf(&above, "%.*s\n", (int)(end - at), at);
		else if (!c.ends[i] && above.len)
			str_addc(&above, '\n');
		if (i < c.stop && c.ends[i])
			notes_add(n, (int)i + 1, &above);
		s = next;
	}
	notes_add(n, NOTES_END, &above);
}
