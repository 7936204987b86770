/* SPDX-License-Identifier: GPL-3.0-only */
/* What init does for the rest of its life. */
#ifndef INIT_EVENTS_H
#define INIT_EVENTS_H

#include "config.h"

/*
 * The machine is to end: why and code are those of the halt record. The first
 * one counts; what comes later cannot undo an end that has begun.
 */
void events_end(enum halt_action, const char *why, int code);
/* Whether its end has begun. */
int events_ending(void);
/*
 * Waits for the end of a child of init's own before the applications begin, and hears
 * signals and hosts meanwhile. Returns its status as of waitpid(2), or -1: the machine is
 * to end, and the child has not in grace_ms.
 */
int events_await(pid_t, unsigned grace_ms);
void __attribute__((noreturn)) events_run(const struct config *);

#endif
