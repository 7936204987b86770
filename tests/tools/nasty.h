/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Documents that a careless reader takes quadratic time for: each maker writes one of
 * n items. The unit test reads them, the bench measures them.
 */
#ifndef TESTS_TOOLS_NASTY_H
#define TESTS_TOOLS_NASTY_H

#include "base/mem.h"
#include "base/str.h"

static inline void
repeat(struct str *s, const char *text, size_t n)
{
	while (n--)
		str_add(s, text);
}

static inline void
many_keys(struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(s, "key%zu = %zu\n", i, i);
}

static inline void
many_headers(struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(s, "[a.b%zu.c.d.e%zu]\n", i % 100, i);
}

static inline void
many_tables(struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(s, "[[a.b]]\nc.d.e = %zu\n", i);
}

static inline void
many_dotted(struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(s, "a.b.c.d.e.f%zu = 1\n", i);
}

static inline void
many_items(struct str *s, size_t n)
{
	str_add(s, "a = [\n");
	repeat(s, "{ a.b = [ 'x' ] }, # c\n", n);
	str_add(s, "]\n");
}

static inline void
long_strings(struct str *s, size_t n)
{
	str_add(s, "a = \"\"\"");
	repeat(s, "\"\"\\u00e4 \\\n   \n ", n);
	str_add(s, "\"\"\"\nb = 0.");
	repeat(s, "1_2", n);
	str_add(s, "\n");
}

/* One key, and every header leads through all of it. */
static inline void
deep_headers(struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		str_add(s, "[");
		repeat(s, "a.", 100);
		str_addf(s, "b%zu]\n", i);
	}
}

static const struct nasty {
	const char *name;
	void (*make)(struct str *s, size_t n);
} nasty[] = {
	{ "keys", many_keys },
	{ "headers", many_headers },
	{ "arrays of tables", many_tables },
	{ "dotted keys", many_dotted },
	{ "items", many_items },
	{ "long strings", long_strings },
	{ "deep headers", deep_headers },
};

#endif
