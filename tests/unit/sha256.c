/* SPDX-License-Identifier: GPL-3.0-only */
/* The digests that FIPS 180-2 prints, by every way that leads to one. */
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

#define MILLION 1000000

static const char of_nothing[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char of_abc[] =
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char of_million_a[] =
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

START_TEST(bytes)
{
	char hex[SHA256_HEX];

	sha256_bytes("", 0, hex);
	ck_assert_str_eq(hex, of_nothing);
	sha256_bytes("abc", 3, hex);
	ck_assert_str_eq(hex, of_abc);
}
END_TEST

START_TEST(in_parts)
{
	struct sha256 *h = sha256_new();
	char part[997], hex[SHA256_HEX];
	size_t left = MILLION;

	memset(part, 'a', sizeof(part));
	for (size_t n; left; left -= n) {
		n = left < sizeof(part) ? left : sizeof(part);
		sha256_update(h, part, n);
	}
	sha256_finish(h, hex);
	ck_assert_str_eq(hex, of_million_a);
}
END_TEST

START_TEST(file)
{
	cleanup_free char *text = xmalloc(MILLION);
	cleanup_free char *path = NULL;
	cleanup_close int fd = -1;
	char hex[SHA256_HEX];
	uint64_t size;

	memset(text, 'a', MILLION);
	path = tmpdir_file("million", text, MILLION);
	ck_assert_int_eq(sha256_file(path, hex, &size, NULL), 0);
	ck_assert_str_eq(hex, of_million_a);
	ck_assert_uint_eq(size, MILLION);
	/* Wherever the descriptor stands, and it stays there. */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq((int)lseek(fd, 77, SEEK_SET), 77);
	ck_assert_int_eq(sha256_fd(fd, hex, NULL, NULL), 0);
	ck_assert_str_eq(hex, of_million_a);
	ck_assert_int_eq((int)lseek(fd, 0, SEEK_CUR), 77);
}
END_TEST

START_TEST(failures)
{
	cleanup_free char *path = tmpdir_path("none");
	cleanup_err struct err err = ERR_INIT, other = ERR_INIT;
	char hex[SHA256_HEX];

	ck_assert_int_eq(sha256_file(path, hex, NULL, &err), -1);
	ck_assert_int_eq(err.code, ENOENT);
	ck_assert_int_eq(sha256_file(tmpdir, hex, NULL, &other), -1);
	ck_assert_int_eq(other.code, EISDIR);
	ck_assert_ptr_nonnull(strstr(err_msg(&other), tmpdir));
	sha256_free(sha256_new());
	sha256_free(NULL);
}
END_TEST

START_TEST(valid)
{
	char hex[80];

	ck_assert(sha256_valid(of_abc));
	ck_assert(!sha256_valid(""));
	memcpy(hex, of_abc, sizeof(of_abc));
	hex[0] = 'B';
	ck_assert(!sha256_valid(hex));
	hex[0] = 'g';
	ck_assert(!sha256_valid(hex));
	hex[0] = 'b';
	memcpy(hex + 64, "0", 2);
	ck_assert(!sha256_valid(hex));
	hex[63] = '\0';
	ck_assert(!sha256_valid(hex));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("sha256");

	tmpdir_use(c);
	tcase_add_test(c, bytes);
	tcase_add_test(c, in_parts);
	tcase_add_test(c, file);
	tcase_add_test(c, failures);
	tcase_add_test(c, valid);
	return unit_run("sha256", c);
}
