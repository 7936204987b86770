/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Where the time from QEMU's start to ready went:
 *
 *   start ─ QEMU ─▶ machine runs ─ firmware, decompression ─▶ kernel's clock ─ kernel ─▶ init ─▶ ready
 *
 * The guest's clock says how long kernel and init took, this machine's when ready came;
 * the rest lies between.
 */
#ifndef QMP_RUN_PHASES_H
#define QMP_RUN_PHASES_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "vm/console.h"

enum { PHASES_NAME_MAX = 64, INITCALLS_MAX = 10, STEPS_MAX = 32 };

struct phase {
	char name[PHASES_NAME_MAX];
	int64_t us;
};

struct phases {
	int64_t qemu_ms;               /* from QEMU's start until the machine runs */
	int64_t ready_ms;              /* from QEMU's start until the ready record */
	int64_t boottime_us, init_us;  /* of the ready record; 0: it does not say */
	int64_t memory_kib, available_kib; /* as the kernel tells of it early; 0: it does not */
	struct phase initcalls[INITCALLS_MAX]; /* the slowest first, with initcall_debug */
	size_t initcall_count;
	struct phase steps[STEPS_MAX]; /* of init, in its order */
	size_t step_count;
};

/* Takes what a line of the kernel's says of memory and initcalls. */
void phases_line(struct phases *phases, const char *line);
/* The steps record. */
void phases_steps(struct phases *phases, const struct record *record);
/* Microseconds, or 0 where the guest's clock says nothing or both clocks disagree. */
int64_t phases_firmware_us(const struct phases *phases);
int64_t phases_kernel_us(const struct phases *phases);
/* Members: qemu, firmware, kernel, init in microseconds, initcalls and steps. */
json_t *phases_json(const struct phases *phases);
/* "firmware 0.20 s · kernel 0.81 s · init 4 ms · ready" */
void phases_text(const struct phases *phases, char *text, size_t size);
/* The largest parts first, with the slowest initcalls and steps: "kernel 810 ms, ..." */
void phases_blame(const struct phases *phases, char *text, size_t size);

#endif
