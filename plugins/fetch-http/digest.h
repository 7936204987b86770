/* SPDX-License-Identifier: GPL-3.0-only */
/* SHA-256 of bytes as they pass by, so that no file is read a second time. */
#ifndef FETCH_HTTP_DIGEST_H
#define FETCH_HTTP_DIGEST_H

#include <stddef.h>

#define DIGEST_HEX 64

struct digest {
	void *ctx; /* EVP_MD_CTX, or NULL while nobody wants the sum */
};

/* 0, or -1 if libcrypto refuses. */
int digest_start(struct digest *d);
int digest_add(struct digest *d, const void *data, size_t n);
/* Lower-case hex; the digest is over and may be started again. */
int digest_finish(struct digest *d, char hex[DIGEST_HEX + 1]);
void digest_release(struct digest *d);
/* The first `n` hex digits of a text's sum, to name files after it. */
int digest_name(const char *text, char *hex, size_t n);

#endif
