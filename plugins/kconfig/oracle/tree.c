/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menus are the one structure that all versions of scripts/kconfig share, so
 * symbols are found by walking them once; the tree's own hash table has changed twice.
 */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 16 };

struct entry {
	struct symbol *sym;
	struct menu *menu;   /* the first with a prompt, or the first */
	struct menu *choice;
	struct entry *next;  /* in the same slot */
};

static struct entry *slots[SLOTS];
static struct entry *all;
static size_t count, room;

static unsigned
slot_of(const char *name)
{
	unsigned h = 2166136261u;

	while (*name)
		h = (h ^ (unsigned char)*name++) * 16777619u;
	return h % SLOTS;
}

static struct menu *
choice_around(struct menu *menu)
{
	for (menu = menu->parent; menu && !menu->sym; menu = menu->parent)
		;
	return menu && sym_is_choice(menu->sym) ? menu : NULL;
}

static struct entry *
entry_of(const struct symbol *sym)
{
	struct entry *e = sym->name ? slots[slot_of(sym->name)] : NULL;

	while (e && e->sym != sym)
		e = e->next;
	return e;
}

static void
menu_note(struct menu *menu)
{
	struct entry *e = entry_of(menu->sym);

	if (!e) {
		unsigned slot = slot_of(menu->sym->name);

		e = need_memory(NULL, sizeof(*e));
		*e = (struct entry){ .sym = menu->sym, .menu = menu, .next = slots[slot] };
		slots[slot] = e;
		count++;
	}
	if (menu->prompt && !e->menu->prompt)
		e->menu = menu;
	if (menu->prompt && !e->choice && sym_is_choice_value(menu->sym))
		e->choice = choice_around(menu);
}

static struct menu *
menu_after(struct menu *menu)
{
	if (menu->list)
		return menu->list;
	while (menu && !menu->next)
		menu = menu->parent;
	return menu ? menu->next : NULL;
}

static void
tree_open(void)
{
	if (all)
		return;
	for (struct menu *menu = &rootmenu; menu; menu = menu_after(menu)) {
		if (menu->sym && menu->sym->name && menu->sym->type != S_UNKNOWN)
			menu_note(menu);
	}
	all = need_memory(NULL, (count + 1) * sizeof(*all));
	for (size_t i = 0; i < SLOTS; i++) {
		for (struct entry *e = slots[i]; e; e = e->next)
			all[room++] = *e;
	}
}

struct symbol *
tree_symbol(size_t i)
{
	tree_open();
	return i < room ? all[i].sym : NULL;
}

struct symbol *
tree_find(const char *name)
{
	struct entry *e;

	tree_open();
	for (e = slots[slot_of(name)]; e; e = e->next) {
		if (strcmp(e->sym->name, name) == 0)
			return e->sym;
	}
	return NULL;
}

struct menu *
tree_choice(const struct symbol *sym)
{
	struct entry *e;

	tree_open();
	e = entry_of(sym);
	return e ? e->choice : NULL;
}

struct menu *
tree_menu(const struct symbol *sym)
{
	struct entry *e;

	tree_open();
	e = entry_of(sym);
	return e ? e->menu : NULL;
}

const char *
tree_file(const struct menu *menu)
{
#ifdef ORACLE_FILENAME
	return menu->filename;
#else
	return menu->file ? menu->file->name : "?";
#endif
}

bool
tree_prompt(const struct symbol *sym)
{
	struct property *prop;

	for_all_prompts(sym, prop)
		return true;
	return false;
}

bool
range_admits(const struct symbol *sym, struct property *prop, const char *value)
{
	int base = sym->type == S_HEX ? 16 : 10;
	long long n = strtoll(value, NULL, base);

	sym_calc_value(prop->expr->left.sym);
	sym_calc_value(prop->expr->right.sym);
	return n >= strtoll(sym_get_string_value(prop->expr->left.sym), NULL, base) &&
		n <= strtoll(sym_get_string_value(prop->expr->right.sym), NULL, base);
}

/* Edit distance, given up as soon as it must exceed 3. */
static unsigned
distance(const char *a, const char *b)
{
	enum { MAX = 80, FAR = 99 };
	unsigned row[MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > MAX || lb > MAX || (la > lb ? la - lb : lb - la) > 3)
		return FAR;
	for (size_t k = 0; k <= lb; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= la; i++) {
		unsigned corner = row[0];
		unsigned least = row[0] = (unsigned)i;

		for (size_t k = 1; k <= lb; k++) {
			unsigned best = corner + (a[i - 1] != b[k - 1]);

			corner = row[k];
			if (row[k] + 1 < best)
				best = row[k] + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
			if (best < least)
				least = best;
		}
		if (least > 3)
			return FAR;
	}
	return row[lb];
}

/* The first in the alphabet at exactly this distance, after the last one. */
static const char *
nearest_after(const char *name, unsigned far, const char *last)
{
	const char *next = NULL;

	for (size_t i = 0; i < room; i++) {
		const char *other = all[i].sym->name;

		if (strcmp(other, last) > 0 && (!next || strcmp(other, next) < 0) &&
		    distance(name, other) == far)
			next = other;
	}
	return next;
}

void
tree_near(const char *name, struct out *json)
{
	unsigned limit = strlen(name) < 4 ? 1 : strlen(name) < 9 ? 2 : 3;
	unsigned found = 0;

	tree_open();
	for (unsigned far = 1; far <= limit && !found; far++) {
		const char *last = "";

		while (found < 3 && (last = nearest_after(name, far, last))) {
			out_add(json, found++ ? ", " : "");
			out_json(json, last);
		}
	}
}
