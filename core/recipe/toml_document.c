/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A whole recipe as TOML: plain keys first, then a header for each table. Texts of
 * several lines stay so, and a long array gets a line for each item.
 */
#include "recipe/toml_document.h"

#include "base/mem.h"
#include "recipe/toml_write.h"

#define LINE 90

/* "\"\"\"" and lines as they are; only what ends the text early is escaped. */
static void
write_lines(struct str *out, const struct value *v)
{
	str_add(out, "\"\"\"\n");
	for (size_t i = 0; i < v->string.len; i++) {
		char c = v->string.s[i];

		if (c == '\\' || c == '"')
			str_addc(out, '\\');
		str_addc(out, c);
	}
	str_add(out, "\"\"\"");
}

static bool
is_plain_lines(const struct value *v)
{
	bool lines = false;

	if (v->kind != VALUE_STRING)
		return false;
	for (size_t i = 0; i < v->string.len; i++) {
		unsigned char c = (unsigned char)v->string.s[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return false;
		lines = lines || c == '\n';
	}
	return lines;
}

static void
write_pair(struct str *out, const char *key, const struct value *v)
{
	size_t from = out->len;

	toml_write_key(out, key);
	str_add(out, " = ");
	if (is_plain_lines(v))
		write_lines(out, v);
	else
		toml_write_value(out, v);
	if (v->kind == VALUE_ARRAY && out->len - from > LINE) {
		out->len = from;
		out->p[from] = '\0';
		toml_write_key(out, key);
		str_add(out, " = [\n");
		for (size_t i = 0; i < v->array.len; i++) {
			str_addc(out, '\t');
			toml_write_value(out, v->array.v[i]);
			str_add(out, ",\n");
		}
		str_addc(out, ']');
	}
	str_addc(out, '\n');
}

/* A table that holds tables alone has no header, so what is said of it stands above
   that of the first of them: above collects it on the way there. */
static void
write_table(struct str *out, const struct value *table, const char *path,
	struct notes *notes, struct str *above)
{
	bool keys = !table->table.len;

	for (size_t i = 0; i < table->table.len; i++)
		keys = keys || ((struct value *)table->table.items[i].value)->kind != VALUE_TABLE;
	if (*path)
		notes_take(notes, table->key_pos.line, 0, above);
	if (*path && keys) {
		if (out->len)
			str_addc(out, '\n');
		str_add(out, str_text(above));
		str_reset(above);
		str_addf(out, "[%s]\n", path);
	}
	for (size_t i = 0; i < table->table.len; i++) {
		const struct value *v = table->table.items[i].value;

		if (v->kind == VALUE_TABLE)
			continue;
		notes_take(notes, v->key_pos.line, 0, out);
		write_pair(out, table->table.items[i].key, v);
	}
	for (size_t i = 0; i < table->table.len; i++) {
		cleanup_str struct str inner = STR_INIT;
		const struct value *v = table->table.items[i].value;

		if (v->kind != VALUE_TABLE)
			continue;
		str_addf(&inner, "%s%s", path, *path ? "." : "");
		toml_write_key(&inner, table->table.items[i].key);
		write_table(out, v, str_text(&inner), notes, above);
	}
}

void
toml_write_document(struct str *out, const struct value *root, struct notes *notes)
{
	cleanup_str struct str above = STR_INIT;

	write_table(out, root, "", notes, &above);
	notes_take(notes, NOTES_END, 0, out);
}
