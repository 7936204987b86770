/* SPDX-License-Identifier: GPL-3.0-only */
/* Kconfig expressions: which parts of a "depends on" are not met, and by what values. */
#ifndef KCONFIG_EXPR_H
#define KCONFIG_EXPR_H

#include "symbol.h"

/* 0 n, 1 m, 2 y, with the values that .config gives. */
int expr_value(const struct symbols *all, const char *expr);
/*
 * Adds each clause (part between "&&") whose value is below want, with the
 * values of its symbols: "NET (NET=n)". Clauses already in the list are not
 * added again.
 */
void expr_unmet(const struct symbols *all, const char *expr, int want, struct list *clauses);

#endif
