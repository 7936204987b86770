/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * YAML has many ways to write one value; these are the few that every reader takes the
 * same way: plain texts only where no reader could see something else in them.
 */
#include "recipe/yaml_document.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "recipe/toml_write.h"

#define LINE 90
#define INDENT 2

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char inner[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_/.+-@";

/* Words that one version of YAML or another takes for something else. */
static bool
is_special(const char *s)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on", "off", "y",
		"n", "null", "nan", "inf" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

static bool
is_plain(const char *s, size_t len)
{
	return len && len == strlen(s) && (strchr(letters, *s) || *s == '/') &&
		!s[strspn(s, inner)] && !is_special(s);
}

static void
write_quoted(struct str *out, const char *s, size_t len, bool key)
{
	str_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n')
			str_add(out, "\\n");
		else if (c == '\t')
			str_add(out, "\\t");
		else if (c == '"' || c == '\\')
			str_addf(out, "\\%c", c);
		else if (key && c == 0xc0 && i + 1 < len && ++i)
			str_add(out, "\\0");
		else if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\x%02X", c);
		/* U+0080 to U+009F, the line ends U+2028 and U+2029, U+FEFF. */
		else if (c == 0xc2 && (unsigned char)s[i + 1] < 0xa0)
			str_addf(out, "\\x%02X", (unsigned char)s[++i]);
		else if (strncmp(s + i, "\xe2\x80\xa8", 3) == 0 ||
			strncmp(s + i, "\xe2\x80\xa9", 3) == 0)
			i += 2, str_addf(out, "\\u20%02X", (unsigned char)s[i] - 0x80);
		else if (strncmp(s + i, "\xef\xbb\xbf", 3) == 0)
			i += 2, str_add(out, "\\uFEFF");
		else
			str_addc(out, s[i]);
	}
	str_addc(out, '"');
}

static void
write_text(struct str *out, const char *s, size_t len, bool key)
{
	if (is_plain(s, len))
		str_add(out, s);
	else
		write_quoted(out, s, len, key);
}

/* Lines of printable ASCII that neither begin nor end with a blank. */
static bool
fits_block(const struct value *v)
{
	const char *s = v->string.s;
	size_t len = v->string.len;

	if (v->kind != VALUE_STRING || len < 2 || !memchr(s, '\n', len - 1) ||
		strchr(" \n", *s) || (s[len - 1] == '\n' && s[len - 2] == '\n'))
		return false;
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)s[i] < 0x20 && s[i] != '\n') || (unsigned char)s[i] > 0x7e ||
			(s[i] == ' ' && (i + 1 == len || s[i + 1] == '\n')))
			return false;
	return true;
}

static void
write_block(struct str *out, const struct value *v, int indent)
{
	str_add(out, v->string.s[v->string.len - 1] == '\n' ? "|\n" : "|-\n");
	for (const char *s = v->string.s; *s;) {
		size_t len = strcspn(s, "\n");

		str_addf(out, "%*s%.*s\n", len ? indent : 0, "", (int)len, s);
		s += len + (s[len] == '\n');
	}
}

void
yaml_write_value(struct str *out, const struct value *v)
{
	size_t n = v->kind == VALUE_TABLE ? v->table.len : v->array.len;

	switch (v->kind) {
	case VALUE_STRING:
	case VALUE_DATETIME:
		write_text(out, v->string.s, v->string.len, false);
		return;
	case VALUE_FLOAT:
		if (v->real != v->real || v->real - v->real != 0) {
			str_add(out, v->real != v->real ? ".nan" : v->real < 0 ? "-.inf" : ".inf");
			return;
		}
		toml_write_value(out, v);
		return;
	case VALUE_INT:
	case VALUE_BOOL:
		toml_write_value(out, v);
		return;
	case VALUE_ARRAY:
	case VALUE_TABLE:
		break;
	}
	str_addc(out, v->kind == VALUE_TABLE ? '{' : '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_add(out, ", ");
		if (v->kind == VALUE_TABLE) {
			const char *key = v->table.items[i].key;

			write_text(out, key, strlen(key), true);
			str_add(out, ": ");
			yaml_write_value(out, v->table.items[i].value);
		} else {
			yaml_write_value(out, v->array.v[i]);
		}
	}
	str_addc(out, v->kind == VALUE_TABLE ? '}' : ']');
}

/* After "KEY:", to the end of the line. */
static void
write_value(struct str *out, const struct value *v, int indent)
{
	size_t from = out->len;

	str_addc(out, ' ');
	if (fits_block(v)) {
		write_block(out, v, indent + INDENT);
		return;
	}
	yaml_write_value(out, v);
	if (v->kind == VALUE_ARRAY && out->len - from > LINE) {
		out->len = from;
		out->p[from] = '\0';
		for (size_t i = 0; i < v->array.len; i++) {
			str_addf(out, "\n%*s- ", indent + INDENT, "");
			yaml_write_value(out, v->array.v[i]);
		}
	}
	str_addc(out, '\n');
}

static void
write_table(struct str *out, const struct value *table, int indent, struct notes *notes)
{
	for (size_t i = 0; i < table->table.len; i++) {
		const char *key = table->table.items[i].key;
		const struct value *v = table->table.items[i].value;

		/* What was a section of its own stays apart. */
		if (!indent && i && v->kind == VALUE_TABLE)
			str_addc(out, '\n');
		notes_take(notes, v->key_pos.line, indent, out);
		str_addf(out, "%*s", indent, "");
		write_text(out, key, strlen(key), true);
		str_addc(out, ':');
		if (v->kind != VALUE_TABLE || !v->table.len) {
			write_value(out, v, indent);
			continue;
		}
		str_addc(out, '\n');
		write_table(out, v, indent + INDENT, notes);
	}
}

void
yaml_write_pairs(struct str *out, const struct value *table, int indent)
{
	write_table(out, table, indent, NULL);
}

void
yaml_write_document(struct str *out, const struct value *root, struct notes *notes)
{
	if (!root->table.len)
		str_add(out, "{}\n");
	write_table(out, root, 0, notes);
	notes_take(notes, NOTES_END, 0, out);
}
