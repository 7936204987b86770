/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The case is a line of choices and a recipe, in YAML if the line begins with Y. Some key of the recipe, or a new one, is
 * set or removed. Where the way to it leads through tables alone that must work; the
 * new text reads as the old tree with that one change, and every comment is still there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "recipe/edit.h"
#include "recipe/toml.h"
#include "recipe/toml_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct choices {
	const uint8_t *data;
	size_t len, at;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static unsigned
choose(struct choices *c)
{
	return c->at < c->len ? c->data[c->at++] : 0;
}

/* Down the tree, perhaps to a key that is not there. False: through no table. */
static bool
choose_keys(struct choices *c, const struct value *v, const char **keys, size_t *n)
{
	static const char *const fresh[] = { "new", "a b", "a", "k", "" };

	for (*n = 0; *n < 6;) {
		unsigned pick = choose(c);

		if (v && v->kind != VALUE_TABLE) {
			keys[(*n)++] = fresh[0];
			return false;
		}
		if (v && v->table.len && pick < 192) {
			const struct map_item *item = &v->table.items[pick % v->table.len];

			keys[(*n)++] = item->key;
			v = item->value;
		} else {
			keys[*n] = fresh[pick % ARRAY_LEN(fresh)];
			v = value_get(v, keys[(*n)++]);
		}
		if (choose(c) < 128)
			return true;
	}
	return true;
}

static struct value *
choose_value(struct choices *c)
{
	static const char *const texts[] = { "1", "\"y\"", "[1, 'a']", "{}", "{ a = 1 }",
		"{ a = { b = \"\\n#\" }, 'c d' = [{}] }", "true", "1.5" };
	const char *text = texts[choose(c) % ARRAY_LEN(texts)];
	cleanup_diags struct diags ignored = DIAGS_INIT;

	return toml_parse_value(text, strlen(text), &ignored);
}

static size_t
count_comments(const char *text, size_t len)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	size_t n = 0;

	if (layout_open(&l, text, len) < 0)
		return 0;
	for (size_t i = 0; i < l.items.len; i++)
		n += l.items.v[i].kind == LAYOUT_COMMENT;
	return n;
}

static bool
is_deep(const struct value *v, size_t left)
{
	size_t n = v->kind == VALUE_TABLE ? v->table.len
		: v->kind == VALUE_ARRAY ? v->array.len : 0;

	for (size_t i = 0; i < n; i++)
		if (!left || is_deep(v->kind == VALUE_TABLE ? v->table.items[i].value
						: v->array.v[i], left - 1))
			return true;
	return false;
}

static const struct value *
at(const struct value *v, const char *const *keys, size_t n)
{
	for (size_t i = 0; v && i < n; i++)
		v = value_get(v, keys[i]);
	return v;
}

static void
one_edit(struct choices *c, struct edit *e, bool yaml)
{
	const char *keys[6];
	cleanup_err struct err err = ERR_INIT;
	cleanup_value struct value *v = NULL, *before = value_copy(e->root);
	cleanup_free char *text = xstrndup(edit_text(e), e->text.len);
	bool set = choose(c) % 4, way;
	size_t n, comments = count_comments(text, e->text.len);
	int result;

	way = choose_keys(c, before, keys, &n);
	v = choose_value(c);
	result = set ? edit_set(e, keys, n, v, &err) : edit_remove(e, keys, n, &err);
	if (result < 0) {
		/* What has a name in YAML cannot be changed. */
		must((yaml || !way) && strcmp(text, edit_text(e)) == 0 && err.msg);
		return;
	}
	must(way && (yaml || count_comments(edit_text(e), e->text.len) == comments));
	must(set ? at(e->root, keys, n) && value_equal(at(e->root, keys, n), v)
		 : !at(e->root, keys, n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	struct choices c = { data, newline ? (size_t)(newline - data) : 0, 0 };
	cleanup_edit struct edit e = EDIT_INIT;
	cleanup_err struct err err = ERR_INIT;
	bool yaml = size && *data == 'Y';

	c.at = yaml;
	if (!newline)
		return 0;
	if (edit_open(&e, yaml ? "r.yaml" : "r.toml", (const char *)newline + 1, size - c.len - 1, &err) < 0)
		return 0;
	/* Whoever is at the limit already cannot add a table in braces. */
	if (is_deep(e.root, TOML_DEPTH / 2))
		return 0;
	for (int i = 0; i < 4 && (i == 0 || c.at < c.len); i++)
		one_edit(&c, &e, yaml);
	return 0;
}
