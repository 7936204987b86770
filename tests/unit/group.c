/* SPDX-License-Identifier: GPL-3.0-only */
/* Who waits for company, who does not, and that each gets its own verdict. */
#include "run/group.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

enum { MANY = 70 };

static struct context ctx;
static struct graph_node node, needed;
static struct job jobs[MANY];
static struct group g = GROUP_INIT;
static group_jobs done = VEC_INIT;

static void
setup(void)
{
	cleanup_free char *dir = tmpdir_path("store");
	cleanup_err struct err err = ERR_INIT;

	fs_remove(dir, NULL);
	ck_assert_msg(store_open(&ctx.store, dir, &err) == 0, "%s", err_msg(&err));
	vec_push(&needed.users, &node);
	for (size_t i = 0; i < MANY; i++) {
		char key[32];

		jobs[i].node = &node;
		snprintf(key, sizeof(key), "%zu", i);
		sha256_bytes(key, strlen(key), jobs[i].key);
		record_add(&jobs[i].result, "stage", key);
		ck_assert_int_eq(store_add_result(&ctx.store, &jobs[i].batch, jobs[i].key,
			&jobs[i].result, NULL), 0);
	}
}

static void
teardown(void)
{
	for (size_t i = 0; i < MANY; i++) {
		batch_release(&jobs[i].batch);
		record_release(&jobs[i].result);
		free(jobs[i].message);
	}
	vec_release(&needed.users);
	vec_release(&done);
	group_release(&g);
	store_close(&ctx.store);
}

static bool
is_stored(size_t i)
{
	cleanup_record struct record r = RECORD_INIT;

	return store_get_result(&ctx.store, jobs[i].key, &r) == 1;
}

static void
finish(void)
{
	int status;

	ck_assert_int_eq(waitpid(g.child, &status, 0), g.child);
	group_end(&ctx, &g, status, &done);
}

START_TEST(company)
{
	group_start(&ctx, &g, true, &done);
	ck_assert_int_eq(g.child, 0);
	ck_assert_int_eq(group_wake_ms(&g), INT64_MAX);

	group_add(&g, &jobs[0]);
	ck_assert_int_eq(jobs[0].state, JOB_PUBLISHING);
	ck_assert_int_gt(group_wake_ms(&g), clock_ms() - 1000);
	ck_assert_int_lt(group_wake_ms(&g), clock_ms() + 1000);
	g.due_ms = clock_ms() + 100000; /* as on a machine that is in no hurry */
	group_start(&ctx, &g, false, &done);
	ck_assert_int_eq(g.child, 0);

	jobs[1].node = &needed;
	group_add(&g, &jobs[1]);
	group_start(&ctx, &g, false, &done);
	ck_assert_int_gt(g.child, 0);
	ck_assert_int_eq(group_wake_ms(&g), INT64_MAX);

	/* One child at a time. */
	group_add(&g, &jobs[2]);
	group_start(&ctx, &g, true, &done);
	ck_assert_uint_eq(g.waiting.len, 1);
	ck_assert_int_eq(jobs[0].state, JOB_PUBLISHING);
	finish();
	ck_assert_uint_eq(done.len, 2);
	ck_assert_int_eq(jobs[0].state, JOB_DONE);
	ck_assert_int_eq(jobs[1].state, JOB_DONE);
	ck_assert(is_stored(0) && is_stored(1) && !is_stored(2));

	group_start(&ctx, &g, true, &done);
	finish();
	ck_assert_uint_eq(done.len, 3);
	ck_assert(is_stored(2));
}
END_TEST

START_TEST(many)
{
	for (size_t i = 0; i < MANY; i++) {
		group_add(&g, &jobs[i]);
		ck_assert(i >= 60 || !group_is_full(&g));
	}
	ck_assert(group_is_full(&g));
	group_start(&ctx, &g, false, &done);
	ck_assert(!group_is_full(&g));
	unlink(jobs[5].batch.files.v[0].from); /* the child may be past it */
	finish();
	ck_assert_uint_eq(done.len, MANY);
	for (size_t i = 0; i < MANY; i++) {
		ck_assert(is_stored(i) || i == 5);
		ck_assert_int_eq(jobs[i].state, is_stored(i) ? JOB_DONE : JOB_FAILED);
	}
}
END_TEST

START_TEST(own_verdicts)
{
	for (size_t i = 0; i < 4; i++)
		group_add(&g, &jobs[i]);
	unlink(jobs[2].batch.files.v[0].from);
	group_start(&ctx, &g, true, &done);
	finish();
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(jobs[i].state, i == 2 ? JOB_FAILED : JOB_DONE);
	ck_assert_ptr_nonnull(strstr(jobs[2].message, "cannot store its outputs: sync "));
}
END_TEST

/* A child that was killed, or could not say all, has not done anything that counts. */
START_TEST(a_child_that_dies)
{
	static const char half[] = "done=2\n", other[] = "done=1\n";

	group_add(&g, &jobs[0]);
	group_start(&ctx, &g, true, &done);
	ck_assert_int_eq(waitpid(g.child, NULL, 0), g.child);
	group_end(&ctx, &g, 9, &done);
	ck_assert_int_eq(jobs[0].state, JOB_FAILED);
	ck_assert_str_eq(jobs[0].message, "cannot store its outputs: the publisher died");

	for (size_t i = 1; i < 3; i++) {
		cleanup_free char *text = tmpdir_file("said", i == 1 ? other : half, 7);

		group_add(&g, &jobs[i]);
		group_start(&ctx, &g, true, &done);
		ck_assert_int_eq(waitpid(g.child, NULL, 0), g.child);
		close(g.fd);
		g.fd = fs_open(text);
		group_end(&ctx, &g, 0, &done);
		ck_assert_int_eq(jobs[i].state, i == 1 ? JOB_DONE : JOB_FAILED);
	}
}
END_TEST

/* Where no child can be had it is done here, or fails for each by its own reason. */
START_TEST(without_a_child)
{
	struct rlimit none = { 0, 0 };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		group_add(&g, &jobs[0]);
		group_add(&g, &jobs[1]);
		if (setrlimit(RLIMIT_NOFILE, &none) < 0)
			_exit(1);
		group_start(&ctx, &g, true, &done);
		if (g.child || done.len != 2 || g.waiting.len)
			_exit(2);
		_exit(jobs[0].state == JOB_FAILED && jobs[1].state == JOB_FAILED &&
			strstr(jobs[1].message, "Too many open files") ? 0 : 3);
	}
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("group");

	tmpdir_use(tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, company);
	tcase_add_test(tests, many);
	tcase_add_test(tests, own_verdicts);
	tcase_add_test(tests, a_child_that_dies);
	tcase_add_test(tests, without_a_child);
	return unit_run("group", tests);
}
