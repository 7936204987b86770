/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A QMP client on a connected socket: JSON texts in, events out. It never waits:
 * the owner polls qmp.fd and calls qmp_read. It knows nothing of msmv.
 */
#ifndef VM_QMP_H
#define VM_QMP_H

#include <stddef.h>
#include <stdbool.h>

#include <jansson.h>

struct qmp {
	int fd;           /* -1 after the end of the stream */
	bool ready;       /* QEMU takes commands and sends events */
	char version[64]; /* of QEMU, "7.2.22", from the greeting */
	char error[256];  /* what QEMU answered to a command it refused; or "" */
	char *text;       /* bytes of a message that is not complete yet */
	size_t used, room;
	void (*on_ready)(void *owner);
	/* One event; data is NULL or lives until the function returns. */
	void (*event)(void *owner, const char *name, json_t *data);
	void *owner;
};

/* Takes fd over. */
void qmp_init(struct qmp *qmp, int fd);
void qmp_release(struct qmp *qmp);
/* Handles what has arrived. False at the end of the stream (fd is closed then). */
bool qmp_read(struct qmp *qmp);
/* Sends a command without arguments. False if QEMU cannot take one any more. */
bool qmp_execute(struct qmp *qmp, const char *command);

#endif
