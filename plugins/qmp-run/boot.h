/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One boot: QEMU is started, the guest is listened to until there is a verdict,
 * QEMU is ended.
 *
 *   start ─▶ ready? ─▶ checks ─▶ the application's first moments ─▶ end ─▶ budget ─▶ verdict
 *              │ panic, fail record, early end, silence, time-out                        ▲
 *              └─────────────────────────────────────────────────────────────────────────┘
 */
#ifndef QMP_RUN_BOOT_H
#define QMP_RUN_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include <msmv/plugin.h>

#include "check.h"
#include "phases.h"
#include "vm/console.h"
#include "vm/guest.h"
#include "vm/qemu.h"
#include "vm/qmp.h"
#include "vm/vsock_ready.h"

enum { BOOT_EXITS_MAX = 32 };

/* What a boot is judged by. Times in milliseconds. */
struct boot_rules {
	int64_t timeout, silence;
	int64_t linger;    /* listen so long after ready */
	int64_t life;      /* first byte of the console at the latest; 0: no such rule */
	const char *expect; /* must be on the console; or NULL */
	int64_t exit_code; /* of applications that end within linger; -1: any */
	bool powerdown;    /* the guest must follow the power button */
	bool button;       /* the machine has one; else the guest's init is told */
};

struct boot_exit {
	char app[64], then[16];
	int64_t code, signal;
};

struct boot {
	struct msmv_stage *stage;
	const struct guest *guest;
	const struct boot_rules *rules;
	struct checks *checks; /* after ready; or NULL */
	struct vsock_ready *vsock; /* the guest's other way to say it; or NULL */
	const char *qemu_name;
	int log; /* file that gets the console as it is */

	/* What the guest said. */
	bool ready, expected; /* expected: rules->expect was seen or is NULL */
	int64_t apps;
	struct phases phases;
	struct boot_exit exits[BOOT_EXITS_MAX];
	size_t exit_count;
	char halt[32]; /* action of the halt record, or "" */

	/* What the host saw. */
	int64_t ready_ms, end_ms; /* since QEMU's start */
	int64_t vsock_ready_ms;   /* the same of the ready record over vsock; 0: none came */
	const char *end;          /* "guest", "powerdown", "quit", "sigterm", "sigkill" */
	char qemu_version[64];
	long rss_kib;

	/* The verdict: code 0 is success. */
	int code; /* enum msmv_fail */
	char why[1024];
	bool lifeless; /* it failed without one byte from the guest, or QEMU gave up */
	bool blames_kvm; /* KVM gave up, or was silent while QEMU lived: it will again */

	/* Inside. */
	struct qemu qemu;
	struct qmp qmp;
	struct console console;
	struct console errors; /* QEMU's own messages */
	int64_t started, heard;
	bool rested;           /* a line without an end was taken for whole since then */
	uint64_t kept;         /* bytes of the console in the files */
	char last[256];        /* last line of the console that is not blank */
	char complaint[512];   /* last line of QEMU's own messages */
	char reason[64];       /* of the SHUTDOWN event */
	bool stopped;          /* QEMU stopped the machine by itself */
	bool gone;             /* nothing can come any more */
	bool powering_down;
};

/* Fills the fields from ready on. Returns 0, or -1 with code and why set. */
int boot_run(struct boot *boot);

/* The first call counts. Returns -1. For boot.c and listen.c. */
int boot_fail(struct boot *boot, int code, const char *fmt, ...) MSMV_PRINTF(3, 4);
/* Connects console, QMP and error stream to the fields above. */
void boot_listen(struct boot *boot);
/* Reads what has come within so many milliseconds. False when nothing can come. */
bool boot_hear(struct boot *boot, int64_t milliseconds);
/* -1 when the run shall end or QEMU stopped the guest. Else 0. */
int boot_judge(struct boot *boot);
/* Nothing is worth waiting for: there is a verdict, or will be with boot_judge. */
bool boot_over(const struct boot *boot);
/* Goes on listening for so long, or until boot.gone. */
void boot_listen_for(struct boot *boot, int64_t milliseconds);
int64_t boot_now(void);

#endif
