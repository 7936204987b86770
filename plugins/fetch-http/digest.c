/* SPDX-License-Identifier: GPL-3.0-only */
/* The one place that knows libcrypto. */
#include "digest.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

int
digest_start(struct digest *d)
{
	if (!d->ctx)
		d->ctx = EVP_MD_CTX_new();
	if (!d->ctx || EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1)
		return -1;
	return 0;
}

int
digest_add(struct digest *d, const void *data, size_t n)
{
	return EVP_DigestUpdate(d->ctx, data, n) == 1 ? 0 : -1;
}

int
digest_finish(struct digest *d, char hex[DIGEST_HEX + 1])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_DigestFinal_ex(d->ctx, sum, &n) != 1 || n * 2 != DIGEST_HEX)
		return -1;
	for (unsigned i = 0; i < n; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", sum[i]);
	return 0;
}

void
digest_release(struct digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	d->ctx = NULL;
}

int
digest_name(const char *text, char *hex, size_t n)
{
	struct digest d = {NULL};
	char all[DIGEST_HEX + 1];
	int r = -1;

	if (!digest_start(&d) && !digest_add(&d, text, strlen(text)) &&
		!digest_finish(&d, all)) {
		if (n > DIGEST_HEX)
			n = DIGEST_HEX;
		memcpy(hex, all, n);
		hex[n] = '\0';
		r = 0;
	}
	digest_release(&d);
	return r;
}
