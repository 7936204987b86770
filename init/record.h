/* SPDX-License-Identifier: GPL-3.0-only */
/* The lines that the host reads. README.md holds their grammar. */
#ifndef INIT_RECORD_H
#define INIT_RECORD_H

#include <stdint.h>

struct line;

/* A record is begun, fields are added to the line, and it goes to all who listen. */
void record_begin(struct line *, const char *type);
void record_end(const struct line *);

void record_ready(
	uint64_t boottime_us, uint64_t init_us, unsigned apps, const char *control);
void record_exit(const char *app, int code, int signal, const char *then);
void record_halt(const char *action, const char *reason, int code);
/* app may be NULL, error 0. */
void record_fail(const char *step, const char *app, int error, const char *text);

#endif
