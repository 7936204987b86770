/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The file system's UUID must differ between contents and be the same for the same
 * content. The trees that it is made of have digests already, so these are hashed,
 * not the data again.
 */
#include "stamp.h"

#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

static int
add(EVP_MD_CTX *ctx, const char *text)
{
	return EVP_DigestUpdate(ctx, text, strlen(text) + 1);
}

int
stamp_make(struct msmv_stage *stage, const char *label, unsigned char out[STAMP_SIZE])
{
	const struct msmv_host *host = stage->host;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	int good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) && add(ctx, label ? label : "");

	for (size_t i = 0; good && i < host->input_count(stage, "root"); i++)
		good = add(ctx, host->input_digest(stage, "root", i));
	good = good && EVP_DigestFinal_ex(ctx, digest, NULL);
	EVP_MD_CTX_free(ctx);
	if (good)
		memcpy(out, digest, STAMP_SIZE);
	return good ? 0 : ENOMEM;
}
