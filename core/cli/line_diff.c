/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Both texts are walked together. Where they part, the nearest place is looked for
 * where they agree again, so many lines further on in either; the walk is linear as
 * long as that is near, and the search is bounded.
 */
#include "cli/line_diff.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "cli/text.h"

enum { SEARCHED = 200 }; /* lines */

typedef VEC(char *) lines;

static void
split(lines *to, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		vec_push(to, xstrndup(text, n));
		text += n + (text[n] == '\n');
	}
}

static void
release(lines *l)
{
	for (size_t i = 0; i < l->len; i++)
		free(l->v[i]);
	vec_release(l);
}

static bool
agree(const lines *a, size_t i, const lines *b, size_t k)
{
	if (i >= a->len || k >= b->len)
		return i >= a->len && k >= b->len;
	return streq(a->v[i], b->v[k]);
}

/* How many lines of each to leave out until they agree; all of them if never. */
static void
resync(const lines *a, size_t i, const lines *b, size_t k, size_t *da, size_t *db)
{
	for (size_t sum = 1; sum <= SEARCHED; sum++) {
		for (size_t x = 0; x <= sum; x++) {
			size_t y = sum - x;

			if (i + x > a->len || k + y > b->len || !agree(a, i + x, b, k + y))
				continue;
			*da = x;
			*db = y;
			return;
		}
	}
	*da = a->len - i;
	*db = b->len - k;
}

static void
show(struct str *out, char mark, const lines *l, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++) {
		str_addc(out, mark);
		str_addc(out, ' ');
		text_clean(out, l->v[i]);
		str_addc(out, '\n');
	}
}

void
line_diff(struct str *out, const char *before, const char *after)
{
	lines a = VEC_INIT, b = VEC_INIT;

	split(&a, before);
	split(&b, after);
	for (size_t i = 0, k = 0; i < a.len || k < b.len;) {
		size_t da, db;

		if (agree(&a, i, &b, k)) {
			i++;
			k++;
			continue;
		}
		resync(&a, i, &b, k, &da, &db);
		str_addf(out, "@@ line %zu\n", i + 1);
		show(out, '-', &a, i, da);
		show(out, '+', &b, k, db);
		i += da;
		k += db;
	}
	release(&a);
	release(&b);
}
