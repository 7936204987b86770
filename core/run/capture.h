/* SPDX-License-Identifier: GPL-3.0-only */
/* A program of ours or of the system that is asked one thing and ends. */
#ifndef MSMV_RUN_CAPTURE_H
#define MSMV_RUN_CAPTURE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Runs argv to its end, at most so many seconds; all that it prints is in out. Its wait
 * status, or -1 with err if it could not be run. SIGALRM in the status: it took too long.
 */
int capture(const char *const *argv, unsigned seconds, struct str *out, struct err *err);

#endif
