/* SPDX-License-Identifier: GPL-3.0-only */
/* What init does for the rest of its life. */
#ifndef INIT_EVENTS_H
#define INIT_EVENTS_H

struct config;

/* Blocks all signals but those that a fault in init raises. First thing in main. */
void events_block(void);
/* The machine is to end as soon as events_run is reached, because something failed. */
void events_fail(void);
/* Starts all applications; returns how many could not be started. */
unsigned events_start_apps(struct config *);
void __attribute__((noreturn)) events_run(struct config *);

#endif
