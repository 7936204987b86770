/* SPDX-License-Identifier: GPL-3.0-only */
/* Frames that are damaged, cut, or for somebody else. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../init/net/bytes.h"
#include "../../init/net/frame.h"
#include "craft.h"

#define PAYLOAD 20

/* A datagram from a server, made out of one from a client: only the ports change sides. */
static size_t
reply(uint8_t frame[FRAME_HEADERS + PAYLOAD])
{
	size_t size;

	for (int i = 0; i < PAYLOAD; i++)
		frame[FRAME_HEADERS + i] = (uint8_t)(i * 7);
	size = frame_wrap(frame, PAYLOAD, 0x0a000002, 0xffffffff);
	/* A sum does not notice that two of its words change places. */
	put16(frame + 20, DHCP4_SERVER_PORT);
	put16(frame + 22, DHCP4_CLIENT_PORT);
	return size;
}

START_TEST(whole)
{
	uint8_t frame[FRAME_HEADERS + PAYLOAD];
	size_t size = reply(frame), payload = 0;
	const uint8_t *got = frame_open(frame, size, 0, &payload);

	ck_assert_uint_eq(size, sizeof(frame));
	ck_assert_ptr_eq(got, frame + FRAME_HEADERS);
	ck_assert_uint_eq(payload, PAYLOAD);
}
END_TEST

START_TEST(truncated)
{
	uint8_t frame[FRAME_HEADERS + PAYLOAD];
	size_t size = reply(frame), payload;

	for (size_t n = 0; n < size; n++) {
		uint8_t *copy = craft_exact(frame, n);

		ck_assert_ptr_null(frame_open(copy, n, 1, &payload));
		free(copy);
	}
}
END_TEST

/* Bits of the headers and the payload are all under a sum, or looked at. */
START_TEST(flipped)
{
	uint8_t frame[FRAME_HEADERS + PAYLOAD];
	size_t payload;

	for (size_t bit = 0; bit < sizeof(frame) * 8; bit++) {
		size_t size = reply(frame);

		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_ptr_null(frame_open(frame, size, 0, &payload));
	}
}
END_TEST

/* Every value of every length that there is in the headers. */
START_TEST(lengths)
{
	static const int at[] = {0, 2, 3, 24, 25};
	uint8_t frame[FRAME_HEADERS + PAYLOAD];
	size_t payload;

	for (size_t k = 0; k < sizeof(at) / sizeof(at[0]); k++) {
		for (int value = 0; value < 256; value++) {
			size_t size = reply(frame);
			uint8_t *copy = craft_exact(frame, size);
			const uint8_t *got;

			copy[at[k]] = (uint8_t)value;
			put16(copy + 10, 0);
			got = frame_open(copy, size, 1, &payload);
			ck_assert(!got || got + payload <= copy + size);
			free(copy);
		}
	}
}
END_TEST

START_TEST(checksums)
{
	uint8_t frame[FRAME_HEADERS + PAYLOAD];
	size_t size = reply(frame), payload;

	frame[FRAME_HEADERS] ^= 1;
	ck_assert_ptr_null(frame_open(frame, size, 0, &payload));
	ck_assert_ptr_nonnull(frame_open(frame, size, 1, &payload));
	put16(frame + 26, 0); /* the sender made none */
	ck_assert_ptr_nonnull(frame_open(frame, size, 0, &payload));
}
END_TEST

static const struct {
	const char *hex;
	int conflicts;
} arps[] = {
	/* hardware, protocol, sizes, what, sender, its address, target, its address */
	{"0001 0800 06 04 0002 525400aaaaaa 0a000005 525400123456 0a000001", 1},
	{"0001 0800 06 04 0001 525400aaaaaa 0a000005 000000000000 0a000009", 1},
	{"0001 0800 06 04 0001 525400aaaaaa 00000000 000000000000 0a000005", 1}, /* a probe */
	{"0001 0800 06 04 0001 525400123456 00000000 000000000000 0a000005", 0}, /* our own */
	{"0001 0800 06 04 0001 525400aaaaaa 0a000001 000000000000 0a000005", 0}, /* a question */
	{"0001 0800 06 04 0002 525400aaaaaa 0a000006 525400123456 0a000001", 0},
	{"0001 0800 06 04 0003 525400aaaaaa 0a000005 525400123456 0a000001", 0},
	{"0001 0800 06 05 0002 525400aaaaaa 0a000005 525400123456 0a000001", 0},
	{"0001 0800 06 04 0002 525400aaaaaa 0a000005 525400123456 0a0000", 0},
	{"", 0},
};

START_TEST(arp_row)
{
	struct craft c = {.size = 0};
	uint8_t *data;

	craft_hex(&c, arps[_i].hex);
	data = craft_exact(c.data, c.size);
	ck_assert_int_eq(arp_conflicts(data, c.size, craft_mac, 0x0a000005), arps[_i].conflicts);
	free(data);
}
END_TEST

START_TEST(arp_built)
{
	uint8_t got[ARP_BYTES];
	struct craft c = {.size = 0};

	craft_hex(&c, "0001 0800 06 04 0001 525400123456 00000000 000000000000 0a000005");
	arp_build(got, craft_mac, 0, 0x0a000005);
	ck_assert_mem_eq(got, c.data, ARP_BYTES);
}
END_TEST

Suite *
frame_suite(void)
{
	Suite *s = suite_create("net-frame");
	TCase *c = tcase_create("frame");

	tcase_add_test(c, whole);
	tcase_add_test(c, truncated);
	tcase_add_test(c, flipped);
	tcase_add_test(c, lengths);
	tcase_add_test(c, checksums);
	tcase_add_loop_test(c, arp_row, 0, (int)(sizeof(arps) / sizeof(arps[0])));
	tcase_add_test(c, arp_built);
	suite_add_tcase(s, c);
	return s;
}
