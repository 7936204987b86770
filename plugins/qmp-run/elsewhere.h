/* SPDX-License-Identifier: GPL-3.0-only */
/* How the guest is started by other monitors than QEMU, and by which of them it can be. */
#ifndef QMP_RUN_ELSEWHERE_H
#define QMP_RUN_ELSEWHERE_H

#include <stddef.h>

#include <jansson.h>

#include "vm/guest.h"

/* A kernel option without which the kernel does not boot there; needs.awk makes them. */
struct need {
	const char *vmm, *arch, *name, *value;
};
extern const struct need needs[];
extern const size_t need_count;

/*
 * Adds to the report what starts the guest under each monitor, or why it cannot be
 * started there. person: the guest with names of files; config: its kernel's .config, or
 * NULL if that is not known.
 */
void elsewhere_report(json_t *report, const struct guest *person, const char *config,
                      const char *qemu);

#endif
