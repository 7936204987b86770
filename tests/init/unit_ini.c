/* SPDX-License-Identifier: GPL-3.0-only */
/* Each row is a text and what a reader must see in it, as one line per item. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/ini.h"

static const struct {
	const char *text, *seen;
} rows[] = {
	{"", "end 0"},
	{"\n\n", "end 2"},
	{"# [a]\n; b = c\n", "end 2"},
	{"[a]", "[a] 1, end 1"},
	{"[a]\n", "[a] 1, end 1"},
	{"  [a]  \n", "[a] 1, end 1"},
	{"[app my-App.1_x]\n", "[app|my-App.1_x] 1, end 1"},
	{"[app   x]\n", "[app|x] 1, end 1"},
	{"k=v\n", "k=<v> 1, end 1"},
	{"k = v\nl=\n", "k=<v> 1, l=<> 2, end 2"},
	{"\tk\t=\tv w \t\n", "k=<v w> 1, end 1"},
	{"k = a = b # no comment\n", "k=<a = b # no comment> 1, end 1"},
	{"k = \"[x]\"", "k=<\"[x]\"> 1, end 1"},
	{"k = \303\244", "k=<\303\244> 1, end 1"},
	{"\n\n[a]\n\nk=v", "[a] 3, k=<v> 5, end 5"},
	/* What is wrong, and in which line. */
	{"[a\n", "bad 1: a section does not end with ]"},
	{"[]\n", "bad 1: a section has no name"},
	{"[A]\n", "bad 1: a section has no name"},
	{"[a]x\n", "bad 1: a section does not end with ]"},
	{"[a] # why\n", "bad 1: a section does not end with ]"},
	{"[app ]\n", "bad 1: a section's label is empty or has a wrong character"},
	{"[app x y]\n", "bad 1: a section does not end with ]"},
	{"[app \"x\"]\n", "bad 1: a section's label is empty or has a wrong character"},
	{"k\n", "bad 1: a key is not followed by ="},
	{"k v = 1\n", "bad 1: a key is not followed by ="},
	{"= v\n", "bad 1: a line is neither [section] nor key = value"},
	{"Key = v\n", "bad 1: a line is neither [section] nor key = value"},
	{"\303\244 = v\n", "bad 1: a line is neither [section] nor key = value"},
	{"a=b\n\nk = v\r\n", "a=<b> 1, bad 3: a control character"},
	{"k = \033[1m\n", "bad 1: a control character"},
	{"k = \177\n", "bad 1: a control character"},
};

static void
show(const struct ini_item *i, char *to, size_t room)
{
	if (i->kind == INI_END)
		snprintf(to, room, "end %u", i->line);
	else if (i->kind == INI_BAD)
		snprintf(to, room, "bad %u: %s", i->line, i->error);
	else if (i->kind == INI_KEY)
		snprintf(to, room, "%s=<%s> %u, ", i->name, i->value, i->line);
	else
		snprintf(to, room, "[%s%s%s] %u, ", i->name, i->label ? "|" : "",
			i->label ? i->label : "", i->line);
}

/* Read from exactly as much memory as there may be, so that a sanitizer sees more. */
static void
read_all(const char *text, size_t size, char *seen, size_t room)
{
	char *copy = malloc(size + 1);
	struct ini_item item;
	struct ini ini;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, size);
	ini_init(&ini, copy, size);
	seen[0] = '\0';
	do {
		size_t n = strlen(seen);

		ini_next(&ini, &item);
		show(&item, seen + n, room - n);
	} while (item.kind != INI_END && item.kind != INI_BAD);
	free(copy);
}

START_TEST(row)
{
	char seen[400];

	read_all(rows[_i].text, strlen(rows[_i].text), seen, sizeof(seen));
	ck_assert_str_eq(seen, rows[_i].seen);
}
END_TEST

START_TEST(a_nul_byte)
{
	char seen[400];

	read_all("k = a\0b\n", 8, seen, sizeof(seen));
	ck_assert_str_eq(seen, "bad 1: a control character");
}
END_TEST

START_TEST(bad_stays_bad)
{
	char text[] = "[\n[a]\n";
	struct ini_item item;
	struct ini ini;

	ini_init(&ini, text, strlen(text));
	ck_assert_int_eq(ini_next(&ini, &item), INI_BAD);
	ck_assert_int_eq(ini_next(&ini, &item), INI_BAD);
	ck_assert_str_eq(item.error, "a section has no name");
}
END_TEST

Suite *
ini_suite(void)
{
	Suite *s = suite_create("init-ini");
	TCase *c = tcase_create("ini");

	tcase_add_loop_test(c, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(c, a_nul_byte);
	tcase_add_test(c, bad_stays_bad);
	suite_add_tcase(s, c);
	return s;
}
