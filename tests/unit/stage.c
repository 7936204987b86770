/* SPDX-License-Identifier: GPL-3.0-only */
/* Stages keep the order and the text of what they are given. */
#include "graph/stage.h"

#include <stdio.h>
#include <string.h>

#include "msmv/plugin.h"
#include "unit/unit.h"

START_TEST(options)
{
	struct stage *s = stage_new("kernel.config", NULL);
	struct stage_option *map = stage_add_option(s, "options", MSMV_TYPE_MAP, 0);
	const struct stage_option *o;
	char name[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "OPT%d", i);
		stage_option_add(map, name, i % 2 ? "y" : "n");
	}
	stage_option_add(
		stage_add_option(s, "base", MSMV_TYPE_STRING, 2), NULL, "tinyconfig");
	o = stage_option_get(s, "options");
	ck_assert_uint_eq(o->count, 100);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "OPT%d", i);
		ck_assert_str_eq(o->keys[i], name);
		ck_assert_str_eq(o->values[i], i % 2 ? "y" : "n");
	}
	o = stage_option_get(s, "base");
	ck_assert_ptr_null(o->keys);
	ck_assert_str_eq(o->values[0], "tinyconfig");
	ck_assert_uint_eq(o->flags, 2);
	ck_assert_ptr_null(stage_option_get(s, "patches"));
	stage_free(s);
}
END_TEST

START_TEST(places)
{
	static const struct pos at = { 4, 2, 0 }, item = { 5, 1, 1 };
	struct stage *s = stage_new("s", NULL);
	struct stage_option *o = stage_add_option(s, "map", MSMV_TYPE_MAP, 0);

	o->pos = at;
	stage_option_add(o, "A", "B");
	stage_option_add_at(o, "B", "C", item);
	ck_assert_int_eq(stage_option_place(o, "B").line, 5);
	ck_assert_int_eq(stage_option_place(o, "B").file, 1);
	/* An item without a place, a value and nothing at all: the option's own place. */
	ck_assert_int_eq(stage_option_place(o, "A").line, 4);
	ck_assert_int_eq(stage_option_place(o, "C").line, 4);
	ck_assert_int_eq(stage_option_place(o, NULL).line, 4);
	/* The newest item is of a section of its own, the option of none. */
	stage_option_from(o, "[a]");
	ck_assert_str_eq(stage_option_section(o, "B"), "[a]");
	ck_assert_ptr_null(stage_option_section(o, "A"));
	ck_assert_ptr_null(stage_option_section(o, NULL));
	o->section = xstrdup("[b]");
	ck_assert_str_eq(stage_option_section(o, "A"), "[b]");
	o = stage_add_option(s, "list", MSMV_TYPE_LIST, 0);
	stage_option_add_at(o, NULL, "x", item);
	ck_assert_int_eq(stage_option_place(o, "x").line, 5);
	stage_free(s);
}
END_TEST

START_TEST(pipeline)
{
	struct pipeline p = PIPELINE_INIT;
	struct stage *a = stage_new("a", NULL), *b = stage_new("b", NULL);
	struct export e = { xstrdup("b"), xstrdup("image"), NULL, NULL };

	vec_push(&p.stages, a);
	vec_push(&p.stages, b);
	vec_push(&p.exports, e);
	stage_connect(b, "source", "a", "file");
	vec_push(&b->needs, xstrdup("a"));
	ck_assert_ptr_eq(pipeline_find(&p, "b"), b);
	ck_assert_ptr_null(pipeline_find(&p, "c"));
	ck_assert_str_eq(b->inputs.v[0].port, "source");
	ck_assert_str_eq(b->inputs.v[0].from_stage, "a");
	ck_assert_str_eq(b->inputs.v[0].from_port, "file");
	pipeline_release(&p);
	ck_assert_uint_eq(p.stages.len, 0);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("stage");

	tcase_add_test(c, options);
	tcase_add_test(c, places);
	tcase_add_test(c, pipeline);
	return unit_run("stage", c);
}
