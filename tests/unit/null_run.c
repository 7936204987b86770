/* SPDX-License-Identifier: GPL-3.0-only */
/* An answer is given while the question and all that it rests on are the same. */
#include "store/null_run.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/witness.h"
#include "store/index.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct store store;
static char *file;

static void
setup(void)
{
	cleanup_free char *dir = tmpdir_path("store");

	fs_remove(dir, NULL);
	ck_assert_int_eq(store_open(&store, dir, NULL), 0);
	file = path_join(store.dir, "facts/file");
	ck_assert_int_eq(fs_write(file, "x", 1, false, NULL), 0);
}

static void
teardown(void)
{
	witnesses_end();
	store_close(&store);
	free(file);
}

/* The store's own folder in tmp is a sign of work: it goes, as at a process' end. */
static void
keep(const struct null_run *n, const char *text)
{
	cleanup_str struct str said = STR_INIT;
	struct null_keys keys = VEC_INIT;

	ck_assert_int_eq(fs_mkdirs(store.tmp, 0755, NULL), 0);
	str_add(&said, text);
	vec_push(&keys, (const char *)KEY);
	witnesses_begin();
	ck_assert(fs_exists(file));
	null_run_keep(&store, n, &said, &keys);
	fs_remove(store.tmp, NULL);
	witnesses_end();
	vec_release(&keys);
}

static struct str
question(const char *text)
{
	struct str s = STR_INIT;

	str_addn(&s, text, strlen(text) + 1);
	return s;
}

static bool
says(const struct null_run *n, const char *text)
{
	cleanup_str struct str said = STR_INIT;
	bool holds = null_run_holds(n, &said);

	ck_assert_str_eq(str_text(&said), holds ? text : "");
	return holds;
}

static char *
answer(void)
{
	cleanup_free char *runs = store_path(&store, "runs"), *line = NULL;
	cleanup_free char *command = xasprintf("echo %s/null-*", runs);
	FILE *f = popen(command, "r");
	size_t n = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_gt(getline(&line, &n, f), 0);
	pclose(f);
	line[strcspn(line, "\n")] = '\0';
	return take(line);
}

START_TEST(question_and_answer)
{
	cleanup_str struct str q = question("what"), other = question("else");
	struct null_run n = { store.dir, "/r.toml", &q }, m = { store.dir, "/r.toml", &other };
	struct null_run p = { store.dir, "/q.toml", &q };

	ck_assert(!says(&n, ""));
	keep(&n, "all is done\n");
	ck_assert(says(&n, "all is done\n"));
	ck_assert(!says(&m, ""));
	ck_assert(!says(&p, ""));
	keep(&p, "");
	ck_assert(says(&p, ""));
	keep(&m, "other\n");
	ck_assert(says(&m, "other\n"));
	ck_assert(!says(&n, ""));
	ck_assert_int_eq(fs_write(file, "y", 1, false, NULL), 0);
	ck_assert(!says(&m, ""));
}
END_TEST

START_TEST(somebody_works)
{
	cleanup_str struct str q = question("what");
	struct null_run n = { store.dir, "/r.toml", &q };
	cleanup_free char *tmp = path_join(store.dir, "tmp/1.0"), *all = path_join(store.dir, "tmp");
	int fd, other;

	keep(&n, "x");
	ck_assert_int_eq(mkdir(tmp, 0755), 0);
	ck_assert(!says(&n, "")); /* a dead one's */
	fd = open(tmp, O_RDONLY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert(says(&n, "x"));
	other = open(all, O_RDONLY);
	ck_assert_int_eq(flock(other, LOCK_EX), 0);
	ck_assert(!says(&n, "")); /* who can tell */
	close(other);
	close(fd);
	ck_assert(!says(&n, ""));
	ck_assert_int_eq(rmdir(tmp), 0);
	ck_assert(says(&n, "x"));
}
END_TEST

/* Whatever byte of it is another, or missing, or too many. */
START_TEST(damaged)
{
	cleanup_str struct str q = question("what"), good = STR_INIT;
	struct null_run n = { store.dir, "/r.toml", &q };
	cleanup_free char *path = NULL;

	keep(&n, "x");
	path = answer();
	ck_assert_int_eq(fs_read(path, 1 << 20, &good, NULL), 0);
	for (size_t i = 0; i < good.len; i++) {
		good.p[i] ^= 1;
		ck_assert_int_eq(fs_write(path, good.p, good.len, false, NULL), 0);
		ck_assert_msg(!says(&n, ""), "byte %zu", i);
		good.p[i] ^= 1;
		ck_assert_int_eq(fs_write(path, good.p, i, false, NULL), 0);
		ck_assert_msg(!says(&n, ""), "%zu bytes", i);
	}
	str_add(&good, "-: /none\n");
	ck_assert_int_eq(fs_write(path, good.p, good.len, false, NULL), 0);
	ck_assert(!says(&n, ""));
}
END_TEST

static int64_t
used(void)
{
	cleanup_index struct index x = INDEX_INIT;

	ck_assert_int_eq(index_read(&x, &store, NULL), 0);
	ck_assert_uint_eq(x.results.len, 1);
	return x.results.v[0].used;
}

static void
age(const char *path, time_t when)
{
	struct timespec times[] = { { .tv_sec = when }, { .tv_sec = when } };

	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

START_TEST(uses)
{
	cleanup_str struct str q = question("what");
	struct null_run n = { store.dir, "/r.toml", &q };
	cleanup_free char *result = store_result_path(&store, KEY), *path = NULL;
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "stage", "s");
	ck_assert_int_eq(store_put_result(&store, KEY, &r, NULL), 0);
	keep(&n, "x");
	path = answer();
	age(result, 1000);
	age(path, 5000);
	ck_assert_int_eq(used(), 5000);
	age(result, 6000);
	ck_assert_int_eq(used(), 6000);
	age(result, 1000);
	null_runs_forget(&store, 5000);
	ck_assert_int_eq(used(), 5000);
	null_run_retire(store.dir, "/r.toml");
	ck_assert(!fs_exists(path));
	ck_assert_int_eq(used(), 5000);
	keep(&n, "x");
	age(path, 4000);
	null_run_retire(store.dir, "/r.toml");
	ck_assert_int_eq(used(), 5000);
	keep(&n, "x");
	age(path, 4000);
	null_runs_forget(&store, 4001);
	ck_assert(!fs_exists(path));
	keep(&n, "x");
	age(path, 6000);
	null_runs_retire(&store);
	ck_assert(!fs_exists(path));
	ck_assert_int_eq(used(), 6000);
	keep(&n, "x");
	age(path, 4000);
	ck_assert(says(&n, "x"));
	ck_assert_int_gt(used(), 6000);
	/* The results were told as well, as that was the first time for long. */
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_gt(used(), 6000);
	age(result, 1000);
	keep(&n, "x");
	ck_assert(says(&n, "x"));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(used() == 1000 || used() > 6000); /* unless the day ended just then */
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("null_run");

	tmpdir_use(c);
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, question_and_answer);
	tcase_add_test(c, somebody_works);
	tcase_add_test(c, damaged);
	tcase_add_test(c, uses);
	return unit_run("null_run", c);
}
