/* SPDX-License-Identifier: GPL-3.0-only */
/* Frames of problems: what is kept, and that it is bounded. */
#include "run/problem.h"

#include "unit/unit.h"

static struct record
frame(const char *text, const char *option, const char *item, const char *hint)
{
	struct record r = RECORD_INIT;

	record_add(&r, "type", "problem");
	if (text)
		record_add(&r, "text", text);
	if (option)
		record_add(&r, "option", option);
	if (item)
		record_add(&r, "item", item);
	if (hint)
		record_add(&r, "hint", hint);
	return r;
}

static void
take(struct problems *p, const char *text, const char *option, const char *item,
	const char *hint)
{
	struct record r = frame(text, option, item, hint);

	problems_take(p, &r);
	record_release(&r);
}

START_TEST(kept)
{
	struct problems p = PROBLEMS_INIT;

	take(&p, "is unknown", "options", "NET", "ask for UNIX\nor nothing");
	take(&p, "whole stage", NULL, "", NULL);
	ck_assert_uint_eq(p.len, 2);
	ck_assert_str_eq(p.v[0].option, "options");
	ck_assert_str_eq(p.v[0].item, "NET");
	ck_assert_str_eq(p.v[0].hint, "ask for UNIX\nor nothing");
	ck_assert_ptr_null(p.v[1].option);
	ck_assert_ptr_null(p.v[1].item);
	ck_assert_ptr_null(p.v[1].hint);
	ck_assert(problems_say(&p, "whole stage"));
	ck_assert(!problems_say(&p, "whole"));
	problems_release(&p);
	ck_assert_uint_eq(p.len + p.seen, 0);
}
END_TEST

START_TEST(without_text)
{
	struct problems p = PROBLEMS_INIT;

	take(&p, NULL, "options", "NET", NULL);
	ck_assert_uint_eq(p.len + p.seen, 0);
	problems_release(&p);
}
END_TEST

START_TEST(bounded)
{
	struct problems p = PROBLEMS_INIT;

	for (int i = 0; i < 1000; i++)
		take(&p, "again", NULL, NULL, NULL);
	ck_assert_uint_eq(p.len, PROBLEMS_LIMIT);
	ck_assert_uint_eq(p.seen, 1000);
	problems_release(&p);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("problem");

	tcase_add_test(t, kept);
	tcase_add_test(t, without_text);
	tcase_add_test(t, bounded);
	return unit_run("problem", t);
}
