/* SPDX-License-Identifier: GPL-3.0-only */
/* Keeps the few headers that decide what a body is worth. */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
answer_clear(struct answer *a)
{
	a->status = 0;
	a->etag[0] = a->modified[0] = a->range[0] = a->length[0] = '\0';
	a->wait_s = 0;
	a->lengths_differ = 0;
}

static void
take_length(struct answer *a, const char *value)
{
	if (a->length[0] && strcmp(a->length, value) != 0)
		a->lengths_differ = 1;
	snprintf(a->length, sizeof(a->length), "%s", value);
}

static void
take_wait(struct answer *a, const char *value)
{
	unsigned long s = strtoul(value, NULL, 10); /* a date counts as 0 */

	a->wait_s = s > 3600 ? 3600 : (unsigned)s;
}

/* An empty validator is worth no less than one too long to keep: none. */
static void
take_etag(struct answer *a, const char *value)
{
	if (value[0] == '"' && strlen(value) < sizeof(a->etag))
		snprintf(a->etag, sizeof(a->etag), "%s", value);
}

static void
take_modified(struct answer *a, const char *value)
{
	if (strlen(value) < sizeof(a->modified))
		snprintf(a->modified, sizeof(a->modified), "%s", value);
}

static void
take_range(struct answer *a, const char *value)
{
	snprintf(a->range, sizeof(a->range), "%s", value);
}

static void
header_take(struct answer *a, const char *name, const char *value)
{
	static const struct {
		const char *name;
		void (*take)(struct answer *, const char *);
	} rows[] = {
		{"content-length", take_length},
		{"content-range", take_range},
		{"etag", take_etag},
		{"last-modified", take_modified},
		{"retry-after", take_wait},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcasecmp(name, rows[i].name))
			rows[i].take(a, value);
}

void
answer_line(struct answer *a, const char *data, size_t n)
{
	char line[2048];
	char *value;

	if (n >= sizeof(line))
		return; /* none of ours is so long */
	memcpy(line, data, n);
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!strncasecmp(line, "HTTP/", 5)) {
		answer_clear(a); /* a 100 Continue may have come before */
		a->status = strtol(line + strcspn(line, " "), NULL, 10);
		return;
	}
	value = strchr(line, ':');
	if (!value)
		return;
	*value++ = '\0';
	header_take(a, line, value + strspn(value, " \t"));
}

int
answer_range(const struct answer *a, uint64_t *from, uint64_t *total)
{
	const char *s = a->range;
	unsigned long long first, last, all = 0;
	int used = 0;

	if (sscanf(s, "bytes %llu-%llu/%n", &first, &last, &used) != 2 || !used ||
		last < first)
		return -1;
	if (strcmp(s + used, "*") != 0 && (sscanf(s + used, "%llu", &all) != 1 || all <= last))
		return -1;
	*from = first;
	*total = all;
	return 0;
}
