/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations, computed by the kernel's own functions exactly as the stage makes
 * them: requests over a base by what "olddefconfig" does, or requests alone by what
 * "allnoconfig" does with KCONFIG_ALLCONFIG.
 */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>
#ifdef ORACLE_CHOICE_ORDER
#include <list.h>
#endif

#define SCRATCH ".oracle.config"

void state_all_off(void); /* main.c */

static bool
looks_plain(const char *value)
{
	char *end;

	if (strcmp(value, "y") == 0 || strcmp(value, "m") == 0 || strcmp(value, "n") == 0)
		return true;
	strtoll(value, &end, 0);
	return *value && !*end;
}

static void
line_add(const struct wish *w, struct out *o)
{
	const struct symbol *sym = tree_find(w->name);
	bool text = sym ? sym->type == S_STRING : !looks_plain(w->value);

	if (!text && strcmp(w->value, "n") == 0) {
		out_addf(o, "# CONFIG_%s is not set\n", w->name);
		return;
	}
	out_addf(o, text ? "CONFIG_%s=\"" : "CONFIG_%s=", w->name);
	for (const char *p = w->value; *p; p++)
		out_addf(o, text && (*p == '"' || *p == '\\') ? "\\%c" : "%c", *p);
	out_add(o, text ? "\"\n" : "\n");
}

/* The option's name that a line of .config is about, in place; NULL: none. */
static char *
line_name(char *line)
{
	static const char off[] = "# CONFIG_", on[] = "CONFIG_";
	char *name = strncmp(line, on, sizeof(on) - 1) == 0 ? line + sizeof(on) - 1 :
		strncmp(line, off, sizeof(off) - 1) == 0 ? line + sizeof(off) - 1 : NULL;

	if (name)
		name[strcspn(name, "= ")] = '\0';
	return name;
}

/* Is another member of its choice asked to be the chosen one? */
static bool
is_outvoted(const struct wishes *w, const char *name)
{
	struct symbol *sym = tree_find(name);
	struct menu *choice = sym ? tree_choice(sym) : NULL;

	for (size_t i = 0; choice && i < w->len; i++) {
		struct symbol *other = tree_find(w->v[i].name);

		if (other && other != sym && !w->v[i].dropped &&
		    strcmp(w->v[i].value, "y") == 0 && tree_choice(other) == choice)
			return true;
	}
	return false;
}

static bool
is_asked(const struct wishes *w, const char *name)
{
	const struct wish *wish = wish_find(w, name);

	return wish && !wish->dropped;
}

static void
base_add(const char *base, const struct wishes *w, struct out *o)
{
	while (*base) {
		size_t len = strcspn(base, "\n");
		char *line = strndup(base, len);
		char *whole = need_copy(line);
		const char *name = line_name(line);

		if (!name || (!is_asked(w, name) && !is_outvoted(w, name)))
			out_addf(o, "%s\n", whole);
		free(line);
		free(whole);
		base += len + (base[len] == '\n');
	}
}

void
state_text(const struct question *q, const struct wishes *w, struct out *o)
{
	out_add(o, "");
	if (!q->off)
		base_add(q->base, w, o);
	for (size_t i = 0; i < w->len; i++) {
		if (!w->v[i].dropped)
			line_add(&w->v[i], o);
	}
}

/* What reading one configuration leaves behind must not colour the next. */
static void
state_reset(void)
{
	struct symbol *sym;

	for (size_t i = 0; (sym = tree_symbol(i)); i++) {
#ifdef SYMBOL_NEED_SET_CHOICE_VALUES
		struct menu *choice = tree_choice(sym);

		sym->flags &= ~SYMBOL_NEED_SET_CHOICE_VALUES;
		if (choice)
			choice->sym->flags &= ~SYMBOL_NEED_SET_CHOICE_VALUES;
#endif
	}
#ifdef ORACLE_CHOICE_ORDER
	/* Members in the order of the menu, as after parsing. */
	for (size_t i = 0; (sym = tree_symbol(i)); i++) {
		struct menu *choice = tree_choice(sym);

		for (struct menu *m = choice ? choice->list : NULL; m; m = m->next) {
			if (m->sym && sym_is_choice_value(m->sym) &&
			    tree_choice(m->sym) == choice)
				list_move_tail(&m->sym->choice_link, &choice->choice_members);
		}
	}
#endif
}

static void
scratch_write(const struct out *o)
{
	FILE *f = fopen(SCRATCH, "w");

	if (!f || fwrite(o->p, 1, o->len, f) != o->len || fclose(f) != 0)
		die(SCRATCH);
}

void
state_make(const struct question *q, const struct wishes *w)
{
	struct out o = { 0 };
	struct symbol *sym;

	state_text(q, w, &o);
	scratch_write(&o);
	out_free(&o);
	state_reset();
	if (q->off) {
		conf_read_simple(SCRATCH, S_DEF_USER);
		state_all_off();
	} else {
		conf_read(SCRATCH);
	}
	for (size_t i = 0; (sym = tree_symbol(i)); i++)
		sym_calc_value(sym);
	remove(SCRATCH);
}

const char *
state_value(struct symbol *sym)
{
	static const char *const names[] = { "n", "m", "y" };

	sym_calc_value(sym);
	if (!(sym->flags & SYMBOL_WRITE))
		return "n";
	if (sym->type == S_BOOLEAN || sym->type == S_TRISTATE)
		return names[sym_get_tristate_value(sym)];
	return sym_get_string_value(sym);
}

bool
state_equal(struct symbol *sym, const char *asked, const char *got)
{
	int base = sym->type == S_HEX ? 16 : 10;
	char *end_a, *end_b;

	if (strcmp(asked, got) == 0)
		return true;
	if (sym->type != S_INT && sym->type != S_HEX)
		return false;
	return strtoull(asked, &end_a, base) == strtoull(got, &end_b, base) &&
		*asked && *got && !*end_a && !*end_b;
}

bool
state_holds(const struct wish *w)
{
	struct symbol *sym = tree_find(w->name);

	return sym ? state_equal(sym, w->value, state_value(sym)) : strcmp(w->value, "n") == 0;
}

void
state_print(struct out *o)
{
	struct symbol *sym;

	out_add(o, "");
	for (size_t i = 0; (sym = tree_symbol(i)); i++)
		out_addf(o, "%s=%s\n", sym->name, state_value(sym));
}
