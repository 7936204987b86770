/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Shows that reading takes time in proportion to the text: each nasty document once
 * with n items and once with ten times as many. Exit 1 if a ratio says otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "recipe/toml.h"
#include "tools/nasty.h"

#define ITEMS 8000
#define TIMES 10
#define ROUNDS 5

static double
one_round(const struct str *text)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	clock_t from = clock();
	struct value *root = toml_parse("nasty", text->p, text->len, &diags);

	if (!root) {
		cleanup_free char *report = diags_text(&diags);

		fputs(report, stderr);
		exit(EXIT_FAILURE);
	}
	value_free(root);
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

/* Of the fastest round: the others were disturbed. */
static double
seconds(const struct str *text)
{
	double best = one_round(text);

	for (int i = 1; i < ROUNDS; i++) {
		double took = one_round(text);

		best = took < best ? took : best;
	}
	return best;
}

static int
measure(const struct nasty *one)
{
	cleanup_str struct str small = STR_INIT, large = STR_INIT;
	double a, b, bytes;

	one->make(&small, ITEMS);
	one->make(&large, (size_t)ITEMS * TIMES);
	a = seconds(&small);
	b = seconds(&large);
	bytes = (double)large.len / (double)small.len;
	printf("%-18s %9zu bytes %8.4f s   x%.1f bytes x%.1f time\n", one->name, large.len, b,
		bytes, b / a);
	return b > a * bytes * 3 + 0.02;
}

int
main(void)
{
	int result = EXIT_SUCCESS;

	for (size_t i = 0; i < ARRAY_LEN(nasty); i++)
		if (measure(&nasty[i]))
			result = EXIT_FAILURE;
	return result;
}
