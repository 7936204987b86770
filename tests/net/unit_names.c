/* SPDX-License-Identifier: GPL-3.0-only */
/* What a server calls a domain cannot become a line of resolv.conf. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../init/net/names.h"
#include "craft.h"

static const struct {
	const char *hex;
	int compressed, result;
	const char *names;
} lists[] = {
	{"0161 0162 00", 0, 0, "a.b"},
	{"0161 00 0162 0163 00", 0, 0, "a b.c"},
	{"0161 00 0000000000", 0, 0, "a"},          /* padding of an advertisement */
	{"00", 0, 0, ""},
	{"", 0, 0, ""},
	{"0161 0162 00 0163 c002", 1, 0, "a.b c.b"}, /* RFC 3397 */
	{"0161 0162 00 0163 c002", 0, -1, ""},       /* no pointers outside of DHCPv4 */
	{"c000", 1, -1, ""},                         /* to itself */
	{"0161 c000", 1, -1, ""},
	{"0161 c004 0162 c000", 1, -1, ""},          /* forward */
	{"0161 c0", 1, -1, ""},
	{"0161", 0, -1, ""},                         /* without an end */
	{"0561 00", 0, -1, ""},
	{"40", 0, -1, ""},                           /* a kind of label that is none */
	{"0c610a6e616d65736572766572 00 0162 00", 0, 0, "b"}, /* "a\nnameserver" */
	{"0361206200", 0, 0, ""},
	{"02612e 00", 0, 0, ""},                     /* a dot inside of a label */
};

START_TEST(list_row)
{
	struct craft c = {.size = 0};
	char names[NAMES_BYTES] = "?";
	uint8_t *data;

	craft_hex(&c, lists[_i].hex);
	data = craft_exact(c.data, c.size);
	ck_assert_int_eq(names_decode(data, c.size, lists[_i].compressed, names), lists[_i].result);
	ck_assert_str_eq(names, lists[_i].names);
	free(data);
}
END_TEST

/* Many long names: those that fit are kept whole. */
START_TEST(no_room)
{
	uint8_t data[10 * 65];
	char names[NAMES_BYTES];

	for (int i = 0; i < 10; i++) {
		data[i * 65] = 63;
		memset(data + i * 65 + 1, 'a' + i, 63);
		data[i * 65 + 64] = 0;
	}
	ck_assert_int_eq(names_decode(data, sizeof(data), 0, names), 0);
	ck_assert_uint_eq(strlen(names), NAMES_BYTES - 1);
	ck_assert_int_eq(names[128], 'c');
}
END_TEST

/* 4 labels of 63 are one more than a name can have. */
START_TEST(too_long)
{
	uint8_t data[4 * 64 + 1];
	char names[NAMES_BYTES];

	memset(data, 'a', sizeof(data));
	for (int i = 0; i < 4; i++)
		data[i * 64] = 63;
	data[256] = 0;
	ck_assert_int_eq(names_decode(data, sizeof(data), 0, names), -1);
}
END_TEST

static const struct {
	const char *text;
	size_t size;
	const char *name; /* NULL: refused */
} takes[] = {
	{"host", 4, "host"},
	{"host\0", 5, "host"},
	{"a.example.", 10, "a.example"},
	{"", 0, NULL},
	{"\0\0", 2, NULL},
	{".", 1, NULL},
	{".a", 2, NULL},
	{"-a", 2, NULL},
	{"a..b", 4, NULL},
	{"a b", 3, NULL},
	{"a\nnameserver 1.2.3.4", 20, NULL},
	{"a\0b", 3, NULL},
	{"aaaaaaaaaaaaaaaaaaaa", 20, NULL}, /* room is 20, with the NUL */
	{"aaaaaaaaaaaaaaaaaaa", 19, "aaaaaaaaaaaaaaaaaaa"},
};

START_TEST(take_row)
{
	char name[20] = "?";
	uint8_t *text = craft_exact((const uint8_t *)takes[_i].text, takes[_i].size);

	ck_assert_int_eq(name_take(text, takes[_i].size, name, sizeof(name)),
		takes[_i].name ? 0 : -1);
	ck_assert_str_eq(name, takes[_i].name ? takes[_i].name : "");
	free(text);
}
END_TEST

Suite *
names_suite(void)
{
	Suite *s = suite_create("net-names");
	TCase *c = tcase_create("names");

	tcase_add_loop_test(c, list_row, 0, (int)(sizeof(lists) / sizeof(lists[0])));
	tcase_add_test(c, no_room);
	tcase_add_test(c, too_long);
	tcase_add_loop_test(c, take_row, 0, (int)(sizeof(takes) / sizeof(takes[0])));
	suite_add_tcase(s, c);
	return s;
}
