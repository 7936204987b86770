/* SPDX-License-Identifier: GPL-3.0-only */
/* One application: a child process in a session of its own. */
#ifndef INIT_APP_H
#define INIT_APP_H

struct app;

/*
 * Starts it and returns when its exec has succeeded: 0, app->pid set. When it
 * could not be started: -1, pid 0, the fail record printed, nothing to reap.
 */
int app_start(struct app *);

#endif
