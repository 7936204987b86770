/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dependencies as a person wrote them, and which of their clauses are unmet. */
#include "oracle.h"

#include <string.h>

enum { VALUES = 32 };

void
clause_unmet(struct expr *e, tristate level, clause_fn fn, void *arg)
{
	if (!e || expr_calc_value(e) >= level)
		return;
	if (e->type == E_AND) {
		clause_unmet(e->left.expr, level, fn, arg);
		clause_unmet(e->right.expr, level, fn, arg);
		return;
	}
	fn(e, arg);
}

static const struct {
	enum expr_type type;
	const char *sign;
} signs[] = {
	{ E_EQUAL, "=" }, { E_UNEQUAL, "!=" }, { E_LTH, "<" }, { E_LEQ, "<=" },
	{ E_GTH, ">" }, { E_GEQ, ">=" },
};

static const char *
sign_of(const struct expr *e)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (signs[i].type == e->type)
			return signs[i].sign;
	}
	return NULL;
}

static const char *
name_of(const struct symbol *sym)
{
	return sym && sym->name ? sym->name : "<choice>";
}

static void
print_inner(struct expr *e, bool brackets, struct out *o)
{
	out_add(o, brackets ? "(" : "");
	clause_print(e, o);
	out_add(o, brackets ? ")" : "");
}

static void
print_two(struct expr *e, const char *sign, enum expr_type weaker, struct out *o)
{
	print_inner(e->left.expr, e->left.expr->type == weaker, o);
	out_add(o, sign);
	print_inner(e->right.expr, e->right.expr->type == weaker, o);
}

void
clause_print(struct expr *e, struct out *o)
{
	const char *sign = sign_of(e);

	if (e->type == E_SYMBOL)
		out_add(o, name_of(e->left.sym));
	else if (sign)
		out_addf(o, "%s%s%s", name_of(e->left.sym), sign, name_of(e->right.sym));
	else if (e->type == E_NOT) {
		out_add(o, "!");
		print_inner(e->left.expr, e->left.expr->type != E_SYMBOL, o);
	} else if (e->type == E_AND)
		print_two(e, " && ", E_OR, o);
	else if (e->type == E_OR)
		print_two(e, " || ", E_AND, o);
	else
		out_add(o, "?");
}

struct values {
	struct symbol *v[VALUES];
	size_t len;
};

static void
values_add(struct values *all, struct symbol *sym)
{
	/* Constants (y, n, numbers) are symbols too, without a place in any menu. */
	if (!sym || !sym->name || sym->flags & SYMBOL_CONST ||
	    (sym->type == S_UNKNOWN && strchr("-0123456789", *sym->name)))
		return;
	for (size_t i = 0; i < all->len; i++) {
		if (all->v[i] == sym)
			return;
	}
	if (all->len < VALUES)
		all->v[all->len++] = sym;
}

static void
values_find(struct expr *e, struct values *all)
{
	if (e->type == E_AND || e->type == E_OR) {
		values_find(e->left.expr, all);
		values_find(e->right.expr, all);
	} else if (e->type == E_NOT) {
		values_find(e->left.expr, all);
	} else {
		values_add(all, e->left.sym);
		if (sign_of(e))
			values_add(all, e->right.sym);
	}
}

void
clause_values(struct expr *e, struct out *o)
{
	struct values all = { 0 };

	values_find(e, &all);
	for (size_t i = 0; i < all.len; i++) {
		out_add(o, i ? ", " : "");
		out_json(o, all.v[i]->name);
		out_add(o, ": ");
		out_json(o, state_value(all.v[i]));
	}
}
