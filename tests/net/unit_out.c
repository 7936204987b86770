/* SPDX-License-Identifier: GPL-3.0-only */
/* Text is cut where its room ends, and never written behind it. */
#include "unit.h"

#include <limits.h>
#include <string.h>

#include "../../init/net/address.h"
#include "../../init/net/out.h"

START_TEST(formats)
{
	static const uint8_t mac[6] = {0, 1, 0xab, 0xcd, 0xe, 0xff};
	char text[100];
	struct out o;

	out_init(&o, text, sizeof(text));
	out_fmt(&o, "%s %d %d %u %%|", "a", -5, INT_MIN, UINT_MAX);
	ck_assert_str_eq(text, "a -5 -2147483648 4294967295 %|");
	out_init(&o, text, sizeof(text));
	out_num(&o, UINT64_MAX);
	out_byte(&o, ' ');
	out_mac(&o, mac);
	ck_assert_str_eq(text, "18446744073709551615 00:01:ab:cd:0e:ff");
	ck_assert_int_eq(o.cut, 0);
}
END_TEST

START_TEST(full)
{
	char text[9] = "........";
	struct out o;

	out_init(&o, text, 5);
	out_str(&o, "abcd");
	ck_assert_int_eq(o.cut, 0);
	out_str(&o, "e");
	ck_assert_int_eq(o.cut, 1);
	ck_assert_str_eq(text, "abcd");
	ck_assert_mem_eq(text + 5, "...", 3);
}
END_TEST

Suite *
out_suite(void)
{
	Suite *s = suite_create("net-out");
	TCase *c = tcase_create("out");

	tcase_add_test(c, formats);
	tcase_add_test(c, full);
	suite_add_tcase(s, c);
	return s;
}
