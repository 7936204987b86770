/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * kbuild says what it does in lines of two blanks, a word in capitals and a
 * file. Counting them is cheap; their number is known only from an earlier
 * build, as asking make for it beforehand costs a good part of a build.
 */
#include "progress.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/text.h"

int
progress_step(const char *line, const char **what)
{
	size_t word;

	if (line[0] != ' ' || line[1] != ' ')
		return 0;
	line += 2;
	word = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-[]");
	if (word < 2 || line[word] != ' ')
		return 0;
	*what = line + word + strspn(line + word, " ");
	return **what != '\0';
}

void
progress_line(struct msmv_stage *s, const char *line, void *arg)
{
	struct progress *p = arg;
	const char *what;

	if (!progress_step(line, &what))
		return;
	p->done++;
	/* A build that takes more steps than the last one has no known end. */
	if (p->total && p->done >= p->total)
		p->total = 0;
	s->host->progress(s, p->done, p->total, what);
}

uint64_t
progress_recall(const char *folder)
{
	cleanup_free char *path = xformat("%s/steps", folder);
	cleanup_text struct text bytes = { 0 };

	return file_read(path, &bytes) < 0 ? 0 : strtoull(bytes.p, NULL, 10);
}

/* Nothing depends on it but the display, so a failure to write is no failure. */
void
progress_remember(const char *folder, uint64_t steps)
{
	cleanup_free char *path = xformat("%s/steps", folder);
	cleanup_free char *bytes = xformat("%llu\n", (unsigned long long)steps);

	(void)file_write(path, bytes, strlen(bytes));
}
