/* SPDX-License-Identifier: GPL-3.0-only */
/* The end of the machine. */
#ifndef INIT_HALT_H
#define INIT_HALT_H

#include "config.h"

/* What AUTO means on this machine; the others mean themselves. */
enum halt_action halt_resolve(enum halt_action);
/* Unmounts, prints the halt record and ends the machine. Processes are gone by now. */
void __attribute__((noreturn))
halt_machine(const struct config *, enum halt_action, const char *reason, int code);
/* From here on a fatal signal in init itself says so and restarts the machine. */
void halt_on_crash(void);

/* From here on halt_machine only ends this process, and halt_kill reaches its children only. */
void halt_locally(void);
/* Sends a signal to all processes. */
void halt_kill(int signal);
/* The same once more for those that were somebody else's children before: a machine's
   have all had it. */
void halt_kill_left(int signal);

#endif
