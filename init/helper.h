/* SPDX-License-Identifier: GPL-3.0-only */
/* The network helper: an application of init's own, whose place is behind all others. */
#ifndef INIT_HELPER_H
#define INIT_HELPER_H

struct app;

/* Whether the application is the helper. */
int is_helper(const struct app *);
/* It has ended. */
void helper_ended(struct app *, int code);
/* It could not be started. */
void helper_failed(struct app *);
/* Its time to become ready is over. */
void helper_late(struct app *);
/* Asks wait.c for what it says. */
void helper_wait(struct app *);

#endif
