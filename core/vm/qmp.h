/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A QMP client on a connected socket: JSON texts in, events and replies out. It never
 * waits: the owner polls qmp.fd and calls qmp_read, and qmp_flush when qmp.out_used is not 0
 * and there is room. It knows nothing of msmv.
 */
#ifndef VM_QMP_H
#define VM_QMP_H

#include <stddef.h>
#include <stdbool.h>

#include <jansson.h>

/*
 * What became of a command: QEMU's value, or its error (class and desc), or neither
 * when the stream ended first. Both live until the function returns.
 */
typedef void qmp_reply(void *owner, json_t *value, json_t *error);

struct qmp_command;

struct qmp {
	int fd;           /* -1 after the end of the stream */
	bool ready;       /* QEMU takes commands and sends events */
	bool foreign;     /* something came that is no QMP */
	char version[64]; /* of QEMU, "7.2.22", from the greeting */
	char error[256];  /* what QEMU answered to a command it refused; or "" */
	char *text;       /* bytes of a message that is not complete yet */
	size_t used, room;
	char *out;                   /* commands that QEMU did not take yet */
	size_t out_used;
	long long last_id;           /* of the commands sent so far */
	struct qmp_command *waiting; /* those without a reply yet, newest first */
	void (*on_ready)(void *owner);
	/* One event; data is NULL or lives until the function returns. */
	void (*event)(void *owner, const char *name, json_t *data);
	/* The same event as QEMU sent it, with its time; or NULL. */
	void (*message)(void *owner, json_t *event);
	void *owner;
};

/* Takes fd over. */
void qmp_init(struct qmp *qmp, int fd);
/* Commands without a reply hear of the end. */
void qmp_release(struct qmp *qmp);
/* Handles what has arrived. False at the end of the stream (fd is closed then). */
bool qmp_read(struct qmp *qmp);
/* Sends what waits, as far as there is room. */
void qmp_flush(struct qmp *qmp);
/* Sends a command without arguments. False if QEMU cannot take one any more. */
bool qmp_execute(struct qmp *qmp, const char *command);
/*
 * Sends a command; arguments (or NULL) are taken over. Its reply is found by its id and
 * goes to on_reply, just once. False, and no reply ever, if QEMU cannot take one.
 */
bool qmp_ask(struct qmp *qmp, const char *command, json_t *arguments, qmp_reply *on_reply,
             void *owner);
/* Nobody waits any more for the replies that are due: they are dropped as they come. */
void qmp_forget(struct qmp *qmp);

#endif
