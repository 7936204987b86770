/* SPDX-License-Identifier: GPL-3.0-only */
/* Writes a file and computes its SHA-256 on the way. */
#ifndef FETCH_APT_SUM_H
#define FETCH_APT_SUM_H

#include <stddef.h>
#include <stdint.h>

#include <msmv/plugin.h>

struct sum {
	int fd;
	uint64_t size;
	void *ctx; /* EVP_MD_CTX */
	struct msmv_stage *stage;
	const char *path; /* borrowed */
};

/* Creates or empties path. All return 0, or -1 after a recorded failure. */
int sum_open(struct sum *s, struct msmv_stage *stage, const char *path);
int sum_add(struct sum *s, const void *data, size_t n);
/* Closes; hex gets 64 digits and a NUL. */
int sum_finish(struct sum *s, char hex[65]);
/* Gives the file up. */
void sum_abort(struct sum *s);
/* Copies a file through the sum. */
int sum_copy(struct msmv_stage *stage, const char *from, const char *to, uint64_t *size,
	char hex[65]);

#endif
