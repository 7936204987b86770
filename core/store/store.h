/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The store: blobs by content, results by action key, scratch folders.
 *
 *	blobs/ab/cdef...     read-only files, named by their SHA-256
 *	actions/ab/cdef...   one record per action key: what was asked, what came out
 *	claims/lock          a byte for each result is locked by whoever makes it
 *	scratch/KEY/         persistent work folders of stages, each with KEY.lock; while a
 *	                     stage in a sandbox has it, in tmp (scratch.h)
 *	ccache/              what compilers said (msmv run --ccache)
 *	facts/KEY            what plugins found out about this machine
 *	runs/RECIPE/         logs and state of the last run of a recipe
 *	runs/null-RECIPE     what its last run said that had nothing to do, see null_run.h
 *	tmp/PID.N/           one per process, locked while it lives
 *
 * Whatever is published is written to tmp, synced, renamed, and the folder synced (batch.h);
 * a result is published after its blobs. So kill -9 at any moment leaves only a
 * tmp folder, which the next start removes.
 */
#ifndef MSMV_STORE_STORE_H
#define MSMV_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/record.h"
#include "base/sha256.h"
#include "store/batch.h"

enum { STORE_FORMAT = 1 };

struct store {
	char *dir;
	char *tmp;    /* this process's own folder */
	int tmp_lock; /* held while we live */
	unsigned next;
};

/* Makes what is missing and removes what dead processes left. */
int store_open(struct store *s, const char *dir, struct err *err);
void store_close(struct store *s);
/* Until the descriptor is closed no other process opens it; -1 if one has it open. */
int store_alone(const struct store *s, struct err *err);

/* All of these: owned by the caller. */
char *store_path(const struct store *s, const char *sub);
char *store_blob_path(const struct store *s, const char *digest);
char *store_result_path(const struct store *s, const char *key);
/*
 * Replaces a file of the store that can be done without: whoever dies over it leaves nothing
 * beside it. It may be cut short after a crash of the machine, so it says where it ends.
 */
int store_write(const struct store *s, const char *path, const void *data, size_t n,
	struct err *err);
/* A new empty folder under tmp. NULL with err. */
char *store_temp_dir(struct store *s, struct err *err);

/* Is the blob there with that size? (A damaged one is found when it is read.) */
bool store_has_blob(const struct store *s, const char *digest, uint64_t size);
/* Hashes a regular file of this file system and moves it in, also over a damaged one. */
int store_put_blob(struct store *s, const char *path, char digest[SHA256_HEX],
	uint64_t *size, struct err *err);
/* The same, but it gets its name when the batch is published. */
int store_add_blob(struct store *s, struct batch *b, const char *path, char digest[SHA256_HEX],
	uint64_t *size, struct err *err);
/* Compares a blob with its name; a damaged one is put aside: -1, and err's code is EUCLEAN. */
int store_check_blob(struct store *s, const char *digest, struct err *err);

/* 1 and the record, 0 if there is none or it is damaged. */
int store_get_result(const struct store *s, const char *key, struct record *out);
/*
 * Notes when a run took the result, for those that clear away what nobody takes: seconds
 * since 1970, of which the latest counts; 0: now.
 */
void store_touch_result(const struct store *s, const char *key, int64_t when);
/* Removes a result, not what it names. */
int store_drop_result(const struct store *s, const char *key, struct err *err);
int store_put_result(struct store *s, const char *key, const struct record *r,
	struct err *err);
int store_add_result(struct store *s, struct batch *b, const char *key, const struct record *r,
	struct err *err);

#endif
