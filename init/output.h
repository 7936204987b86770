/* SPDX-License-Identifier: GPL-3.0-only */
/* What an application writes, where init listens to it: copied to the console, a text looked for. */
#ifndef INIT_OUTPUT_H
#define INIT_OUTPUT_H

#include <stddef.h>

#define OUTPUT_BYTES 512 /* a text that is waited for is shorter */

struct output {
	int fd; /* init's end of the pipe; 0 or less: none */
	const char *text; /* that is waited for, or NULL */
	size_t matched;   /* so much of it was the last that came */
	unsigned found;
	size_t from, size; /* what the console has not taken yet */
	char bytes[OUTPUT_BYTES];
};

/* Returns the application's end of a new pipe, or -1 with errno. */
int output_open(struct output *, const char *text);
/* Asks wait.c for it. */
void output_wait(struct output *);
/* Its writer has ended: what is left goes to the console, as far as that takes it. */
void output_drain(struct output *);
void output_close(struct output *);
/* Takes bytes that came; sets found once the text was among all that came. */
void output_match(struct output *, const char *bytes, size_t size);

#endif
