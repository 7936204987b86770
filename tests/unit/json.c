/* SPDX-License-Identifier: GPL-3.0-only */
/* Text of any bytes, and documents that there are not. */
#include "cli/json.h"

#include <string.h>

#include "unit/unit.h"

static void
becomes(const char *text, const char *want)
{
	json_t *o = json_text(text);

	ck_assert_pstr_eq(json_string_value(o), want);
	json_decref(o);
}

START_TEST(text)
{
	becomes("caf\xc3\xa9", "caf\xc3\xa9");
	becomes("a\xff" "b", "a\xef\xbf\xbd" "b");
	becomes("\xc3", "\xef\xbf\xbd");
	becomes("", "");
	becomes(NULL, NULL);
	ck_assert(json_can_hold("caf\xc3\xa9"));
	ck_assert(!json_can_hold("caf\xe9"));
}
END_TEST

/* Each test is a process of its own, as a command is. */
START_TEST(a_document)
{
	ck_assert(!json_printed() && !json_failed());
	json_print(json_pack("{s:i}", "v", 1));
	ck_assert(json_printed() && !json_failed());
}
END_TEST

START_TEST(a_line)
{
	json_print_line(json_pack("{s:i}", "v", 1));
	ck_assert(json_printed() && !json_failed());
}
END_TEST

/* As json_pack gives none for a text that is no UTF-8. */
START_TEST(no_document)
{
	json_print(json_pack("{s:s}", "name", "\xff"));
	ck_assert(!json_printed() && json_failed());
	json_print(json_pack("{s:i}", "v", 1));
	ck_assert(json_printed() && json_failed()); /* which is not forgotten by that */
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("json");

	tcase_add_test(t, text);
	tcase_add_test(t, a_document);
	tcase_add_test(t, a_line);
	tcase_add_test(t, no_document);
	return unit_run("json", t);
}
