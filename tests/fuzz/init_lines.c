/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What process 1 reads of others while the machine runs: a host's lines, what an
 * application writes, the kernel's list of sockets.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/control.h"
#include "../../init/events.h"
#include "../../init/output.h"
#include "../../init/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned ends;

/* In place of the loop's: only a line that says so may end the machine. */
void
events_end(enum halt_action action, const char *why, int code)
{
	ends++;
	if ((action != HALT_AUTO && action != HALT_REBOOT) || strcmp(why, "control") != 0 ||
		code != 0)
		abort();
}

static void
lines(const char *text, size_t size)
{
	struct control_input in = {.size = 0};
	size_t answers = 0, wanted = 0;

	ends = 0;
	for (size_t i = 0; i < size; i++) {
		const char *answer = control_byte(&in, text[i]);

		wanted += text[i] == '\n';
		answers += answer != NULL;
		if (answer && answer[strlen(answer) - 1] != '\n')
			abort();
		if (in.size > CONTROL_LINE + 1)
			abort();
	}
	/* Each line has one answer, and "ok" is that of an end. */
	if (answers != wanted || ends > answers)
		abort();
}

/* The text is all before the first NUL, what is searched all behind it. */
static void
match(const char *text, size_t size)
{
	size_t n = strlen(text);
	struct output o = {.text = text};

	if (n == 0 || n >= size)
		return;
	output_match(&o, text + n + 1, size - n - 1);
	if (o.found != (memmem(text + n + 1, size - n - 1, text, n) != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	lines(text, size);
	match(text, size);
	if (probe_line(text, 80) > 1)
		abort();
	free(text);
	return 0;
}
