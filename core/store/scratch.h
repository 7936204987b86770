/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Scratch folders outlive the stages that work in them. For the time of a stage in a sandbox
 * its folder is moved to where that stage alone sees it, and then back; so it reaches no
 * other stage's, and no name of a key.
 */
#ifndef MSMV_STORE_SCRATCH_H
#define MSMV_STORE_SCRATCH_H

#include "store/store.h"

/* A folder's name: the first digits of its key's SHA-256. */
enum { SCRATCH_HEX = 32 };

bool scratch_valid(const char *hex);
/*
 * Moves the folder, or a new one, into a folder of this store's file system; a process that
 * died with it still has it for those that ask. A descriptor
 * that holds it; -1 if another stage has it, or with err.
 */
int scratch_lend(const struct store *s, const char *hex, const char *into, struct err *err);
/* Moves it back, in place of any other, and gives up the hold. */
void scratch_return(const struct store *s, const char *hex, const char *from, int fd);
/*
 * Of a temporary folder of a process that is gone: what it had on loan goes back. False if
 * something is there yet that must not be lost.
 */
bool scratch_rescue(const struct store *s, const char *tmp);
/* Removes those that no stage has worked in since. The caller holds store_alone. */
void scratch_forget(const struct store *s, int64_t before);

#endif
