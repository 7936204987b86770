/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * [run.checks.NAME]: what a guest that is ready must do as well. A check is tried until it
 * passes or its time is over; meanwhile the guest is listened to, so that a crash is seen.
 */
#ifndef QMP_RUN_CHECK_H
#define QMP_RUN_CHECK_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <msmv/plugin.h>

#include "vm/guest.h"

struct boot;

enum {
	CHECKS_MAX = 64,
	CHECK_CAME_MAX = 512,
	CHECK_TURN_MS = 20,       /* the guest is listened to for so long at a time */
	CHECK_ANSWER_MAX = 65536  /* of what comes, so much is looked at */
};

enum check_kind { CHECK_CONSOLE, CHECK_TCP, CHECK_HTTP, CHECK_COMMAND };

struct check {
	const char *name;
	enum check_kind kind;
	/* The text of console, the path of http, the script of command; NULL: tcp's, or a
	   console's that has a pattern alone. */
	const char *what;
	const char *send; /* to a TCP port; or NULL */
	const char *text; /* what comes must hold it; or NULL */
	const char *pattern; /* and match it; or NULL */
	regex_t regex;       /* of pattern */
	int port;         /* of the guest: tcp, http */
	int status;       /* of http */
	int exit_code;    /* of command */
	int64_t timeout;  /* milliseconds */

	/* The course of it. */
	bool seen;        /* a line of the console was right */
	bool passed;
	int64_t passed_ms; /* since QEMU's start */
	int64_t tries;
	char came[CHECK_CAME_MAX]; /* the last time, for a person; "": nothing yet */
};

struct checks {
	struct check item[CHECKS_MAX];
	size_t count;
};

/* From the options check_*. -1 after each problem was said at its place. */
int checks_read(struct msmv_stage *stage, struct checks *checks);
/* Before a boot: nothing was seen yet. */
void checks_begin(struct checks *checks);
/*
 * A line of the console. A part of one, which is not ended yet, is asked for texts alone: a
 * pattern may match a part of what it does not match as a whole.
 */
void checks_line(struct checks *checks, const char *line, bool whole);
/* After ready. -1 with the boot's code and why set. */
int checks_run(struct boot *boot);

/* What was expected, for a person. */
void check_expected(const struct check *check, char *text, size_t size);
/* Whether text has what the check wants of it. */
bool check_text(const struct check *check, const char *text);

/* ---- check_try.c ------------------------------------------------------- */

/*
 * One try, at most until deadline (boot_now's clock). What came is in check.came; true if
 * it is right. forwards: how the guest's ports are reached.
 */
bool check_try(struct boot *boot, struct check *check, int64_t deadline);

/* The first line of what came, printable, behind a word or two. */
void check_came(struct check *check, const char *before, const char *text);
/* A try that time cuts off says nothing that a former one did not say better. */
void check_came_nothing(struct check *check, const char *text);

/* ---- check_tcp.c ------------------------------------------------------- */

bool check_tcp(struct boot *boot, struct check *check, int64_t deadline);

/* ---- check_http.c ------------------------------------------------------ */

/* In a process of its own: GET, then what came as text on standard output. Its exit status. */
int check_http(const struct check *check, int port, int64_t timeout_ms);

#endif
