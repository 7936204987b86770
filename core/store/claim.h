/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Several processes on one store: whoever is about to make a result claims its key, so
 * that nobody else makes it at the same time. A claim ends with its process.
 */
#ifndef MSMV_STORE_CLAIM_H
#define MSMV_STORE_CLAIM_H

#include "store/store.h"

/* A descriptor that holds the claim; -1 if another process has it, or with err. */
int claim_take(const struct store *s, const char *key, struct err *err);
/* Ends it; fd may be -1. */
void claim_give(const char *key, int fd);

#endif
