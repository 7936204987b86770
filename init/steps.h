/* SPDX-License-Identifier: GPL-3.0-only */
/* The boot as a table: each step named, timed, and told with what came of it. */
#ifndef INIT_STEPS_H
#define INIT_STEPS_H

#include <stddef.h>
#include <stdint.h>

enum step_result {
	STEP_DONE,
	STEP_PART,   /* something was logged that the guest can live without */
	STEP_FAILED, /* a fail record was written; the guest goes on, but is never ready */
	STEP_FATAL   /* a fail record was written; the machine is to end */
};

struct step {
	const char *name; /* a-z and _ */
	enum step_result (*run)(void);
};

/* The worst of all results. After STEP_FATAL no more steps are taken. */
enum step_result steps_run(const struct step *, size_t count);
/* Adds to the time of a step, one that is new if there is none of that name. */
void steps_add(const char *name, uint64_t us, int failed);
/* The record: all steps, and as "apps" the time since the table's end. */
void steps_say(void);

#endif
