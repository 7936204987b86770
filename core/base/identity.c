/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Several hundred of these are checked in a millisecond, so they are written digit by digit
 * here: printf would take longer than the kernel's answers.
 */
#include "base/identity.h"

#include "base/sum.h"

static char *
add_hex(char *at, uint64_t n)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 60;

	while (shift && !(n >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = digits[n >> shift & 15];
	*at++ = ':';
	return at;
}

size_t
identity_file(enum witness_kind kind, const struct stat *st, char *out)
{
	bool sized = kind != WITNESS_PLACE || S_ISREG(st->st_mode);
	char *at = out;

	at = add_hex(at, (uint64_t)st->st_dev);
	at = add_hex(at, (uint64_t)st->st_ino);
	at = add_hex(at, (uint64_t)st->st_mode);
	at = add_hex(at, (uint64_t)st->st_uid);
	at = add_hex(at, (uint64_t)st->st_gid);
	if (sized)
		at = add_hex(at, (uint64_t)st->st_size);
	if (kind != WITNESS_PLACE) {
		at = add_hex(at, (uint64_t)st->st_mtim.tv_sec);
		at = add_hex(at, (uint64_t)st->st_mtim.tv_nsec);
		at = add_hex(at, (uint64_t)st->st_ctim.tv_sec);
		at = add_hex(at, (uint64_t)st->st_ctim.tv_nsec);
	}
	return (size_t)(at - out);
}

size_t
identity_reason(int code, char *out)
{
	return (size_t)(add_hex(out, (uint64_t)code) - out);
}

size_t
identity_text(const void *data, size_t n, char *out)
{
	return (size_t)(add_hex(add_hex(out, n), sum64(data, n)) - out);
}
