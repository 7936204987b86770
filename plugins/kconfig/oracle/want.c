/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an expression to what would satisfy it: || gives alternatives, && unions, a
 * symbol its own setting together with what its prompt needs, a symbol without a prompt
 * its selectors and the conditions of its defaults.
 */
#include "sets.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 28, SELECTORS = 128, RIVALS = 12 };

static const char *const names[] = { "n", "m", "y" };

static void expr_up(struct wants *w, struct expr *e, tristate level, struct family *f);
static void expr_down(struct wants *w, struct expr *e, tristate max, struct family *f);
static void symbol_up(struct wants *w, struct symbol *sym, tristate level, struct family *f);
static void symbol_down(struct wants *w, struct symbol *sym, tristate max, struct family *f);

static bool
is_logic(const struct symbol *sym)
{
	return sym->type == S_BOOLEAN || sym->type == S_TRISTATE;
}

/* The recipe's own word, and the architecture's, stand. */
static const struct wish *
fixed(const struct wants *w, const struct symbol *sym)
{
	const struct wish *wish = sym->name ? wish_find(&w->q->wishes, sym->name) : NULL;

	return wish && !wish->dropped && wish->origin != ORIGIN_PROFILE ? wish : NULL;
}

static bool
enter(struct wants *w, const struct symbol *sym)
{
	if (w->depth == DEPTH || !w->steps)
		return false;
	for (unsigned i = 0; i < w->depth; i++) {
		if (w->busy[i] == sym)
			return false;
	}
	w->steps--;
	w->busy[w->depth++] = sym;
	return true;
}

/* The one setting, added to each set of the family; none can if it is fixed otherwise. */
static void
family_set(struct wants *w, struct family *f, struct symbol *sym, const char *value)
{
	const struct wish *wish = fixed(w, sym);
	const struct wish *soft = wish_find(&w->q->wishes, sym->name);
	struct family one = { 0 };
	struct set s = { .len = 0 };

	if (wish && !state_equal(sym, wish->value, value)) {
		family_free(f);
		return;
	}
	/* What is asked already needs no saying again. */
	if (!wish && (!soft || soft->dropped || strcmp(soft->value, value) != 0))
		set_add(&s, sym, value);
	family_add(&one, &s);
	family_cross(f, &one);
}

/* A member of the choice that the recipe wants leaves no room for this one. */
static bool
rival_fixed(struct wants *w, struct symbol *sym)
{
	struct menu *choice = tree_choice(sym);

	for (size_t i = 0; choice && i < w->q->wishes.len; i++) {
		const struct wish *wish = &w->q->wishes.v[i];
		struct symbol *other = tree_find(wish->name);

		if (other && other != sym && fixed(w, other) && strcmp(wish->value, "y") == 0 &&
		    tree_choice(other) == choice)
			return true;
	}
	return false;
}

static void
by_prompt(struct wants *w, struct symbol *sym, const char *value, struct family *f)
{
	tristate level = sym->type == S_TRISTATE && *value == 'y' ? yes : mod;
	struct property *prop;

	for_all_prompts(sym, prop) {
		struct family one = { 0 };

		expr_up(w, prop->visible.expr, level, &one);
		family_set(w, &one, sym, value);
		family_join(f, &one);
	}
}

static void
by_selectors(struct wants *w, struct symbol *sym, tristate level, struct family *f)
{
	struct symbol *by;
	unsigned n = 0;

	for (size_t i = 0; (by = tree_symbol(i)) && n < SELECTORS; i++) {
		struct property *prop;

		for_all_properties(by, prop, P_SELECT) {
			struct family one = { 0 }, when = { 0 };

			if (prop_get_symbol(prop) != sym)
				continue;
			n++;
			symbol_up(w, by, sym->type == S_TRISTATE ? level : mod, &one);
			if (one.len) {
				expr_up(w, prop->visible.expr, mod, &when);
				family_cross(&one, &when);
			}
			family_join(f, &one);
		}
	}
}

static void
by_defaults(struct wants *w, struct symbol *sym, tristate level, struct family *f)
{
	struct property *prop;

	if (sym->type != S_TRISTATE)
		level = mod;
	for_all_defaults(sym, prop) {
		struct family one = { 0 }, when = { 0 };

		expr_up(w, prop->expr, level, &one);
		expr_up(w, prop->visible.expr, level, &when);
		family_cross(&one, &when);
		family_join(f, &one);
	}
}

static void
symbol_up(struct wants *w, struct symbol *sym, tristate level, struct family *f)
{
	const struct wish *wish = fixed(w, sym);

	if (sym->curr.tri >= level) {
		family_unit(f);
		return;
	}
	if (!is_logic(sym) || sym->flags & SYMBOL_CONST || !enter(w, sym))
		return;
	if (level == mod && sym->type == S_BOOLEAN)
		level = yes;
	if (sym_is_choice(sym)) {
		/* A choice is on where its prompt is seen. */
		struct property *prop;

		for_all_prompts(sym, prop)
			expr_up(w, prop->visible.expr, level, f);
	} else if (wish && strcmp(wish->value, names[level]) < 0 && *wish->value != 'y') {
		/* The recipe wants less of it: n < y, m < y. */
	} else if (tree_prompt(sym)) {
		if (!rival_fixed(w, sym))
			by_prompt(w, sym, names[level], f);
	} else {
		by_selectors(w, sym, level, f);
		by_defaults(w, sym, level, f);
	}
	w->depth--;
}

/* Every selector that holds it up must let go. */
static void
selectors_down(struct wants *w, struct symbol *sym, tristate max, struct family *f)
{
	struct symbol *by;

	for (size_t i = 0; (by = tree_symbol(i)); i++) {
		struct property *prop;

		for_all_properties(by, prop, P_SELECT) {
			struct family one = { 0 };

			if (prop_get_symbol(prop) != sym || by->curr.tri <= max ||
			    expr_calc_value(prop->visible.expr) <= max)
				continue;
			symbol_down(w, by, max, &one);
			if (prop->visible.expr)
				expr_down(w, prop->visible.expr, max, &one);
			family_cross(f, &one);
		}
	}
}

static void
choice_down(struct wants *w, struct symbol *sym, struct family *f)
{
	struct menu *choice = tree_choice(sym);
	struct symbol *other;
	unsigned n = 0;

	for (size_t i = 0; (other = tree_symbol(i)) && n < RIVALS; i++) {
		if (other != sym && tree_choice(other) == choice) {
			struct family one = { 0 };

			n++;
			by_prompt(w, other, "y", &one);
			family_join(f, &one);
		}
	}
}

static void
defaults_down(struct wants *w, struct symbol *sym, tristate max, struct family *f)
{
	struct property *prop;

	for_all_defaults(sym, prop) {
		struct family one = { 0 };

		if (expr_calc_value(prop->visible.expr) <= max || expr_calc_value(prop->expr) <= max)
			continue;
		expr_down(w, prop->visible.expr, max, &one);
		expr_down(w, prop->expr, max, &one);
		family_cross(f, &one);
	}
}

static void
symbol_down(struct wants *w, struct symbol *sym, tristate max, struct family *f)
{
	const struct wish *wish = fixed(w, sym);
	struct family one = { 0 };

	if (sym->curr.tri <= max) {
		family_unit(f);
		return;
	}
	if (!is_logic(sym) || sym->flags & SYMBOL_CONST || sym_is_choice(sym) ||
	    (wish && *wish->value == 'y') || !enter(w, sym))
		return;
	if (tree_choice(sym) && sym->visible == yes) {
		choice_down(w, sym, &one);
	} else {
		family_unit(&one);
		selectors_down(w, sym, max, &one);
		if (one.len && tree_prompt(sym)) {
			struct family set = { 0 };

			by_prompt(w, sym, names[max], &set);
			family_cross(&one, &set);
		} else if (one.len) {
			defaults_down(w, sym, max, &one);
		}
	}
	family_join(f, &one);
	w->depth--;
}

/* A number or text that makes SYMBOL op CONSTANT true. */
static void
compare_up(struct wants *w, struct expr *e, struct family *f)
{
	struct symbol *sym = e->left.sym, *other = e->right.sym;
	long long n = strtoll(sym_get_string_value(other), NULL, 0);
	char value[VALUE_MAX];

	if (is_logic(sym)) {
		tristate level = *sym_get_string_value(other) == 'y' ? yes :
			*sym_get_string_value(other) == 'm' ? mod : no;

		if (e->type == E_EQUAL && level > sym->curr.tri)
			symbol_up(w, sym, level, f);
		else if (e->type == E_EQUAL)
			symbol_down(w, sym, level, f);
		else if (e->type == E_UNEQUAL && level == no)
			symbol_up(w, sym, mod, f);
		else if (e->type == E_UNEQUAL)
			symbol_down(w, sym, level == yes ? mod : no, f);
		return;
	}
	if ((sym->type != S_INT && sym->type != S_HEX) || !tree_prompt(sym) || !enter(w, sym))
		return;
	n += e->type == E_GTH || e->type == E_UNEQUAL ? 1 : e->type == E_LTH ? -1 : 0;
	snprintf(value, sizeof(value), sym->type == S_HEX ? "0x%llx" : "%lld", n);
	by_prompt(w, sym, value, f);
	w->depth--;
}

static void
expr_up(struct wants *w, struct expr *e, tristate level, struct family *f)
{
	struct family right = { 0 };

	if (!e || expr_calc_value(e) >= level) {
		family_unit(f);
	} else if (e->type == E_AND) {
		struct family left = { 0 };

		expr_up(w, e->left.expr, level, &left);
		if (left.len)
			expr_up(w, e->right.expr, level, &right);
		family_cross(&left, &right);
		family_join(f, &left);
	} else if (e->type == E_OR) {
		expr_up(w, e->left.expr, level, f);
		expr_up(w, e->right.expr, level, f);
	} else if (e->type == E_NOT) {
		expr_down(w, e->left.expr, level == yes ? no : mod, f);
	} else if (e->type == E_SYMBOL) {
		symbol_up(w, e->left.sym, level, f);
	} else if (e->type != E_RANGE) {
		compare_up(w, e, f);
	}
}

static void
expr_down(struct wants *w, struct expr *e, tristate max, struct family *f)
{
	struct family right = { 0 };

	if (!e)
		return; /* no condition is always true */
	if (expr_calc_value(e) <= max) {
		family_unit(f);
	} else if (e->type == E_OR) {
		struct family left = { 0 };

		expr_down(w, e->left.expr, max, &left);
		if (left.len)
			expr_down(w, e->right.expr, max, &right);
		family_cross(&left, &right);
		family_join(f, &left);
	} else if (e->type == E_AND) {
		expr_down(w, e->left.expr, max, f);
		expr_down(w, e->right.expr, max, f);
	} else if (e->type == E_NOT) {
		expr_up(w, e->left.expr, max == no ? yes : mod, f);
	} else if (e->type == E_SYMBOL) {
		symbol_down(w, e->left.sym, max, f);
	} else if (e->type == E_EQUAL && is_logic(e->left.sym)) {
		if (*sym_get_string_value(e->right.sym) == 'n')
			symbol_up(w, e->left.sym, mod, f);
		else
			symbol_down(w, e->left.sym, no, f);
	} else if (e->type == E_UNEQUAL && is_logic(e->left.sym)) {
		if (*sym_get_string_value(e->right.sym) == 'n')
			symbol_down(w, e->left.sym, no, f);
		else
			symbol_up(w, e->left.sym, yes, f);
	}
}

static long long
number_of(const struct symbol *like, struct symbol *sym)
{
	sym_calc_value(sym);
	return strtoll(sym_get_string_value(sym), NULL, like->type == S_HEX ? 16 : 10);
}

/* The bound may follow from defaults: what would make one hold that leaves room for n? */
static void
bound_up(struct wants *w, struct symbol *sym, struct symbol *bound, long long n, bool high,
	struct family *f)
{
	struct property *prop;
	long long now = number_of(sym, bound);

	if (high ? n <= now : n >= now) {
		family_unit(f);
		return;
	}
	for_all_defaults(bound, prop) {
		struct symbol *value = prop_get_symbol(prop);
		struct family one = { 0 };

		if (!value || (high ? n > number_of(sym, value) : n < number_of(sym, value)))
			continue;
		expr_up(w, prop->visible.expr, mod, &one);
		family_join(f, &one);
	}
}

/* The families that put one range in force with room for the value. */
static void
range_one(struct wants *w, struct symbol *sym, struct property *prop, long long n,
	struct family *f)
{
	struct family low = { 0 }, high = { 0 };

	expr_up(w, prop->visible.expr, mod, f);
	bound_up(w, sym, prop->expr->left.sym, n, false, &low);
	family_cross(f, &low);
	bound_up(w, sym, prop->expr->right.sym, n, true, &high);
	family_cross(f, &high);
}

/* A range that admits the value must be in force, and none before it. */
static void
range_up(struct wants *w, struct symbol *sym, const char *value, struct family *f)
{
	long long n = strtoll(value, NULL, sym->type == S_HEX ? 16 : 10);
	struct property *prop;
	struct family before = { 0 };
	bool any = false;

	family_unit(&before);
	for_all_properties(sym, prop, P_RANGE) {
		struct family one = { 0 }, off = { 0 }, copy = { 0 };

		any = true;
		range_one(w, sym, prop, n, &one);
		for (unsigned i = 0; i < before.len; i++)
			family_add(&copy, &before.v[i]);
		family_cross(&one, &copy);
		family_join(f, &one);
		expr_down(w, prop->visible.expr, no, &off);
		family_cross(&before, &off);
	}
	if (!any)
		family_unit(f);
	family_free(&before);
}

/* Where nobody can set a number or a text, a default that has the value must be in force. */
static void
value_up(struct wants *w, struct symbol *sym, const char *value, struct family *f)
{
	struct property *prop;

	for_all_defaults(sym, prop) {
		struct symbol *given = prop_get_symbol(prop);
		struct family one = { 0 };

		if (!given || !state_equal(sym, value, sym_get_string_value(given)))
			continue;
		expr_up(w, prop->visible.expr, mod, &one);
		family_join(f, &one);
	}
}

void
want_wish(struct wants *w, const struct wish *wish, struct family *f)
{
	struct symbol *sym = tree_find(wish->name);
	tristate level = *wish->value == 'y' ? yes : *wish->value == 'm' ? mod : no;

	if (!sym)
		return;
	if (!is_logic(sym)) {
		struct family range = { 0 };

		if (!sym_string_valid(sym, wish->value))
			return;
		if (tree_prompt(sym))
			by_prompt(w, sym, wish->value, f);
		else
			value_up(w, sym, wish->value, f);
		if (sym->type != S_STRING) {
			range_up(w, sym, wish->value, &range);
			family_cross(f, &range);
		}
	} else if (strcmp(wish->value, "m") == 0 && sym->type == S_TRISTATE && modules_sym &&
		modules_sym->curr.tri == no) {
		symbol_up(w, modules_sym, yes, f);
	} else if (sym->curr.tri < level) {
		symbol_up(w, sym, level, f);
	} else if (sym->curr.tri > level) {
		symbol_down(w, sym, level, f);
	}
}
