/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The file system's UUID must differ between contents and be the same for the
 * same content; nobody's safety hangs on it. So it is a GMAC under a fixed key,
 * which takes a third of the time of a digest: the image's own digest is the
 * store's affair.
 */
#include "stamp.h"

#include <errno.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

int
stamp_open(struct stamp *stamp)
{
	static const unsigned char key[16] = "msmv file system";
	unsigned char iv[12] = { 0 };
	char cipher[] = "AES-128-GCM";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, iv, sizeof(iv)),
		OSSL_PARAM_construct_end(),
	};

	stamp->mac = EVP_MAC_fetch(NULL, "GMAC", NULL);
	stamp->ctx = stamp->mac ? EVP_MAC_CTX_new(stamp->mac) : NULL;
	if (!stamp->ctx || !EVP_MAC_init(stamp->ctx, key, sizeof(key), params))
		return ENOTSUP;
	return 0;
}

void
stamp_add(struct stamp *stamp, const void *data, size_t size)
{
	if (stamp->ctx)
		EVP_MAC_update(stamp->ctx, data, size);
}

int
stamp_get(struct stamp *stamp, unsigned char out[STAMP_SIZE])
{
	size_t size;

	return EVP_MAC_final(stamp->ctx, out, &size, STAMP_SIZE) ? 0 : EIO;
}

void
stamp_release(struct stamp *stamp)
{
	EVP_MAC_CTX_free(stamp->ctx);
	EVP_MAC_free(stamp->mac);
}
