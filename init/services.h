/* SPDX-License-Identifier: GPL-3.0-only */
/* The applications as a whole: who is started when, who is ready, what an end leads to. */
#ifndef INIT_SERVICES_H
#define INIT_SERVICES_H

#include <stdint.h>
#include <sys/types.h>

struct config;

/* The applications of config; started_us is when init began. */
void services_open(struct config *, uint64_t started_us);
/* Starts the network helper, the last of them: it works while the boot goes on. */
void services_open_network(void);
/* Something that was asked for could not be done: there will be no ready record. */
void services_fail(void);
/* Starts those whose turn it is and looks who is ready; the ready record when all are. */
void services_advance(void);
/* Asks wait.c for all that can change this, and makes *due no later than the next; NULL:
   only for what comes, as services_advance is not called. */
void services_wait(uint64_t *due);
/* A child has ended: if it was an application, what follows from that. */
void service_ended(pid_t pid, int code, int signal);
/* The machine ends: none is started any more, and each gets its stop signal once; all = 0:
   when no application runs that is after it. To be called whenever one has ended. */
void services_stop(int all);
/* Sends it to each application. */
void services_signal(int signal);
/* Whether one runs. */
int services_running(void);

#endif
