/* SPDX-License-Identifier: GPL-3.0-only */
/* Content addresses: the one digest that names blobs, actions and plugins. */
#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { CHUNK = 256 * 1024 };

struct sha256 {
	EVP_MD_CTX *ctx;
};

/* OpenSSL 3 looks for who provides it each time it is asked by name; so it is asked once. */
static const EVP_MD *
algorithm(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	static EVP_MD *found;

	if (!found)
		found = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (found)
		return found;
#endif
	return EVP_sha256();
}

struct sha256 *
sha256_new(void)
{
	struct sha256 *h = xcalloc(1, sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	if (!h->ctx || EVP_DigestInit_ex(h->ctx, algorithm(), NULL) != 1)
		abort();
	return h;
}

void
sha256_update(struct sha256 *h, const void *data, size_t n)
{
	if (EVP_DigestUpdate(h->ctx, data, n) != 1)
		abort();
}

void
sha256_finish(struct sha256 *h, char hex[SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[32];

	if (EVP_DigestFinal_ex(h->ctx, md, NULL) != 1)
		abort();
	for (size_t i = 0; i < sizeof(md); i++) {
		hex[2 * i] = digits[md[i] >> 4];
		hex[2 * i + 1] = digits[md[i] & 15];
	}
	hex[64] = '\0';
	sha256_free(h);
}

void
sha256_free(struct sha256 *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void
sha256_bytes(const void *data, size_t n, char hex[SHA256_HEX])
{
	struct sha256 *h = sha256_new();

	sha256_update(h, data, n);
	sha256_finish(h, hex);
}

int
sha256_fd(int fd, char hex[SHA256_HEX], uint64_t *size, struct err *err)
{
	cleanup_free char *buf = xmalloc(CHUNK);
	struct sha256 *h = sha256_new();
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buf, CHUNK, at)) > 0) {
		sha256_update(h, buf, (size_t)n);
		at += n;
	}
	if (n < 0) {
		sha256_free(h);
		return err_errno(err, "read");
	}
	sha256_finish(h, hex);
	if (size)
		*size = (uint64_t)at;
	return 0;
}

int
sha256_file(const char *path, char hex[SHA256_HEX], uint64_t *size, struct err *err)
{
	cleanup_close int fd = fs_open(path);

	if (fd < 0)
		return err_errno(err, "open %s", path);
	if (sha256_fd(fd, hex, size, err) < 0)
		return err_wrap(err, "%s", path);
	return 0;
}

int
sha256_valid(const char *hex)
{
	return strlen(hex) == 64 && strspn(hex, "0123456789abcdef") == 64;
}
