/* SPDX-License-Identifier: GPL-3.0-only */
/* The cluster that differs, and what it is: a table, or so many bytes into the disk. */
#include <string.h>

#include "base/mem.h"
#include "differ/differ.h"

enum { HEADER_MIN = 72, BITS_MIN = 9, BITS_MAX = 21 };

#define OFFSET_MASK 0x00fffffffffffe00ULL
#define COMPRESSED (1ULL << 62)

static uint64_t
be(struct bytes b, uint64_t at, size_t n)
{
	struct bytes part = bytes_part(b, at, n);
	uint64_t value = 0;

	for (size_t i = 0; i < part.n; i++)
		value = value << 8 | part.p[i];
	return value;
}

static bool
is_qcow2(struct bytes b)
{
	uint64_t bits = be(b, 20, 4);

	return b.n >= HEADER_MIN && memcmp(b.p, "QFI\xfb", 4) == 0 && bits >= BITS_MIN &&
		bits <= BITS_MAX;
}

/* Does an entry of the table at l2 lead to the cluster at host? Then its place in the disk. */
static bool
in_table(struct bytes b, uint64_t l2, uint64_t first, uint64_t host, unsigned bits,
	uint64_t *guest)
{
	for (uint64_t i = 0; i < 1ULL << (bits - 3); i++) {
		uint64_t entry = be(b, l2 + i * 8, 8);
		uint64_t at = entry & COMPRESSED
			? entry & ((1ULL << (62 - (bits - 8))) - 1) & ~((1ULL << bits) - 1)
			: entry & OFFSET_MASK;

		if (at && at == host) {
			*guest = (first + i) << bits;
			return true;
		}
	}
	return false;
}

static void
name_cluster(struct bytes b, uint64_t host, unsigned bits, struct str *out)
{
	uint64_t l1 = be(b, 40, 8), n = be(b, 36, 4), guest;

	if (!host)
		str_add(out, "the header");
	else if (host == l1)
		str_add(out, "the L1 table");
	for (uint64_t i = 0; i < n && i < b.n / 8; i++) {
		uint64_t l2 = be(b, l1 + i * 8, 8) & OFFSET_MASK;

		if (l2 && l2 == host)
			str_addf(out, "L2 table %llu", (unsigned long long)i);
		else if (l2 && in_table(b, l2, i << (bits - 3), host, bits, &guest))
			str_addf(out, "the disk's bytes from 0x%llx", (unsigned long long)guest);
		else
			continue;
		return;
	}
}

bool
differ_qcow2(struct bytes a, struct bytes b, struct str *out)
{
	cleanup_str struct str what = STR_INIT;
	size_t at = bytes_differ_at(a, b);
	unsigned bits;
	uint64_t host;

	if (!is_qcow2(a) || !is_qcow2(b))
		return false;
	bits = (unsigned)be(a, 20, 4);
	host = at >> bits << bits;
	name_cluster(a, host, bits, &what);
	str_addf(out, "qcow2 cluster %llu%s%s%s differs at 0x%zx",
		(unsigned long long)(host >> bits), what.len ? " (" : "", str_text(&what),
		what.len ? ")" : "", at);
	return true;
}
