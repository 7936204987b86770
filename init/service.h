/* SPDX-License-Identifier: GPL-3.0-only */
/* One application's life, between services.c, which has all of them, and helper.c. */
#ifndef INIT_SERVICE_H
#define INIT_SERVICE_H

struct app;

/* Starts it, for the first time or again, and what follows if that cannot be. */
void service_start(struct app *);
/* Looks whether it is ready, or will not be in its time. */
void service_look(struct app *);
/* It runs no more: what the configuration makes of that. pid is 0 already. */
void service_end(struct app *, int code, int signal);
/* To be started again, later each time while it ends soon. */
void service_restart(struct app *);

#endif
