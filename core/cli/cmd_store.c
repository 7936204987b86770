/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store: what is kept, whether it is whole, and how it gets smaller. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli/store.h"

static const struct {
	char letter;
	const char *name;
	int64_t seconds;
} units[] = { { 'w', NULL, 604800 }, { 'd', "d", 86400 }, { 'h', "h", 3600 },
	{ 'm', "min", 60 }, { 's', "s", 1 } };

int64_t
store_age(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);
	int64_t seconds;

	if (end == text || n < 0 || *text == '+' || *text == ' ' || strlen(end) != 1)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (units[i].letter == *end)
			return __builtin_mul_overflow(n, units[i].seconds, &seconds) ? -1 : seconds;
	return -1;
}

void
store_age_text(struct str *out, int64_t seconds)
{
	size_t i = 1;

	while (i + 1 < ARRAY_LEN(units) && seconds < units[i].seconds)
		i++;
	str_addf(out, "%lld %s", (long long)(seconds / units[i].seconds), units[i].name);
}

static const struct cmd *const verbs[] = { &cmd_store_ls, &cmd_store_verify, &cmd_store_gc,
	&cmd_store_export, &cmd_store_import, NULL };

const struct cmd cmd_store = {
	.name = "store",
	.synopsis = "COMMAND [OPTIONS]",
	.help = "See, verify, shrink or hand on what is kept of earlier runs",
	.verbs = verbs,
};
