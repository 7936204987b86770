/* SPDX-License-Identifier: GPL-3.0-only */
/* Every byte of a text is in one item, and the offsets are where the words are. */
#include "recipe/toml_layout.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

static const char text[] =
	"# top\n"
	"\n"
	"a.'b c' = [\n 1, # one\n] # after\r\n"
	" [t . u]\n"
	"  x = { y = \"}\", z.w = [{}] }\n"
	"[[m]]\n"
	"s = '''\n[no]\n'''";

START_TEST(items)
{
	static const struct {
		enum layout_kind kind;
		size_t parts, header;
		const char *at, *value;
	} wanted[] = {
		{ LAYOUT_COMMENT, 0, LAYOUT_ROOT, "# top", NULL },
		{ LAYOUT_BLANK, 0, LAYOUT_ROOT, "\n", NULL },
		{ LAYOUT_PAIR, 2, LAYOUT_ROOT, "a.'b", "[\n 1, # one\n]" },
		{ LAYOUT_HEADER, 2, LAYOUT_ROOT, "[t", "t . u" },
		{ LAYOUT_PAIR, 1, 3, "x = {", "{ y = \"}\", z.w = [{}] }" },
		{ LAYOUT_MANY, 1, 3, "[[m]]", "m" },
		{ LAYOUT_PAIR, 1, 5, "s =", "'''\n[no]\n'''" },
	};
	cleanup_layout struct layout l = LAYOUT_INIT;
	size_t end = 0;

	ck_assert_int_eq(layout_open(&l, text, strlen(text)), 0);
	ck_assert_uint_eq(l.items.len, ARRAY_LEN(wanted));
	for (size_t i = 0; i < l.items.len; i++) {
		const struct layout_item *item = &l.items.v[i];

		ck_assert_int_eq(item->kind, wanted[i].kind);
		ck_assert_uint_eq(item->key.parts.len, wanted[i].parts);
		ck_assert_uint_eq(item->header, wanted[i].header);
		ck_assert_uint_eq(item->start, end);
		ck_assert_int_eq(
			strncmp(text + item->at, wanted[i].at, strlen(wanted[i].at)), 0);
		if (wanted[i].value) {
			ck_assert_uint_eq(
				item->value_end - item->value, strlen(wanted[i].value));
			ck_assert_mem_eq(text + item->value, wanted[i].value,
				strlen(wanted[i].value));
		}
		end = item->end;
	}
	ck_assert_uint_eq(end, strlen(text));
}
END_TEST

START_TEST(braces)
{
	cleanup_layout struct layout l = LAYOUT_INIT;
	size_t open = (size_t)(strstr(text, "{ y") - text);

	ck_assert_int_eq(layout_braces(&l, text, strlen(text), open), 0);
	ck_assert_uint_eq(l.items.len, 2);
	ck_assert_str_eq(l.items.v[1].key.parts.v[1].name, "w");
	ck_assert_int_eq(text[l.items.v[0].value], '"');
	ck_assert_int_eq(text[l.close], '}');
	ck_assert_int_eq(text[l.close + 1], '\n');
}
END_TEST

START_TEST(no_document)
{
	static const char *const texts[] = { "a = ", "a = [1", "a = {", "[a", "a 1", "= 1", "\r",
		"a = 1 b" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		cleanup_layout struct layout l = LAYOUT_INIT;

		ck_assert_int_eq(layout_open(&l, texts[i], strlen(texts[i])), -1);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("toml_layout");

	tcase_add_test(t, items);
	tcase_add_test(t, braces);
	tcase_add_test(t, no_document);
	return unit_run("toml_layout", t);
}
