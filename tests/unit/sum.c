/* SPDX-License-Identifier: GPL-3.0-only */
/* Another text has another sum. */
#include "base/sum.h"

#include <string.h>

#include "unit/unit.h"

START_TEST(every_bit_counts)
{
	unsigned char text[37];
	uint64_t before;

	memset(text, 'x', sizeof(text));
	before = sum64(text, sizeof(text));
	ck_assert(sum64(text, sizeof(text)) == before);
	for (size_t i = 0; i < 8 * sizeof(text); i++) {
		text[i / 8] ^= (unsigned char)(1 << i % 8);
		ck_assert_msg(sum64(text, sizeof(text)) != before, "bit %zu", i);
		text[i / 8] ^= (unsigned char)(1 << i % 8);
	}
}
END_TEST

START_TEST(length_and_order_count)
{
	static const char zeros[32] = "";

	ck_assert(sum64(NULL, 0) == sum64("", 0));
	for (size_t n = 1; n <= sizeof(zeros); n++)
		ck_assert_msg(sum64(zeros, n) != sum64(zeros, n - 1), "%zu zeros", n);
	ck_assert(sum64("12345678abcdefgh", 16) != sum64("abcdefgh12345678", 16));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("sum");

	tcase_add_test(c, every_bit_counts);
	tcase_add_test(c, length_and_order_count);
	return unit_run("sum", c);
}
