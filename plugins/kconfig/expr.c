/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Values of Kconfig expressions, by recursive descent: || is the greater, && the
 * lesser, ! is 2 minus, and a comparison compares texts or numbers. What the
 * reader cannot know, a $(macro) for instance, counts as met: an explanation
 * must not blame it.
 */
#include "expr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parse {
	const struct symbols *all;
	const char *p;
	unsigned depth;
};

enum { DEPTH = 64 };

static int or_value(struct parse *e);

static void
blanks(struct parse *e)
{
	e->p += strspn(e->p, " \t");
}

static bool
take(struct parse *e, const char *token)
{
	blanks(e);
	if (strncmp(e->p, token, strlen(token)) != 0)
		return false;
	e->p += strlen(token);
	return true;
}

/* $(cc-option,-mfoo): parentheses may be inside. */
static void
skip_macro(struct parse *e)
{
	unsigned open = 0;

	do {
		open += *e->p == '(';
		open -= *e->p == ')' && open;
		e->p++;
	} while (*e->p && (open || *e->p == '('));
}

/* One operand as text; known tells whether it is more than a guess. */
static char *
operand(struct parse *e, bool *known)
{
	const struct symbol *sym;
	const char *start;
	size_t len;

	blanks(e);
	*known = true;
	start = e->p;
	if (*start == '"' || *start == '\'') {
		len = strcspn(start + 1, *start == '"' ? "\"" : "'");
		e->p += len + 1 + (start[len + 1] != '\0');
		*known = !memchr(start, '$', len + 1);
		return xcopy_n(start + 1, len);
	}
	if (*start == '$') {
		e->p++;
		skip_macro(e);
		*known = false;
		return xcopy("y");
	}
	while (isalnum((unsigned char)*e->p) || *e->p == '_' || *e->p == '-')
		e->p++;
	len = (size_t)(e->p - start);
	if (!len && *e->p)
		e->p++; /* not of the language: step over it */
	sym = symbol_find(e->all, start, len);
	if (sym && sym->definitions)
		return xcopy(symbol_value(sym));
	/* y, n, m, a number, or an option of another architecture: the last counts as n */
	if (len == 1 || isdigit((unsigned char)*start))
		return xcopy_n(start, len);
	return xcopy("n");
}

static int
tristate(const char *value)
{
	return *value == 'y' ? 2 : *value == 'm' ? 1 : 0;
}

static int
order(const char *a, const char *b)
{
	char *end_a, *end_b;
	long long x = strtoll(a, &end_a, 0);
	long long y = strtoll(b, &end_b, 0);

	if (*a && *b && !*end_a && !*end_b)
		return (x > y) - (x < y);
	return strcmp(a, b);
}

static const struct {
	const char *token;
	bool less, equal, greater;
} comparisons[] = {
	{ "!=", true, false, true }, { "<=", true, true, false }, { ">=", false, true, true },
	{ "=", false, true, false }, { "<", true, false, false }, { ">", false, false, true },
};

static int
comparison_value(struct parse *e)
{
	bool known_a, known_b;
	cleanup_free char *a = operand(e, &known_a);

	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		if (!take(e, comparisons[i].token))
			continue;
		cleanup_free char *b = operand(e, &known_b);
		int o = order(a, b);
		bool holds = o < 0 ? comparisons[i].less :
			o > 0 ? comparisons[i].greater : comparisons[i].equal;

		return holds || !known_a || !known_b ? 2 : 0;
	}
	return known_a ? tristate(a) : 2;
}

static int
not_value(struct parse *e)
{
	int value;

	blanks(e);
	if (e->depth >= DEPTH)
		return 2;
	if (e->p[0] == '!' && e->p[1] != '=') {
		e->p++;
		e->depth++;
		value = 2 - not_value(e);
		e->depth--;
		return value;
	}
	if (!take(e, "("))
		return comparison_value(e);
	e->depth++;
	value = or_value(e);
	e->depth--;
	take(e, ")");
	return value;
}

static int
and_value(struct parse *e)
{
	int value = not_value(e);

	while (take(e, "&&")) {
		int other = not_value(e);

		value = other < value ? other : value;
	}
	return value;
}

static int
or_value(struct parse *e)
{
	int value = and_value(e);

	while (take(e, "||")) {
		int other = and_value(e);

		value = other > value ? other : value;
	}
	return value;
}

int
expr_value(const struct symbols *all, const char *expr)
{
	struct parse e = { .all = all, .p = expr };

	return or_value(&e);
}

/* The length of the first clause: up to an "&&" outside parentheses; -1 if "||" is there. */
static long
clause_length(const char *expr)
{
	unsigned open = 0;
	long first = -1;
	const char *p = expr;

	for (; *p; p++) {
		open += *p == '(';
		open -= *p == ')' && open;
		if (open)
			continue;
		if (strncmp(p, "||", 2) == 0)
			return -1;
		if (strncmp(p, "&&", 2) == 0 && first < 0)
			first = p - expr;
	}
	return first < 0 ? p - expr : first;
}

/* Does one pair of parentheses hold all of it? */
static bool
is_wrapped(const char *expr, size_t len)
{
	unsigned open = 0;

	if (len < 2 || expr[0] != '(')
		return false;
	for (size_t i = 0; i < len; i++) {
		open += expr[i] == '(';
		open -= expr[i] == ')';
		if (!open)
			return i + 1 == len;
	}
	return false;
}

static void
add_values(const struct symbols *all, const char *clause, struct text *to)
{
	cleanup_list struct list seen = { 0 };

	while (*clause) {
		size_t len = strspn(clause, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789_");
		cleanup_free char *name = xcopy_n(clause, len);
		const struct symbol *sym = symbol_find(all, name, len);

		if (sym && sym->definitions && !list_has(&seen, name)) {
			text_addf(to, "%s%s=%s", seen.len ? ", " : " (", name, symbol_value(sym));
			list_add(&seen, name);
		}
		clause += len ? len : 1;
	}
	if (seen.len)
		text_add(to, ")");
}

static void
unmet_clause(const struct symbols *all, const char *clause, int want, struct list *clauses)
{
	cleanup_text struct text line = { 0 };

	if (expr_value(all, clause) >= want)
		return;
	text_add(&line, clause);
	add_values(all, clause, &line);
	if (!list_has(clauses, line.p))
		list_add(clauses, line.p);
}

/* Taken apart at its outer "&&"s only: the parts of an "||" are not unmet one by one. */
void
expr_unmet(const struct symbols *all, const char *expr, int want, struct list *clauses)
{
	if (clause_length(expr) < 0) {
		unmet_clause(all, expr, want, clauses);
		return;
	}
	while (*expr) {
		long len = clause_length(expr);
		const char *start = expr + strspn(expr, " \t");
		const char *end = expr + len;

		while (end > start && isspace((unsigned char)end[-1]))
			end--;
		bool wrapped = is_wrapped(start, (size_t)(end - start));
		cleanup_free char *clause = xcopy_n(start + wrapped,
			(size_t)(end - start) - 2 * wrapped);

		if (wrapped)
			expr_unmet(all, clause, want, clauses);
		else
			unmet_clause(all, clause, want, clauses);
		expr += len;
		expr += strncmp(expr, "&&", 2) == 0 ? 2 : 0;
	}
}
