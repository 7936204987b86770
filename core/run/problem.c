/* SPDX-License-Identifier: GPL-3.0-only */
/* A plugin may find a thousand things wrong; what is kept of them is bounded. */
#include "run/problem.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

static char *
copy(const struct record *frame, const char *name)
{
	const char *s = record_get(frame, name);

	return s && *s ? xstrdup(s) : NULL;
}

void
problems_take(struct problems *p, const struct record *frame)
{
	struct problem one;

	if (!record_get(frame, "text") || p->seen++ >= PROBLEMS_LIMIT)
		return;
	one = (struct problem){ copy(frame, "option"), copy(frame, "item"),
		xstrdup(record_get(frame, "text")), copy(frame, "hint") };
	vec_push(p, one);
}

bool
problems_say(const struct problems *p, const char *text)
{
	for (size_t i = 0; i < p->len; i++)
		if (streq(p->v[i].text, text))
			return true;
	return false;
}

void
problems_release(struct problems *p)
{
	for (size_t i = 0; i < p->len; i++) {
		free(p->v[i].option);
		free(p->v[i].item);
		free(p->v[i].text);
		free(p->v[i].hint);
	}
	vec_release(p);
	p->seen = 0;
}
