/* SPDX-License-Identifier: GPL-3.0-only */
/* What the engine asks is what the worker reads, whatever the recipe's texts hold. */
#include "wire/request.h"

#include <string.h>

#include "base/mem.h"
#include "unit/unit.h"

static const char *const odd[] = { "", "=", "a=b", "\n", "a\nb\n", "\\", "\\n", "\\\\n", "option",
	"key\nvalue=x", "sch\xc3\xb6n", "\xff\xfe", " ", "\t\r", "-1", "path=/etc" };

static void
through_text(const struct request *q, struct request *back)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_record struct record again = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	request_write(q, &r);
	record_write(&r, &text);
	ck_assert_int_eq(record_parse(&again, text.p, text.len, &err), 0);
	memset(back, 0, sizeof(*back));
	ck_assert_msg(request_read(back, &again, &err) == 0, "%s", err_msg(&err));
}

static void
fill(struct request *q)
{
	*q = (struct request){ .mode = xstrdup("run"), .stage = xstrdup("a.build"),
		.plugin = xstrdup("/p q/x=y.so"), .epoch = INT64_MAX, .jobs = 17, .memory = 1, .processes = 2 };
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		cleanup_free char *name = xasprintf("FACT%zu", i);

		request_add_option(q, "text", odd[i], odd[ARRAY_LEN(odd) - 1 - i]);
		request_add_input(q, "in", odd[i], odd[i]);
		if (i & 1)
			request_set_digest(q, odd[i]);
		if (i & 2)
			request_set_file(q, odd[i]);
		request_add_output(q, "out", odd[i]);
		record_add(&q->arch, name, odd[i]);
		record_add(&q->env, name, odd[i]);
	}
}

START_TEST(round_trip)
{
	struct request q, b;

	fill(&q);
	q.workdir = xstrdup("/w\n");
	q.scratch = xstrdup("");
	q.unpacker = xstrdup("/u");
	q.digest = xstrdup("abc");
	through_text(&q, &b);
	ck_assert_str_eq(b.mode, "run");
	ck_assert_str_eq(b.stage, "a.build");
	ck_assert_str_eq(b.plugin, "/p q/x=y.so");
	ck_assert_str_eq(b.digest, "abc");
	ck_assert_str_eq(b.workdir, "/w\n");
	ck_assert_str_eq(b.scratch, "");
	ck_assert_str_eq(b.unpacker, "/u");
	ck_assert_int_eq(b.epoch, INT64_MAX);
	ck_assert_int_eq(b.jobs, 17);
	ck_assert_int_eq(b.memory, 1);
	ck_assert_int_eq(b.processes, 2);
	ck_assert_uint_eq(b.options.len, ARRAY_LEN(odd));
	ck_assert_uint_eq(b.inputs.len, ARRAY_LEN(odd));
	ck_assert_uint_eq(b.outputs.len, ARRAY_LEN(odd));
	ck_assert_uint_eq(b.arch.len, ARRAY_LEN(odd));
	ck_assert_uint_eq(b.env.len, ARRAY_LEN(odd));
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		ck_assert_str_eq(b.options.v[i].name, "text");
		ck_assert_str_eq(b.options.v[i].key, odd[i]);
		ck_assert_str_eq(b.options.v[i].value, odd[ARRAY_LEN(odd) - 1 - i]);
		ck_assert_str_eq(b.inputs.v[i].port, "in");
		ck_assert_str_eq(b.inputs.v[i].from, odd[i]);
		ck_assert_str_eq(b.inputs.v[i].path, odd[i]);
		ck_assert_pstr_eq(b.inputs.v[i].digest, i & 1 ? odd[i] : NULL);
		ck_assert_pstr_eq(b.inputs.v[i].file, i & 2 ? odd[i] : NULL);
		ck_assert_str_eq(b.outputs.v[i].path, odd[i]);
		ck_assert_str_eq(b.arch.fields[i].name, q.arch.fields[i].name);
		ck_assert_str_eq(b.arch.fields[i].value, odd[i]);
		ck_assert_str_eq(b.env.fields[i].value, odd[i]);
	}
	request_release(&q);
	request_release(&b);
}
END_TEST

START_TEST(what_is_not_set)
{
	struct request q = { .mode = xstrdup("facts"), .stage = xstrdup("s"),
		.plugin = xstrdup("p") }, b;

	through_text(&q, &b);
	ck_assert_ptr_null(b.workdir);
	ck_assert_ptr_null(b.digest);
	ck_assert_uint_eq(b.options.len, 0);
	request_release(&q);
	request_release(&b);
	ck_assert_ptr_null(b.mode);
}
END_TEST

static const struct {
	const char *text, *error;
} broken[] = {
	{ "", "mode, stage or plugin is missing" },
	{ "mode=run\nstage=s\n", "mode, stage or plugin is missing" },
	{ "option=a\nkey=b\n", "option without key and value" },
	{ "option=a\nvalue=b\nkey=c\n", "option without key and value" },
	{ "option=a\n", "option without key and value" },
	{ "input=a\nfrom=b\n", "input without from and path" },
	{ "output=a\n", "output without path" },
};

START_TEST(broken_requests)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct request q = { .jobs = 0 };

	ck_assert_int_eq(record_parse(&r, broken[_i].text, strlen(broken[_i].text), &err), 0);
	ck_assert_int_eq(request_read(&q, &r, &err), -1);
	ck_assert_msg(strstr(err_msg(&err), broken[_i].error), "%s", err_msg(&err));
	request_release(&q);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("request");

	tcase_add_test(t, round_trip);
	tcase_add_test(t, what_is_not_set);
	tcase_add_loop_test(t, broken_requests, 0, (int)ARRAY_LEN(broken));
	return unit_run("request", t);
}
