/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * How a VM is and why, from what QEMU and the guest say of it. No I/O and no clock: what
 * happened goes in, the state comes out, and news go to whoever keeps them.
 */
#ifndef VM_LIFE_H
#define VM_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

enum life_state {
	LIFE_STARTING, /* QEMU does not run the guest yet */
	LIFE_RUNNING,  /* the guest boots, or is none that says when it is ready */
	LIFE_READY,    /* the guest's init said so */
	LIFE_PAUSED,
	LIFE_SHUTDOWN, /* the guest is off, and QEMU was told to stay (-no-shutdown) */
	LIFE_CRASHED,  /* QEMU runs, and the guest's kernel or init is at its end */
	LIFE_STOPPING, /* it was asked to power off */
	LIFE_STOPPED,  /* it ended as it should */
	LIFE_DEAD      /* it ended otherwise: why says how */
};

struct life {
	bool up, ready, paused, asked, forced, ended, failed;
	bool off;            /* the guest ended; QEMU runs on */
	bool firmware;       /* its owner's: the machine starts by firmware that may find nothing */
	bool booted;         /* a kernel or an init has spoken */
	bool halted;         /* the guest's last record came */
	bool certain;        /* the trouble is known from QEMU, and not by words on a console */
	int64_t boottime_us; /* of the ready record; 0: none */
	char control[40];    /* how the guest can be asked to end: "button,serial"; or "" */
	char app[64];        /* the application that ended last */
	int64_t app_code, app_signal;
	char halt[16];       /* "poweroff": what the guest then did */
	char halt_reason[24]; /* "exit": why */
	int64_t code;        /* the guest's: 0, an application's; -1: not known */
	char shutdown[40];   /* QEMU's reason: "guest-shutdown" */
	char trouble[256];   /* a panic or a failed step, in words */
	char io_error[128];  /* a disk's error since it was resumed last */
	char why[512];       /* how it ended */
	/* Something to be kept: "ready", "shutdown"; more is an object or NULL, taken over. */
	void (*tell)(void *owner, const char *event, json_t *more);
	void *owner;
};

void life_init(struct life *life);
enum life_state life_state(const struct life *life);
const char *life_state_name(enum life_state state);

/* An event of QEMU's; data may be NULL. */
void life_event(struct life *life, const char *name, json_t *data);
/* A line of the console or the control port; it is changed. */
void life_line(struct life *life, char *line);
/* The guest was asked to end; or is ended, however it likes that. */
void life_ask(struct life *life);
void life_force(struct life *life);
/* QEMU is gone: a status of waitpid, and the last words of its own ("" if none). */
void life_end(struct life *life, const char *qemu, int status, const char *words);

/* All that is known, as an object; the caller releases. */
json_t *life_json(const struct life *life);

#endif
