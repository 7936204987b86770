/* SPDX-License-Identifier: GPL-3.0-only */
/* Who is over it is told all at once: one cause may be behind all of them. */
#include "budget.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"

/* As a person writes it: bytes as 1.9 MiB, milliseconds as they are. */
static void
amount(char *text, size_t size, int64_t n, bool bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)n;
	size_t unit = 0;

	if (!bytes) {
		snprintf(text, size, "%lld ms", (long long)n);
		return;
	}
	for (; value >= 1024 && unit < 4; unit++)
		value /= 1024;
	snprintf(text, size, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static int64_t
ready(const struct boot *b, char *most, size_t size)
{
	phases_blame(&b->phases, most, size);
	return b->ready_ms;
}

static int64_t
rss(const struct boot *b, char *most, size_t size)
{
	char memory[32];

	amount(memory, sizeof(memory), b->guest->memory, true);
	snprintf(most, size, "the guest may take %s of it", memory);
	return (int64_t)b->rss_kib * 1024;
}

static int64_t
image(const struct boot *b, char *most, size_t size)
{
	struct file files[FILES_MAX];
	size_t n = files_delivered(b->guest, files), used = 0;
	int64_t sum = 0;
	char text[32];

	most[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		sum += files[i].size;
		amount(text, sizeof(text), files[i].size, true);
		if (used < size)
			used += (size_t)snprintf(most + used, size - used, "%s%s %s",
			                         i ? ", " : "", files[i].name, text);
	}
	return sum;
}

static const struct {
	const char *name, *option;
	bool bytes;
	int64_t (*measure)(const struct boot *, char *most, size_t size);
} table[BUDGETS_MAX] = {
	{ "ready_ms", "budget_ready_ms", false, ready },
	{ "rss", "budget_rss", true, rss },
	{ "image", "budget_image", true, image },
};

/* 0 for none: the least that an option takes is 1. */
static int64_t
limit(const struct boot *b, size_t i)
{
	const struct msmv_host *host = b->stage->host;

	return host->option(b->stage, table[i].option) ? host->option_int(b->stage, table[i].option)
	                                               : 0;
}

size_t
budget_measure(const struct boot *b, struct budget budgets[BUDGETS_MAX])
{
	char most[384];

	for (size_t i = 0; i < BUDGETS_MAX; i++)
		budgets[i] = (struct budget){ .name = table[i].name,
			                      .is = table[i].measure(b, most, sizeof(most)),
			                      .limit = limit(b, i) };
	return BUDGETS_MAX;
}

int
budget_check(struct boot *b)
{
	char text[1024] = "", most[384], is[32], may[32];
	size_t used = 0;

	for (size_t i = 0; i < BUDGETS_MAX; i++) {
		int64_t most_allowed = limit(b, i), n = table[i].measure(b, most, sizeof(most));

		if (!most_allowed || n <= most_allowed || used >= sizeof(text))
			continue;
		amount(is, sizeof(is), n, table[i].bytes);
		amount(may, sizeof(may), most_allowed, table[i].bytes);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		                         "%s%s is %s, the budget is %s (%s)", used ? "; " : "",
		                         table[i].name, is, may, most);
	}
	return used ? boot_fail(b, MSMV_FAIL_RECIPE, "over budget: %s", text) : 0;
}
