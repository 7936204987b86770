/* SPDX-License-Identifier: GPL-3.0-only */
/* One batch's problem is its own, and no result gets its name without its blobs. */
#include "store/batch.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static char *blobs, *actions;

static void
setup(void)
{
	cleanup_free char *store = tmpdir_path("store");

	fs_remove(store, NULL);
	ck_assert_int_eq(mkdir(store, 0755), 0);
	blobs = path_join(store, "blobs");
	actions = path_join(store, "actions");
	ck_assert_int_eq(mkdir(blobs, 0755), 0);
	ck_assert_int_eq(mkdir(actions, 0755), 0);
}

static void
teardown(void)
{
	free(blobs);
	free(actions);
}

/* A blob and a result, each in a folder that is not there yet. */
static void
fill(struct batch *b, size_t i)
{
	cleanup_free char *one = xasprintf("blob%zu", i), *two = xasprintf("result%zu", i);
	cleanup_free char *blob = tmpdir_file(one, "b", 1), *result = tmpdir_file(two, "r", 1);
	cleanup_free char *to_blob = xasprintf("%s/%02zx/b", blobs, i % 7);
	cleanup_free char *to_result = xasprintf("%s/%02zx/r%zu", actions, i % 5, i);

	batch_add(b, result, to_result, true);
	batch_add(b, blob, to_blob, false);
}

static bool
is_there(const struct batch *b, bool result)
{
	for (size_t i = 0; i < b->files.len; i++)
		if (b->files.v[i].result == result)
			return fs_exists(b->files.v[i].to);
	return false;
}

static bool
is_left(const struct batch *b, bool result)
{
	for (size_t i = 0; i < b->files.len; i++)
		if (b->files.v[i].result == result)
			return fs_exists(b->files.v[i].from);
	return false;
}

START_TEST(one)
{
	cleanup_batch struct batch b = BATCH_INIT, none = BATCH_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(batch_publish(&none, &err), 0);
	fill(&b, 1);
	ck_assert_msg(batch_publish(&b, &err) == 0, "%s", err_msg(&err));
	ck_assert(is_there(&b, true) && is_there(&b, false));
	ck_assert(!is_left(&b, true) && !is_left(&b, false));
}
END_TEST

/* Many at once, of which two cannot be: one's blob is gone, one's result has no place. */
START_TEST(others_go_on)
{
	enum { N = 40, GONE = 3, NO_PLACE = 11 };
	struct batch all[N] = { 0 }, *v[N];

	for (size_t i = 0; i < N; i++) {
		v[i] = &all[i];
		fill(v[i], i);
	}
	unlink(all[GONE].files.v[1].from);
	ck_assert_int_eq(fs_mkdirs(all[NO_PLACE].files.v[0].to, 0755, NULL), 0);
	batches_publish(v, N);
	for (size_t i = 0; i < N; i++) {
		bool good = i != GONE && i != NO_PLACE;

		ck_assert_msg(good == !v[i]->problem.msg, "%zu: %s", i, err_msg(&v[i]->problem));
		ck_assert(!is_left(v[i], true));
		ck_assert(!good || is_there(v[i], true));
	}
	ck_assert_int_eq(all[GONE].problem.code, ENOENT);
	ck_assert_ptr_nonnull(strstr(all[GONE].problem.msg, "blob3"));
	ck_assert_int_eq(all[NO_PLACE].problem.code, EISDIR);
	for (size_t i = 0; i < N; i++)
		batch_release(v[i]);
}
END_TEST

/* A result whose blob did not get its name has none either. */
START_TEST(blobs_first)
{
	cleanup_batch struct batch b = BATCH_INIT;
	cleanup_err struct err err = ERR_INIT;

	fill(&b, 2);
	ck_assert_int_eq(fs_mkdirs(b.files.v[1].to, 0755, NULL), 0);
	ck_assert_int_eq(batch_publish(&b, &err), -1);
	ck_assert_int_eq(err.code, EISDIR);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "publish "));
	ck_assert(!is_there(&b, true));
	ck_assert(!is_left(&b, true));
}
END_TEST

START_TEST(no_folder)
{
	cleanup_batch struct batch b = BATCH_INIT;
	cleanup_err struct err err = ERR_INIT;

	fill(&b, 4);
	ck_assert_int_eq(rmdir(blobs), 0);
	ck_assert_int_eq(batch_publish(&b, &err), -1);
	ck_assert_int_eq(err.code, ENOENT);
	ck_assert(!is_there(&b, true));
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("batch");

	tmpdir_use(tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, one);
	tcase_add_test(tests, others_go_on);
	tcase_add_test(tests, blobs_first);
	tcase_add_test(tests, no_folder);
	return unit_run("batch", tests);
}
