/* SPDX-License-Identifier: GPL-3.0-only */
#include "steps.h"

#include <string.h>
#include <time.h>

#include "console.h"
#include "line.h"
#include "record.h"

#define STEPS_MAX 24

static struct {
	const char *name;
	uint64_t us;
	int failed;
} taken[STEPS_MAX];
static unsigned count;
static uint64_t table_us; /* when the last table was through */

void
steps_add(const char *name, uint64_t us, int failed)
{
	unsigned i = 0;

	while (i < count && strcmp(taken[i].name, name) != 0)
		i++;
	if (i == STEPS_MAX)
		return;
	if (i == count)
		count++;
	taken[i].name = name;
	taken[i].us += us;
	taken[i].failed |= failed;
}

/* *at: when it began, then when it was through. */
static enum step_result
take(const struct step *s, uint64_t *at)
{
	enum step_result result = s->run();
	uint64_t now = clock_us(CLOCK_MONOTONIC), us = now - *at;

	*at = now;
	steps_add(s->name, us, result != STEP_DONE);
	if (result == STEP_DONE)
		log_msg(LOG_DEBUG, "step %s: %u us", s->name, (unsigned)us);
	else
		log_msg(LOG_WARN, "step %s: not all of it could be done, %u us", s->name,
			(unsigned)us);
	return result;
}

enum step_result
steps_run(const struct step *steps, size_t n)
{
	enum step_result worst = STEP_DONE;

	table_us = clock_us(CLOCK_MONOTONIC);
	for (size_t i = 0; i < n && worst != STEP_FATAL; i++) {
		enum step_result result = take(&steps[i], &table_us);

		worst = result > worst ? result : worst;
	}
	return worst;
}

void
steps_say(void)
{
	struct line l;
	int first = 1;

	steps_add("apps", clock_us(CLOCK_MONOTONIC) - table_us, 0);
	record_begin(&l, "steps");
	for (unsigned i = 0; i < count; i++) {
		line_fmt(&l, " %s_us=", taken[i].name);
		line_num(&l, taken[i].us, 0);
	}
	for (unsigned i = 0; i < count; i++) {
		if (!taken[i].failed)
			continue;
		line_fmt(&l, "%s%s", first ? " failed=" : ",", taken[i].name);
		first = 0;
	}
	record_end(&l);
}
