/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The process beside a VM: it starts QEMU, holds its monitor and console, keeps what they
 * say, serves who asks, and ends when QEMU ends. QEMU does not outlive it either: the
 * kernel kills QEMU when this process dies (PR_SET_PDEATHSIG), so that nothing runs that
 * nobody watches.
 */
#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include <poll.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "vm/console.h"
#include "vm/journal.h"
#include "vm/life.h"
#include "vm/qemu.h"
#include "vm/qmp.h"
#include "vm/ring.h"
#include "vm/vsock_ready.h"

/* A connection to qmp.sock. */
struct client {
	long long serial; /* never used twice: a reply finds its client by it */
	int fd;
	bool negotiated;
	int asked; /* commands without an answer yet */
	struct str in, out;
};

/* WAIT_GONE: nothing runs any more; the others take a crash for an end, too. */
enum wait_kind { WAIT_READY, WAIT_END, WAIT_GONE };

/* A command that is answered when something has happened. */
struct waiter {
	long long client;
	json_t *id;          /* owned; NULL: the command had none */
	enum wait_kind what;
};

/* A connection to console.sock. */
struct viewer {
	int fd;
	uint64_t place; /* in the ring */
	bool gone;
};

struct supervisor {
	char *root, *name, *folder; /* owned */
	json_t *config;             /* vm.json */
	const char *qemu_name;      /* as messages say it */
	bool button;                /* the machine has a power button */
	int report;                 /* hears whether the start succeeds; -1: told */
	int lock;                   /* holds the VM */

	struct qemu qemu;
	struct qmp qmp;
	struct life life;
	struct console console, port, errors; /* lines of the three */
	char words[256];             /* QEMU's last line of its own */
	bool named_words;            /* which begins with its name */
	struct ring ring;
	struct journal console_log, qemu_log;
	int console_in;              /* what is typed goes there */
	struct str typed;            /* for the guest, not taken by QEMU yet */

	int signals, qmp_listen, console_listen;
	VEC(struct client *) clients;
	VEC(struct viewer *) viewers;
	VEC(struct waiter) waiters;
	long long last_client;

	double began;                /* Unix time, seconds */
	int64_t began_ms, ready_ms;  /* of the monotonic clock; ready_ms 0: not yet */
	int64_t asked_ms;            /* when the guest was asked to end; 0: it was not */
	int64_t deadline_ms;         /* of its start, or its end; 0: none */
	bool unasked;                /* nobody in the guest could hear of a stop */
	struct vsock_ready vsock;    /* the guest's number, and what it says there */
	int asked_vsock;             /* of a guest that is asked so; -1: none */
	VEC(pid_t) daemons;          /* virtiofsd */
	bool restore_reboot;         /* a reset that was asked for is under way */
};

/* host.c: what of this machine only one VM can have. */
int host_take_ports(struct supervisor *s, struct err *err);
/* Before QEMU starts, so that who listens is there before who calls. */
void host_take_vsock(struct supervisor *s);
/* QEMU's command line with the number that the guest did get; without the device if none. */
void host_words(const struct supervisor *s, char **argv);
void host_on_vsock(struct supervisor *s, void *item, short events);

/* share.c: folders that a virtiofsd serves. -1 with err. */
int share_start(struct supervisor *s, struct err *err);
/* QEMU, which starts next, inherits its ends; after that nobody else has them. */
void share_hand_over(const struct supervisor *s, bool over);
void share_end(struct supervisor *s);

/* machine.c: QEMU from its start to its end. */
int machine_start(struct supervisor *s, struct err *err);
void machine_on_qmp(struct supervisor *s, void *item, short events);
/* Everything that QEMU said before it ended. */
void machine_drain(struct supervisor *s);

/* streams.c: what the guest and QEMU print, and what is typed. */
int streams_open(struct supervisor *s, struct err *err);
void streams_on_console(struct supervisor *s, void *item, short events);
void streams_on_room(struct supervisor *s, void *item, short events);
void streams_on_errors(struct supervisor *s, void *item, short events);
void streams_on_port(struct supervisor *s, void *item, short events);
/* Hands the guest what was typed, as far as QEMU takes it. */
void streams_type(struct supervisor *s);
/* What the guest has printed by now; or that, and all else. */
void streams_hear_guest(struct supervisor *s);
void streams_drain(struct supervisor *s);

/* stop.c: the guest's end, and its reset. */
void stop_begin(struct supervisor *s, int64_t timeout_ms);
void stop_force(struct supervisor *s);
/* A deadline is over: the guest's to end, or QEMU's to start a machine. */
void stop_overdue(struct supervisor *s);
/* A guest that is to end has said that it is ready, and how it can be asked. */
void stop_ask_again(struct supervisor *s);
/* Restarts the guest although a guest's own reset ends QEMU. */
void stop_and_reset(struct supervisor *s, qmp_reply *on_reply, void *owner);
void stop_reset_done(struct supervisor *s);

/* state.c: state.json, and the object that it holds. */
int64_t clock_now_ms(void);
json_t *state_json(const struct supervisor *s);
void state_save(struct supervisor *s);
/* owner is the supervisor: something that life.c tells of. */
void state_news(void *owner, const char *event, json_t *more);

/* server.c: qmp.sock, QMP for any number of clients at a time. */
void server_accept(struct supervisor *s, void *item, short events);
void server_on_client(struct supervisor *s, void *item, short events);
void server_event(void *owner, json_t *event);
/* Forgets clients that are gone. */
void server_sweep(struct supervisor *s);

/* NULL: it is gone. */
struct client *server_find(struct supervisor *s, long long serial);
/* kind is "return" or "error"; value and id are taken over. */
void server_answer(struct supervisor *s, long long serial, json_t *id, const char *kind,
	json_t *value);

/* waiters.c: the client is answered later; id stays the caller's. */
void server_wait(struct supervisor *s, struct client *c, json_t *id, enum wait_kind what);
/* The VM is ready, or has ended: who waits for that is answered. */
void server_news(struct supervisor *s);
void server_forget_waiters(struct supervisor *s, long long client);

/* viewers.c: console.sock. */
void viewers_accept(struct supervisor *s, void *item, short events);
void viewers_on_viewer(struct supervisor *s, void *item, short events);
bool viewer_waits(const struct supervisor *s, const struct viewer *v);
/* What poll is to look for: nothing while the guest does not take what was typed. */
short viewer_events(const struct supervisor *s, const struct viewer *v);
void viewers_sweep(struct supervisor *s);

#endif
