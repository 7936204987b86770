/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Edit distance in which a swap of two neighbours is one slip, as typing makes it.
 * Case, and '-' for '_', cost nothing: they are the likeliest slips of all.
 */
#include "base/suggest.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

#define LONGEST 64 /* longer words are not typed by hand */

static int
fold(char c)
{
	return c == '-' ? '_' : tolower((unsigned char)c);
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Anything from limit on when it is not less: most words part at their first letters. */
static size_t
distance(const char *a, size_t n, const char *b, size_t m, size_t limit)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t least = 0;

	for (size_t k = 0; k <= m; k++)
		last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t *spare = before, least_before = least;

		row[0] = least = i;
		for (size_t k = 1; k <= m; k++) {
			size_t cost = fold(a[i - 1]) != fold(b[k - 1]);

			row[k] = min3(last[k] + 1, row[k - 1] + 1, last[k - 1] + cost);
			if (i > 1 && k > 1 && fold(a[i - 1]) == fold(b[k - 2]) &&
				fold(a[i - 2]) == fold(b[k - 1]) &&
				before[k - 2] + 1 < row[k])
				row[k] = before[k - 2] + 1;
			least = row[k] < least ? row[k] : least;
		}
		/* A swap looks two rows back, no step looks further. */
		if (least >= limit && least_before >= limit)
			return limit;
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

const char *
suggest(const char *word, const char *const *known, size_t n)
{
	size_t len = strlen(word), best = len / 3 + (len < 3) + 1;
	const char *found = NULL;

	if (len > LONGEST)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(known[i]), d;

		if (m > LONGEST || (m > len ? m - len : len - m) >= best)
			continue;
		d = distance(word, len, known[i], m, best);
		/* As many slips as letters is another word, not a typing error. */
		if (d < best && d < m) {
			best = d;
			found = known[i];
		}
	}
	return found;
}
