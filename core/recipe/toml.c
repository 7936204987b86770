/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The grammar, by recursive descent over the text itself. It stops at the first
 * error, since what follows one slip in a document is mostly noise.
 */
#include "recipe/toml.h"

#include <string.h>

#include "base/text_file.h"
#include "recipe/toml_scan.h"
#include "recipe/toml_table.h"

struct toml {
	struct scan sc;
	unsigned section; /* headers so far */
	size_t depth;     /* of the table that keys go to, and of what is open in it */
};

static struct value *parse_value(struct toml *t);

static int
too_deep(struct toml *t, struct pos pos)
{
	if (t->depth <= TOML_DEPTH)
		return 0;
	return diag_error(t->sc.diags, pos, "more than %d levels of tables and arrays",
		TOML_DEPTH);
}

/* ---- Values ---------------------------------------------------------- */

static struct value *
parse_string(struct toml *t)
{
	struct pos pos = scan_pos(&t->sc);
	cleanup_str struct str text = STR_INIT;

	if (scan_string(&t->sc, &text) < 0)
		return NULL;
	return value_string(str_text(&text), text.len, pos);
}

/* At the end of an array's item: 1 if more may follow, 0 at the end, -1 if wrong. */
static int
array_goes_on(struct toml *t, const struct value *array)
{
	scan_blank(&t->sc);
	if (scan_take(&t->sc, ','))
		scan_blank(&t->sc);
	else if (scan_peek(&t->sc) != ']' && scan_peek(&t->sc)) {
		scan_wants(&t->sc, "',' or ']'");
		diag_hint(t->sc.diags, "the array begins at line %d", array->pos.line);
		return -1;
	}
	if (!scan_peek(&t->sc))
		return diag_error(t->sc.diags, array->pos, "this array is not closed");
	return !scan_take(&t->sc, ']');
}

static struct value *
parse_array(struct toml *t)
{
	cleanup_value struct value *array = value_new(VALUE_ARRAY, scan_pos(&t->sc));
	int more = 1;

	t->sc.s++;
	scan_blank(&t->sc);
	if (!scan_peek(&t->sc))
		more = diag_error(t->sc.diags, array->pos, "this array is not closed");
	else if (scan_take(&t->sc, ']'))
		more = 0;
	while (more > 0) {
		struct value *item = parse_value(t);

		if (!item)
			return NULL;
		value_push(array, item);
		more = array_goes_on(t, array);
	}
	if (more < 0)
		return NULL;
	table_seal(array);
	return take(array);
}

static int
parse_pair(struct toml *t, struct value *table)
{
	cleanup_key struct key k = KEY_INIT;
	struct key_part *last;
	struct value *v;
	int result;

	if (key_scan(&k, &t->sc) < 0)
		return -1;
	last = &k.parts.v[k.parts.len - 1];
	t->depth += k.parts.len - 1;
	if (too_deep(t, last->pos) < 0)
		return -1;
	if (!scan_take(&t->sc, '='))
		return scan_wants(&t->sc, "'='");
	scan_space(&t->sc);
	table = table_for_key(table, &k, t->section, t->sc.diags);
	v = table ? parse_value(t) : NULL;
	result = v ? 0 : -1;
	if (v) {
		v->key_pos = last->pos;
		value_put(table, last->name, v);
	}
	t->depth -= k.parts.len - 1;
	return result;
}

static int
wrong_brace(struct toml *t)
{
	if (scan_at_eol(&t->sc) || scan_peek(&t->sc) == '#') {
		diag_error(t->sc.diags, scan_pos(&t->sc), "a table in braces stays on one line");
		diag_hint(t->sc.diags, "a longer one is written as [table]");
		return -1;
	}
	return scan_wants(&t->sc, "',' or '}'");
}

static struct value *
parse_braces(struct toml *t)
{
	cleanup_value struct value *table = value_new(VALUE_TABLE, scan_pos(&t->sc));

	t->sc.s++;
	scan_space(&t->sc);
	if (scan_take(&t->sc, '}')) {
		table_seal(table);
		return take(table);
	}
	do {
		scan_space(&t->sc);
		if (scan_at_eol(&t->sc) || scan_peek(&t->sc) == '#') {
			wrong_brace(t);
			return NULL;
		}
		if (parse_pair(t, table) < 0)
			return NULL;
		scan_space(&t->sc);
	} while (scan_take(&t->sc, ','));
	if (!scan_take(&t->sc, '}')) {
		wrong_brace(t);
		return NULL;
	}
	table_seal(table);
	return take(table);
}

static struct value *
parse_value(struct toml *t)
{
	struct value *v;
	char c = scan_peek(&t->sc);

	if (c == '"' || c == '\'')
		return parse_string(t);
	if (c != '[' && c != '{')
		return scan_scalar(&t->sc);
	t->depth++;
	if (too_deep(t, scan_pos(&t->sc)) < 0)
		return NULL;
	v = c == '[' ? parse_array(t) : parse_braces(t);
	t->depth--;
	return v;
}

/* ---- The document ---------------------------------------------------- */

static struct value *
parse_header(struct toml *t, struct value *root)
{
	cleanup_key struct key k = KEY_INIT;
	bool many;

	t->sc.s++;
	many = scan_take(&t->sc, '[');
	if (key_scan(&k, &t->sc) < 0)
		return NULL;
	t->depth = k.parts.len;
	t->section++;
	if (too_deep(t, k.parts.v[0].pos) < 0)
		return NULL;
	if (!scan_take(&t->sc, ']') || (many && !scan_take(&t->sc, ']'))) {
		scan_wants(&t->sc, many ? "']]'" : "']'");
		return NULL;
	}
	return table_for_header(root, &k, many, t->sc.diags);
}

/* One header or pair a line. table is what keys go to. */
static int
parse_line(struct toml *t, struct value *root, struct value **table)
{
	if (scan_peek(&t->sc) == '[') {
		*table = parse_header(t, root);
		if (!*table)
			return -1;
	} else if (parse_pair(t, *table) < 0) {
		return -1;
	}
	scan_space(&t->sc);
	scan_comment(&t->sc);
	return scan_at_eol(&t->sc) ? 0 : scan_wants(&t->sc, "the end of the line");
}

static int
open_text(struct toml *t, const char *file, const char *text, size_t len,
	struct diags *diags)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct pos whole = POS_NONE;

	if (len >= 3 && memcmp(text, bom, 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (len > TOML_SIZE) {
		whole.file = diags_source(diags, file, NULL, 0);
		return diag_error(diags, whole,
			"larger than %d MiB; that is no recipe", TOML_SIZE >> 20);
	}
	whole.file = diags_source(diags, file, text, len);
	return scan_open(&t->sc, whole.file, text, len, diags);
}

struct value *
toml_parse(const char *file, const char *text, size_t len, struct diags *diags)
{
	cleanup_value struct value *root = NULL;
	struct value *table;
	struct toml t = { 0 };

	if (open_text(&t, file, text, len, diags) < 0)
		return NULL;
	table = root = value_new(VALUE_TABLE, scan_pos(&t.sc));
	for (scan_blank(&t.sc); t.sc.s < t.sc.end; scan_blank(&t.sc))
		if (parse_line(&t, root, &table) < 0)
			return NULL;
	return take(root);
}

struct value *
toml_parse_value(const char *text, size_t len, struct diags *diags)
{
	cleanup_value struct value *v = NULL;
	struct toml t = { 0 };

	if (open_text(&t, NULL, text, len, diags) < 0)
		return NULL;
	scan_space(&t.sc);
	v = parse_value(&t);
	scan_space(&t.sc);
	if (v && t.sc.s < t.sc.end) {
		scan_wants(&t.sc, "the end");
		return NULL;
	}
	return take(v);
}

struct value *
toml_parse_file(const char *path, struct diags *diags)
{
	const char *name = streq(path, "-") ? "standard input" : path;
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	if (text_file_read(path, TOML_SIZE + 4, &text, &err) < 0) {
		diag_file(diags, name, &err);
		return NULL;
	}
	return toml_parse(name, str_text(&text), text.len, diags);
}
