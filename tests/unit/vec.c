/* SPDX-License-Identifier: GPL-3.0-only */
/* A vector keeps order and values while it grows, and is empty after its release. */
#include "base/vec.h"

#include "unit/unit.h"

struct pair {
	int a;
	char b;
};

START_TEST(keeps_all)
{
	VEC(struct pair) v = VEC_INIT;

	for (int i = 0; i < 1000; i++)
		vec_push(&v, ((struct pair){ i, (char)(i % 7) }));
	ck_assert_uint_eq(v.len, 1000);
	ck_assert_uint_ge(v.cap, v.len);
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(v.v[i].a, i);
		ck_assert_int_eq(v.v[i].b, i % 7);
	}
	vec_release(&v);
}
END_TEST

START_TEST(again_after_release)
{
	VEC(const char *) v = VEC_INIT;

	vec_release(&v);
	vec_push(&v, "one");
	vec_release(&v);
	ck_assert_ptr_null(v.v);
	ck_assert_uint_eq(v.len + v.cap, 0);
	vec_push(&v, "two");
	ck_assert_str_eq(v.v[0], "two");
	vec_release(&v);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("vec");

	tcase_add_test(c, keeps_all);
	tcase_add_test(c, again_after_release);
	return unit_run("vec", c);
}
