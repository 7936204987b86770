/* SPDX-License-Identifier: GPL-3.0-only */
/* SHA-256 through libcrypto, which uses the CPU's instructions where it has them. */
#ifndef MSMV_BASE_SHA256_H
#define MSMV_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SHA256_HEX 65 /* 64 lower-case digits and a NUL */

struct sha256; /* a running hash */

struct sha256 *sha256_new(void);
void sha256_update(struct sha256 *h, const void *data, size_t n);
/* Ends and frees h. */
void sha256_finish(struct sha256 *h, char hex[SHA256_HEX]);
void sha256_free(struct sha256 *h);

void sha256_bytes(const void *data, size_t n, char hex[SHA256_HEX]);
/* From fd's start to its end by pread; size may be NULL. */
int sha256_fd(int fd, char hex[SHA256_HEX], uint64_t *size, struct err *err);
int sha256_file(const char *path, char hex[SHA256_HEX], uint64_t *size, struct err *err);
/* 1 if the text is 64 lower-case hexadecimal digits. */
int sha256_valid(const char *hex);

#endif
