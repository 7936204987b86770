/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe in YAML is refused with one report that has a place, or becomes a tree; the
 * tree written in another form (everything in braces, keys and texts escaped) and read
 * again is the same tree.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "recipe/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_value(struct str *out, const struct value *v);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* The first character of s; what the reader lets through is UTF-8. */
static unsigned long
character(const char *s, size_t *len)
{
	unsigned char c = (unsigned char)*s;
	unsigned long u = c < 0x80 ? c : c < 0xe0 ? c & 0x1f : c < 0xf0 ? c & 0xf : c & 7;

	*len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < *len; i++)
		u = u << 6 | ((unsigned char)s[i] & 0x3f);
	return u;
}

static void
write_string(struct str *out, const char *s, size_t n)
{
	size_t len;

	str_addc(out, '"');
	for (size_t i = 0; i < n; i += len)
		str_addf(out, "\\U%08lX", character(s + i, &len));
	str_addc(out, '"');
}

static void
write_real(struct str *out, double d)
{
	cleanup_str struct str digits = STR_INIT;

	if (isnan(d) || isinf(d)) {
		str_add(out, isnan(d) ? ".nan" : d < 0 ? "-.inf" : ".inf");
		return;
	}
	str_addf(&digits, "%.17g", d);
	str_addf(out, "%s%s", digits.p, strpbrk(digits.p, ".e") ? "" : ".0");
}

static void
write_many(struct str *out, const struct value *v)
{
	bool table = v->kind == VALUE_TABLE;
	size_t n = table ? v->table.len : v->array.len;

	str_addc(out, table ? '{' : '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addc(out, ',');
		if (table) {
			const struct map_item *item = &v->table.items[i];

			str_add(out, "? ");
			write_string(out, item->key, strlen(item->key));
			str_add(out, " : ");
			write_value(out, item->value);
		} else {
			write_value(out, v->array.v[i]);
		}
	}
	str_addc(out, table ? '}' : ']');
}

static void
write_value(struct str *out, const struct value *v)
{
	must(v->kind != VALUE_DATETIME);
	if (v->kind == VALUE_STRING) {
		must(v->string.s[v->string.len] == '\0');
		write_string(out, v->string.s, v->string.len);
	} else if (v->kind == VALUE_INT) {
		str_addf(out, "%" PRId64, v->integer);
	} else if (v->kind == VALUE_FLOAT) {
		write_real(out, v->real);
	} else if (v->kind == VALUE_BOOL) {
		str_add(out, v->boolean ? "true" : "false");
	} else {
		write_many(out, v);
	}
}

/* Depth of the tree; every place must be in a text of so many lines. */
static size_t
walk(const struct value *v, int lines)
{
	size_t deepest = 0, n = v->kind == VALUE_TABLE ? v->table.len
		: v->kind == VALUE_ARRAY ? v->array.len : 0;

	must(v->pos.line >= 1 && v->pos.line <= lines && v->pos.column >= 1);
	for (size_t i = 0; i < n; i++) {
		const struct value *item = v->kind == VALUE_TABLE
			? v->table.items[i].value : v->array.v[i];
		size_t d = walk(item, lines);

		must(v->kind == VALUE_ARRAY || item->key_pos.line >= 1);
		deepest = d > deepest ? d : deepest;
	}
	return n || v->kind == VALUE_TABLE || v->kind == VALUE_ARRAY ? deepest + 1 : 0;
}

static void
read_again(const struct value *root)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_str struct str first = STR_INIT, second = STR_INIT;
	cleanup_value struct value *again = NULL;

	write_value(&first, root);
	again = yaml_parse("again", first.p, first.len, &diags);
	must(again != NULL);
	write_value(&second, again);
	must(strcmp(first.p, second.p) == 0 && first.len == second.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_value struct value *root =
		yaml_parse("fuzz", (const char *)data, size, &diags);
	cleanup_free char *report = diags_text(&diags);
	int lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	must((root == NULL) == diags_failed(&diags));
	must(diags.list.len == (root ? 0u : 1u));
	if (!root) {
		must(diags.list.v[0].pos.line >= 1 && diags.list.v[0].pos.line <= lines);
		must(str_starts(report, "fuzz:") && str_ends(report, "\n"));
		return 0;
	}
	must(root->kind == VALUE_TABLE);
	must(walk(root, lines) <= YAML_DEPTH);
	read_again(root);
	return 0;
}
