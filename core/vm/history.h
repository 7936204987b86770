/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What happened to all VMs of a root, a JSON object a line, in ROOT/.events. It outlives
 * each of them, so that "deleted" can be read there too.
 *
 *	{"v": 1, "time": "2026-11-26T15:04:05.678Z", "vm": "web", "event": "ready", ...}
 */
#ifndef VM_HISTORY_H
#define VM_HISTORY_H

#include <jansson.h>

/* Now, as it stands in there. */
json_t *history_time(void);
/* Lines of two processes do not mix. more (or NULL) is taken over. At 4 MiB the file
   becomes .events.1. A history that cannot be written stops nothing. */
void history_add(const char *root, const char *vm, const char *event, json_t *more);

#endif
