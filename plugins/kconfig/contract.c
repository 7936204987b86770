/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The kernel's configuration program drops without a word what it cannot give.
 * A kernel that lacks an asked option must not be built at all, so each request
 * is compared with the result here, before any compiling, and each difference
 * gets its reason.
 */
#include "contract.h"

#include <stdlib.h>
#include <string.h>

#include "expr.h"

enum { SHOWN = 20, SELECTORS = 6 };

static bool
holds(const struct symbol *sym)
{
	const char *got = symbol_value(sym);
	char *end_a, *end_b;

	if (strcmp(sym->asked, got) == 0)
		return true;
	if (!sym->value || (sym->type != SYMBOL_INT && sym->type != SYMBOL_HEX))
		return false;
	return strtoull(sym->asked, &end_a, sym->type == SYMBOL_HEX ? 16 : 10) ==
		strtoull(got, &end_b, sym->type == SYMBOL_HEX ? 16 : 10) && !*end_a && !*end_b &&
		*sym->asked;
}

static int
wanted_level(const struct symbol *sym)
{
	return strcmp(sym->asked, "m") == 0 ? 1 : 2;
}

/* All that must hold around and in a definition before its prompt can be answered. */
static void
definition_unmet(const struct symbols *all, const struct definition *d, int want,
	struct list *clauses)
{
	for (const struct around *a = d->around; a; a = a->parent) {
		if (a->condition)
			expr_unmet(all, a->condition, want, clauses);
		if (a->visible)
			expr_unmet(all, a->visible, 1, clauses);
	}
	if (d->depends)
		expr_unmet(all, d->depends, want, clauses);
	if (d->prompt_if)
		expr_unmet(all, d->prompt_if, 1, clauses);
}

static void
join(const struct list *clauses, const char *before, struct text *to)
{
	for (size_t i = 0; i < clauses->len; i++)
		text_addf(to, "%s%s", i ? " and " : before, clauses->v[i]);
}

/* The definition that a person could answer, and of those the one nearest to it. */
static const struct definition *
best_definition(const struct symbols *all, const struct symbol *sym)
{
	const struct definition *best = NULL;
	size_t least = 0;

	for (const struct definition *d = sym->definitions; d; d = d->next) {
		cleanup_list struct list clauses = { 0 };

		if (!d->prompt)
			continue;
		definition_unmet(all, d, wanted_level(sym), &clauses);
		if (!best || clauses.len < least) {
			best = d;
			least = clauses.len;
		}
	}
	return best;
}

/* Who selects it; with on, only those that do so now. */
static size_t
add_selectors(const struct symbols *all, const struct symbol *sym, bool on, struct text *to)
{
	size_t count = 0;

	for (size_t i = 0; i < sym->selected_by.len; i++) {
		const char *by = sym->selected_by.v[i];
		size_t len = strcspn(by, " ");
		const struct symbol *other = symbol_find(all, by, len);
		const char *value = other ? symbol_value(other) : "n";

		if (on && (strcmp(value, "n") == 0 ||
			(by[len] && !expr_value(all, by + len + 4))))
			continue;
		if (count++ < SELECTORS)
			text_addf(to, "%s%.*s=%s%s", count > 1 ? ", " : "", (int)len, by, value,
				by[len] ? by + len : "");
	}
	if (count > SELECTORS)
		text_addf(to, " and %zu more", count - SELECTORS);
	return count;
}

static bool
explain_unknown(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	cleanup_free char *near = NULL;

	if (sym->definitions)
		return false;
	near = symbol_nearest(all, sym->name);
	text_add(to, "this kernel has no such option for this architecture");
	if (near)
		text_addf(to, "; near are: %s", near);
	return true;
}

static bool
explain_forced(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	cleanup_text struct text by = { 0 };

	if (strcmp(symbol_value(sym), "n") == 0 || !add_selectors(all, sym, true, &by))
		return false;
	text_addf(to, "it is selected by %s", by.p);
	return true;
}

static bool
explain_rival(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	const struct around *choice = symbol_choice(sym);

	for (size_t i = 0; choice && i < all->cap; i++) {
		const struct symbol *other = all->slots[i];

		if (other && other != sym && symbol_choice(other) == choice &&
		    strcmp(symbol_value(other), "y") == 0) {
			text_addf(to, "of its choice, %s=y is taken", other->name);
			return true;
		}
	}
	return false;
}

static bool
explain_promptless(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	cleanup_text struct text by = { 0 };
	cleanup_list struct list clauses = { 0 };

	for (const struct definition *d = sym->definitions; d; d = d->next) {
		if (d->prompt)
			return false;
	}
	text_add(to, "it cannot be set by hand, it follows from other options");
	if (add_selectors(all, sym, false, &by))
		text_addf(to, "; it is selected by %s", by.p);
	definition_unmet(all, sym->definitions, wanted_level(sym), &clauses);
	if (sym->definitions->given)
		expr_unmet(all, sym->definitions->given, wanted_level(sym), &clauses);
	join(&clauses, "; it needs ", to);
	return true;
}

static bool
explain_unmet(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	const struct definition *d = best_definition(all, sym);
	cleanup_list struct list clauses = { 0 };

	if (!d)
		return false;
	definition_unmet(all, d, wanted_level(sym), &clauses);
	join(&clauses, "it needs ", to);
	return clauses.len > 0;
}

static bool (*const reasons[])(const struct symbols *, const struct symbol *, struct text *) = {
	explain_unknown, explain_promptless, explain_forced, explain_unmet, explain_rival,
};

static void
explain(const struct symbols *all, const struct symbol *sym, struct text *to)
{
	const struct definition *d;
	bool done = false;

	text_addf(to, "%s: asked %s (%s), got %s: ", sym->name, sym->asked, sym->origin,
		sym->value || sym->type <= SYMBOL_TRISTATE ? symbol_value(sym) : "nothing");
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]) && !done; i++)
		done = reasons[i](all, sym, to);
	if (!done)
		text_add(to, "the kernel's rules for its value say so");
	d = best_definition(all, sym);
	d = d ? d : sym->definitions;
	if (d)
		text_addf(to, " [%s:%u]", d->file, d->line);
}

struct count {
	size_t asked, held, waived, broken;
};

static void
check_one(const struct requests *r, const struct symbol *sym, struct count *n, struct text *report)
{
	struct msmv_stage *s = r->stage;
	cleanup_text struct text why = { 0 };

	n->asked++;
	if (holds(sym)) {
		n->held++;
		if (!sym->definitions)
			s->host->log(s, MSMV_LOG_INFO, "%s=n holds: this kernel has no such option",
				sym->name);
		return;
	}
	explain(r->all, sym, &why);
	s->host->log(s, MSMV_LOG_INFO, "%s%s", sym->waived ? "waived: " : "", why.p);
	if (sym->waived) {
		n->waived++;
		return;
	}
	if (n->broken++ < SHOWN)
		text_addf(report, "\n  %s", why.p);
}

int
contract_check(const struct requests *r, const char *version)
{
	struct msmv_stage *s = r->stage;
	cleanup_text struct text report = { 0 };
	struct count n = { 0 };

	for (size_t i = 0; i < r->len; i++) {
		if (r->asked[i]->asked)
			check_one(r, r->asked[i], &n, &report);
	}
	if (n.broken > SHOWN)
		text_addf(&report, "\n  and %zu more, all in the log", n.broken - SHOWN);
	if (n.broken)
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"Linux %s gives %zu of %zu options otherwise than asked:%s\nAsk for what they "
			"need in [kernel.options], or name them in kernel.options_unchecked", version,
			n.broken, n.asked, report.p);
	if (n.waived)
		s->host->note(s, "Linux %s: %zu options asked, %zu hold, %zu waived", version,
			n.asked, n.held, n.waived);
	else
		s->host->note(s, "Linux %s: %zu options asked, %zu hold", version, n.asked, n.held);
	return 0;
}
