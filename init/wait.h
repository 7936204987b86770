/* SPDX-License-Identifier: GPL-3.0-only */
/* The one place where init sleeps: until a signal comes, a descriptor is ready or a time is there. */
#ifndef INIT_WAIT_H
#define INIT_WAIT_H

#include <stdint.h>

/* Blocks all signals but those that a fault in init raises. First thing in main. The first
   wait opens a way for them, and on a machine takes Ctrl-Alt-Del for one. */
void wait_block(int machine);
/* In a child, before exec: signals do what they do by default, and none is blocked. */
void wait_close(void);
/* A signal that came and has not been told before, or 0. */
int wait_signal(void);
/* In the next sleep came is called when the descriptor has one of the events (or an error). */
void wait_fd(int fd, short events, void (*came)(void *arg, short events), void *arg);
/* Makes *due (0: never) no later than at. */
void wait_at(uint64_t *due, uint64_t at);
/* Sleeps until due_us of CLOCK_MONOTONIC at most, calls, and forgets all descriptors. */
void wait_until(uint64_t due_us);

#endif
