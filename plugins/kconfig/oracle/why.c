/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a request has not its value, from the symbol's own expressions. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

enum { SELECTORS = 6 };

struct why {
	const struct question *q;
	const struct wish *wish;
	struct symbol *sym; /* NULL: unknown */
	const char *kind;
	struct out text;     /* the sentence */
	struct out unmet;    /* JSON objects */
	struct out by;       /* JSON objects */
	struct out near;     /* JSON strings */
	size_t clauses;
};

static const char *const names[] = { "n", "m", "y" };

static tristate
level_of(const char *value)
{
	return *value == 'y' ? yes : *value == 'm' ? mod : no;
}

/* What a prompt's condition must reach so that the asked value can be given. */
static tristate
wanted(const struct why *w)
{
	return w->sym->type == S_TRISTATE && *w->wish->value == 'y' ? yes : mod;
}

static void
count_clause(struct expr *e, void *arg)
{
	(void)e;
	++*(size_t *)arg;
}

/* The prompt that is nearest to being answerable. */
static struct property *
best_prompt(const struct why *w)
{
	struct property *prop, *best = NULL;
	size_t least = 0;

	for_all_prompts(w->sym, prop) {
		size_t n = 0;

		clause_unmet(prop->visible.expr, wanted(w), count_clause, &n);
		if (!best || n < least) {
			best = prop;
			least = n;
		}
	}
	return best;
}

/* A clause that fails because the recipe itself says so is worth saying. */
static void
recipe_in_the_way(struct why *w, struct expr *e)
{
	const struct wish *other;

	if (e->type == E_NOT)
		e = e->left.expr;
	if (e->type != E_SYMBOL || !e->left.sym->name)
		return;
	other = wish_find(&w->q->wishes, e->left.sym->name);
	if (other && other->origin == ORIGIN_RECIPE && state_holds(other))
		out_addf(&w->text, ", which the recipe asks as %s", other->value);
}

static void
add_clause(struct expr *e, void *arg)
{
	struct why *w = arg;
	struct out values = { 0 }, clause = { 0 };

	clause_print(e, &clause);
	clause_values(e, &values);
	out_addf(&w->text, "%s%s", w->clauses ? " and " : "it needs ", clause.p);
	if (values.p) {
		const char *sep = " (";

		/* {"NET": "n"} as NET=n. */
		for (char *p = values.p, *name; (name = strchr(p, '"')); sep = ", ") {
			char *end = strchr(name + 1, '"');
			char *value = strchr(end + 1, '"') + 1;

			p = strchr(value, '"') + 1;
			out_addf(&w->text, "%s%.*s=%.*s", sep, (int)(end - name - 1), name + 1,
				(int)(p - 1 - value), value);
		}
		out_add(&w->text, ")");
	}
	recipe_in_the_way(w, e);
	out_addf(&w->unmet, "%s{\"clause\": ", w->clauses++ ? ", " : "");
	out_json(&w->unmet, clause.p);
	out_addf(&w->unmet, ", \"values\": {%s}}", values.p ? values.p : "");
	out_free(&values);
	out_free(&clause);
}

/* Who selects it; with active, only those that do so now. Returns how many. */
static size_t
add_selectors(struct why *w, bool active)
{
	struct symbol *by;
	size_t n = 0;

	for (size_t i = 0; (by = tree_symbol(i)); i++) {
		struct property *prop;

		for_all_properties(by, prop, P_SELECT) {
			if (prop_get_symbol(prop) != w->sym || (active &&
				(by->curr.tri == no || expr_calc_value(prop->visible.expr) == no)))
				continue;
			if (n++ < SELECTORS) {
				out_addf(&w->text, "%s%s=%s", n > 1 ? ", " : "", by->name,
					state_value(by));
				out_addf(&w->by, "%s{\"name\": \"%s\", \"value\": \"%s\"}",
					n > 1 ? ", " : "", by->name, state_value(by));
			}
			break;
		}
	}
	if (n > SELECTORS)
		out_addf(&w->text, " and %zu more", n - SELECTORS);
	return n;
}

static bool
is_number(const struct symbol *sym)
{
	return sym->type == S_INT || sym->type == S_HEX;
}

static bool
is_logic(const struct symbol *sym)
{
	return sym->type == S_BOOLEAN || sym->type == S_TRISTATE;
}

static bool
why_unknown(struct why *w)
{
	const char *sep = "; near are: ";

	if (w->sym)
		return false;
	w->kind = "unknown";
	out_add(&w->text, "this kernel has no such option for this architecture");
	tree_near(w->wish->name, &w->near);
	for (char *p = w->near.p; p && (p = strchr(p, '"')); sep = ", ") {
		size_t len = strcspn(p + 1, "\"");

		out_addf(&w->text, "%s%.*s", sep, (int)len, p + 1);
		p += len + 2;
	}
	return true;
}

/* A value that the option's type does not have. */
static bool
why_type(struct why *w)
{
	if (is_logic(w->sym) && strlen(w->wish->value) == 1 &&
	    strchr(w->sym->type == S_TRISTATE ? "ymn" : "yn", *w->wish->value))
		return false;
	if (!is_logic(w->sym) && sym_string_valid(w->sym, w->wish->value))
		return false;
	w->kind = "range";
	out_addf(&w->text, "\"%s\" is no value of it: it is %s", w->wish->value,
		w->sym->type == S_BOOLEAN ? "y or n" : w->sym->type == S_TRISTATE ?
		"y, m or n" : w->sym->type == S_HEX ? "a hexadecimal number" : "a number");
	return true;
}

static bool
why_forced(struct why *w)
{
	if (!is_logic(w->sym) || w->sym->rev_dep.tri <= level_of(w->wish->value))
		return false;
	out_add(&w->text, "it is selected by ");
	add_selectors(w, true);
	w->kind = "selected";
	return true;
}

/* What its defaults wait for. */
static void
add_defaults(struct why *w)
{
	struct property *prop;

	for_all_defaults(w->sym, prop) {
		if (expr_calc_value(prop->expr) >= wanted(w) || w->clauses == 0) {
			clause_unmet(prop->visible.expr, wanted(w), add_clause, w);
			clause_unmet(prop->expr, wanted(w), add_clause, w);
		}
		if (w->clauses)
			return;
	}
	clause_unmet(w->sym->dir_dep.expr, wanted(w), add_clause, w);
}

static bool
why_promptless(struct why *w)
{
	struct out before;

	if (tree_prompt(w->sym))
		return false;
	w->kind = "promptless";
	out_add(&w->text, "it cannot be set by hand, it follows from other options");
	before = w->text;
	w->text = (struct out){ 0 };
	if (is_logic(w->sym) && add_selectors(w, false))
		out_addf(&before, "; it is selected by %s", w->text.p);
	out_free(&w->text);
	if (is_logic(w->sym) && level_of(w->wish->value) > no) {
		add_defaults(w);
		if (w->text.p)
			out_addf(&before, "; %s", w->text.p);
		out_free(&w->text);
	}
	w->text = before;
	return true;
}

static bool
why_unmet(struct why *w)
{
	struct property *prop = best_prompt(w);

	if (!prop)
		return false;
	clause_unmet(prop->visible.expr, wanted(w), add_clause, w);
	w->kind = "unmet";
	return w->clauses > 0;
}

static bool
why_modules(struct why *w)
{
	if (strcmp(w->wish->value, "m") != 0 || !modules_sym || modules_sym->curr.tri != no)
		return false;
	w->kind = "unmet";
	w->clauses = 1;
	out_add(&w->text, "modules need MODULES (MODULES=n)");
	out_add(&w->unmet, "{\"clause\": \"MODULES\", \"values\": {\"MODULES\": \"n\"}}");
	return true;
}

static bool
why_choice(struct why *w)
{
	struct menu *choice = tree_choice(w->sym);
	struct symbol *other;

	if (!choice)
		return false;
	w->kind = "choice";
	for (size_t i = 0; (other = tree_symbol(i)); i++) {
		if (tree_choice(other) != choice || other->curr.tri != yes)
			continue;
		if (other == w->sym)
			out_add(&w->text, "one of its choice must be taken, and no other is asked");
		else
			out_addf(&w->text, "of its choice, %s=y is taken", other->name);
		return true;
	}
	out_add(&w->text, "none of its choice can be taken");
	return true;
}

static bool
why_range(struct why *w)
{
	struct property *prop = is_number(w->sym) ? sym_get_range_prop(w->sym) : NULL;
	const char *low, *high;

	if (!prop || range_admits(w->sym, prop, w->wish->value))
		return false;
	w->kind = "range";
	sym_calc_value(prop->expr->left.sym);
	sym_calc_value(prop->expr->right.sym);
	low = sym_get_string_value(prop->expr->left.sym);
	high = sym_get_string_value(prop->expr->right.sym);
	if (strcmp(low, high) == 0)
		out_addf(&w->text, "it can only be %s here", low);
	else
		out_addf(&w->text, "it must be from %s to %s here", low, high);
	return true;
}

/* Does a bound follow from other options? Then it may change with them. */
static bool
is_fixed(const struct symbol *bound)
{
	return !tree_find(bound->name);
}

/* A number that no range ever admits needs no talk of conditions. */
static bool
why_never(struct why *w)
{
	struct property *prop;
	bool any = false;

	for_all_properties(w->sym, prop, P_RANGE) {
		if (range_admits(w->sym, prop, w->wish->value) ||
		    !is_fixed(prop->expr->left.sym) || !is_fixed(prop->expr->right.sym))
			return false;
		any = true;
	}
	return any && why_range(w);
}

static bool
why_other(struct why *w)
{
	w->kind = "other";
	out_addf(&w->text, "the kernel's rules for its value say so (visible at %s, %s by others)",
		names[w->sym->visible], names[w->sym->rev_dep.tri]);
	return true;
}

static bool (*const reasons[])(struct why *) = {
	why_unknown, why_type, why_forced, why_promptless, why_never, why_unmet,
	why_modules, why_choice, why_range, why_other,
};

static void
at_add(const struct why *w, struct out *json)
{
	struct menu *menu = w->sym ? tree_menu(w->sym) : NULL;
	struct out at = { 0 };

	if (!menu)
		return;
	out_addf(&at, "%s:%d", tree_file(menu), menu->lineno);
	out_add(json, ", \"at\": ");
	out_json(json, at.p);
	out_free(&at);
}

void
why_add(const struct question *q, const struct wish *wish, struct out *json)
{
	struct why w = { .q = q, .wish = wish, .sym = tree_find(wish->name) };

	for (size_t i = 0; !reasons[i](&w); i++)
		;
	out_add(json, ", \"kind\": ");
	out_json(json, w.kind);
	out_add(json, ", \"why\": ");
	out_json(json, w.text.p ? w.text.p : "");
	out_addf(json, ", \"unmet\": [%s], \"selected_by\": [%s], \"near\": [%s]",
		w.unmet.p ? w.unmet.p : "", w.by.p ? w.by.p : "", w.near.p ? w.near.p : "");
	at_add(&w, json);
	out_free(&w.text);
	out_free(&w.unmet);
	out_free(&w.by);
	out_free(&w.near);
}
