/* SPDX-License-Identifier: GPL-3.0-only */
/* .config, a line at a time: CONFIG_NAME=value, or "# CONFIG_NAME is not set". */
#include "dotconfig.h"

#include <stdlib.h>
#include <string.h>

/* The text without its quotes and the backslashes before quotes and backslashes. */
static char *
unquote(const char *value, size_t len)
{
	cleanup_text struct text out = { 0 };

	if (len < 2 || value[0] != '"' || value[len - 1] != '"')
		return xcopy_n(value, len);
	text_add(&out, "");
	for (size_t i = 1; i + 1 < len; i++) {
		i += value[i] == '\\' && i + 2 < len;
		text_add_n(&out, value + i, 1);
	}
	return xcopy(out.p);
}

/* The symbol that a line is about, or NULL; value and its length, NULL for "is not set". */
static struct symbol *
line_symbol(struct symbols *all, const char *line, size_t len, const char **value, size_t *size)
{
	static const char off[] = "# CONFIG_", on[] = "CONFIG_", unset[] = " is not set";
	const char *name, *end;

	*value = NULL;
	*size = 0;
	if (len > sizeof(off) + sizeof(unset) && strncmp(line, off, sizeof(off) - 1) == 0) {
		name = line + sizeof(off) - 1;
		end = line + len - (sizeof(unset) - 1);
		if (end <= name || strncmp(end, unset, sizeof(unset) - 1) != 0)
			return NULL;
		return symbol_get(all, name, (size_t)(end - name));
	}
	if (strncmp(line, on, sizeof(on) - 1) != 0)
		return NULL;
	name = line + sizeof(on) - 1;
	end = memchr(name, '=', len - (sizeof(on) - 1));
	if (!end)
		return NULL;
	*value = end + 1;
	*size = len - (size_t)(end + 1 - line);
	return symbol_get(all, name, (size_t)(end - name));
}

static void
forget_values(struct symbols *all)
{
	for (size_t i = 0; i < all->cap; i++) {
		struct symbol *sym = all->slots[i];

		if (sym) {
			free(sym->value);
			sym->value = NULL;
		}
	}
}

int
dotconfig_read(struct symbols *all, const char *path)
{
	cleanup_text struct text bytes = { 0 };

	if (file_read(path, &bytes) < 0)
		return -1;
	forget_values(all);
	for (const char *p = bytes.p; *p;) {
		size_t len = strcspn(p, "\n"), size;
		const char *value;
		struct symbol *sym = line_symbol(all, p, len, &value, &size);

		if (sym) {
			free(sym->value);
			sym->value = value ? unquote(value, size) : NULL;
		}
		p += len + (p[len] == '\n');
	}
	return 0;
}

static bool
looks_plain(const char *value)
{
	char *end;

	if (strcmp(value, "y") == 0 || strcmp(value, "m") == 0 || strcmp(value, "n") == 0)
		return true;
	strtoll(value, &end, 0);
	return *value && !*end;
}

void
dotconfig_format(const struct symbol *sym, const char *value, struct text *to)
{
	bool text = sym->type == SYMBOL_STRING ||
		(sym->type == SYMBOL_UNKNOWN && !looks_plain(value));

	if (!text && strcmp(value, "n") == 0) {
		text_addf(to, "# CONFIG_%s is not set\n", sym->name);
		return;
	}
	text_addf(to, text ? "CONFIG_%s=\"" : "CONFIG_%s=", sym->name);
	for (const char *p = value; *p; p++) {
		if (text && (*p == '"' || *p == '\\'))
			text_add(to, "\\");
		text_add_n(to, p, 1);
	}
	text_add(to, text ? "\"\n" : "\n");
}

/* Is another member of the symbol's choice asked to be the chosen one? */
static bool
is_outvoted(const struct symbols *all, const struct symbol *sym)
{
	const struct around *choice = symbol_choice(sym);

	for (size_t i = 0; choice && i < all->cap; i++) {
		const struct symbol *other = all->slots[i];

		if (other && other != sym && other->asked && strcmp(other->asked, "y") == 0 &&
		    symbol_choice(other) == choice)
			return true;
	}
	return false;
}

int
dotconfig_merge(struct symbols *all, const char *path, const char *requests)
{
	cleanup_text struct text bytes = { 0 }, merged = { 0 };

	if (file_read(path, &bytes) < 0)
		return -1;
	for (const char *p = bytes.p; *p;) {
		size_t len = strcspn(p, "\n"), size;
		const char *value;
		const struct symbol *sym = line_symbol(all, p, len, &value, &size);

		if (!sym || (!sym->asked && !is_outvoted(all, sym))) {
			text_add_n(&merged, p, len);
			text_add(&merged, "\n");
		}
		p += len + (p[len] == '\n');
	}
	text_add(&merged, requests);
	return file_write(path, merged.p, merged.len);
}
