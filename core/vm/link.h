/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One command after another to a QMP server, waiting for each: for who has nothing else
 * to do. Each way of failing is its own, as scripts tell them apart.
 */
#ifndef VM_LINK_H
#define VM_LINK_H

#include <stdint.h>

#include "base/err.h"
#include "vm/qmp.h"

enum link_result {
	LINK_DONE = 0,
	LINK_NONE,    /* no socket there, or nobody listens */
	LINK_REFUSED, /* QEMU answered with an error; or this is no QMP */
	LINK_TIMEOUT,
	LINK_GONE     /* the other side went before it answered */
};

struct link {
	struct qmp qmp;
	char *path; /* owned */
	json_t *value, *error;
	bool answered;
	char shutdown[40]; /* the reason of a SHUTDOWN event; "": none came */
};

/* Connects and negotiates, in so many milliseconds. The caller closes in any case. */
enum link_result link_open(struct link *link, const char *path, int timeout_ms,
	struct err *err);
/*
 * arguments (or NULL) are taken over; timeout_ms -1: as long as it takes. *value (may be
 * NULL) is the caller's.
 */
enum link_result link_call(struct link *link, const char *command, json_t *arguments,
	int timeout_ms, json_t **value, struct err *err);
/* Waits for the SHUTDOWN event or the end of the stream. LINK_DONE or LINK_TIMEOUT. */
enum link_result link_wait_end(struct link *link, int timeout_ms);
void link_close(struct link *link);

#endif
