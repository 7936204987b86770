/* SPDX-License-Identifier: GPL-3.0-only */
/* Readers of their own pace: from the beginning, late, slow, over the end of the buffer. */
#include "vm/ring.h"

#include <string.h>

#include "unit/unit.h"

static struct ring ring;

static void
setup(void)
{
	memset(&ring, 0, sizeof(ring));
}

/* All that can be read at place, as a text. */
static char *
rest(uint64_t *place)
{
	static char text[RING_SIZE + 1];
	size_t used = 0, n;
	const char *p;

	while ((p = ring_read(&ring, place, &n)), n > 0) {
		memcpy(text + used, p, n);
		used += n;
		*place += n;
	}
	text[used] = '\0';
	return text;
}

START_TEST(reads_what_was_written)
{
	uint64_t first = 0, second = 0;

	ck_assert_str_eq(rest(&first), "");
	ring_write(&ring, "hello ", 6);
	ck_assert_str_eq(rest(&first), "hello ");
	ring_write(&ring, "world", 5);
	ck_assert_str_eq(rest(&first), "world");
	ck_assert_str_eq(rest(&second), "hello world");
	ck_assert_uint_eq(ring_start(&ring), 0);
}
END_TEST

START_TEST(keeps_the_last)
{
	static char block[RING_SIZE];
	uint64_t slow = 0, late;

	memset(block, 'a', sizeof(block));
	ring_write(&ring, "first", 5);
	ring_write(&ring, block, sizeof(block) - 3);
	ring_write(&ring, "last", 4);
	late = ring_start(&ring);
	ck_assert_uint_eq(late, 6);
	ck_assert_uint_eq(strlen(rest(&slow)), RING_SIZE);
	ck_assert_uint_eq(slow, ring.end);
	ck_assert_str_eq(rest(&late) + RING_SIZE - 4, "last");
}
END_TEST

START_TEST(more_than_it_holds_at_once)
{
	static char block[3 * RING_SIZE];
	uint64_t place = 17;

	memset(block, 'x', sizeof(block));
	memcpy(block + sizeof(block) - 3, "end", 3);
	ring_write(&ring, block, sizeof(block));
	ck_assert_str_eq(rest(&place) + RING_SIZE - 3, "end");
}
END_TEST

START_TEST(a_place_that_never_was)
{
	uint64_t place = 1000;

	ring_write(&ring, "abc", 3);
	ck_assert_str_eq(rest(&place), "abc");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("ring");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, reads_what_was_written);
	tcase_add_test(t, keeps_the_last);
	tcase_add_test(t, more_than_it_holds_at_once);
	tcase_add_test(t, a_place_that_never_was);
	return unit_run("vm_ring", t);
}
