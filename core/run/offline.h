/* SPDX-License-Identifier: GPL-3.0-only */
/* A run without the network: is everything there? */
#ifndef MSMV_RUN_OFFLINE_H
#define MSMV_RUN_OFFLINE_H

#include "run/runner.h"

/*
 * Before any work: fails with the list of all sources that are not in the store and
 * that no place on this machine has. What can be tried here is not tried.
 */
int offline_check(struct run *r, struct err *err);

#endif
