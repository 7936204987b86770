/* SPDX-License-Identifier: GPL-3.0-only */
/* What goes is what was asked for, and never what a result that stays names. */
#include "store/gc.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/index.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct store s;
static char *dir;

static void
setup(void)
{
	cleanup_err struct err err = ERR_INIT;

	dir = tmpdir_path("gc");
	fs_remove(dir, NULL);
	ck_assert_msg(store_open(&s, dir, &err) == 0, "%s", err_msg(&err));
}

static void
teardown(void)
{
	store_close(&s);
	free(dir);
}

static void
blob(const char *text, char digest[SHA256_HEX])
{
	cleanup_free char *tmp = store_temp_dir(&s, NULL);
	cleanup_free char *path = path_join(tmp, "out");
	uint64_t size;

	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
	ck_assert_int_eq(store_put_blob(&s, path, digest, &size, NULL), 0);
}

/* A result that was used at that time and names the blobs of these texts. */
static void
result(char letter, time_t used, const char *const *texts)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_free char *path = NULL;
	char key[SHA256_HEX], digest[SHA256_HEX];
	struct timespec times[2] = { { used, 0 }, { used, 0 } };

	memset(key, letter, SHA256_HEX - 1);
	key[SHA256_HEX - 1] = '\0';
	record_addf(&r, "stage", "stage-%c", letter);
	record_add(&r, "action.plugin", "trial");
	for (; *texts; texts++) {
		blob(*texts, digest);
		record_add(&r, "out", "file");
		record_add(&r, "digest", digest);
	}
	ck_assert_int_eq(store_put_result(&s, key, &r, NULL), 0);
	path = xasprintf("%s/actions/%.2s/%s", s.dir, key, key + 2);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
three(void)
{
	result('a', 1000, (const char *const[]){ "common", "12345678", NULL });
	result('b', 3000, (const char *const[]){ "common", "1234", NULL });
	result('c', 2000, (const char *const[]){ "12", NULL });
}

static struct gc_report
gc(struct gc_limits limits)
{
	cleanup_err struct err err = ERR_INIT;
	struct gc_report report;

	if (!limits.max_size)
		limits.max_size = UINT64_MAX;
	ck_assert_msg(store_gc(&s, &limits, &report, &err) == 0, "%s", err_msg(&err));
	return report;
}

/* The stages of what is left, as "bc", in the order of their use. */
static const char *
left(void)
{
	static char text[8];
	cleanup_index struct index x = INDEX_INIT;

	ck_assert_int_eq(index_read(&x, &s, NULL), 0);
	for (size_t i = 0; i < x.results.len; i++) {
		text[i] = x.results.v[i].key[0];
		for (size_t k = 0; k < x.results.v[i].blobs.len; k++)
			ck_assert(!x.results.v[i].blobs.v[k]->missing);
	}
	text[x.results.len] = '\0';
	return text;
}

START_TEST(indexed)
{
	cleanup_index struct index x = INDEX_INIT;

	three();
	ck_assert_int_eq(index_read(&x, &s, NULL), 0);
	ck_assert_uint_eq(x.results.len, 3);
	ck_assert_uint_eq(x.blobs.len, 4);
	ck_assert_uint_eq(index_size(&x), 6 + 8 + 4 + 2);
	ck_assert_str_eq(x.results.v[0].stage, "stage-a");
	ck_assert_str_eq(x.results.v[0].plugin, "trial");
	ck_assert_uint_eq(x.results.v[0].size, 6 + 8);
	ck_assert_int_eq(x.results.v[2].used, 3000);
	ck_assert_str_eq(left(), "acb");
}
END_TEST

START_TEST(nothing)
{
	three();
	ck_assert_uint_eq(gc((struct gc_limits){ 0 }).results, 0);
	ck_assert_str_eq(left(), "acb");
}
END_TEST

START_TEST(age)
{
	struct gc_report r;

	three();
	r = gc((struct gc_limits){ .before = 2500 });
	ck_assert_uint_eq(r.results, 2);
	ck_assert_uint_eq(r.blobs, 2);
	ck_assert_uint_eq(r.bytes, 8 + 2);
	ck_assert_uint_eq(r.left_bytes, 6 + 4);
	ck_assert_str_eq(left(), "b");
}
END_TEST

START_TEST(size)
{
	three();
	ck_assert_uint_eq(gc((struct gc_limits){ .max_size = 12 }).left_bytes, 12);
	ck_assert_str_eq(left(), "cb");
	gc((struct gc_limits){ .max_size = 11 });
	ck_assert_str_eq(left(), "b");
	gc((struct gc_limits){ .max_size = 1 });
	ck_assert_str_eq(left(), "");
}
END_TEST

START_TEST(kept)
{
	struct map keep = MAP_INIT;
	char key[SHA256_HEX];

	three();
	memset(key, 'a', SHA256_HEX - 1);
	key[SHA256_HEX - 1] = '\0';
	map_put(&keep, key, &keep);
	ck_assert_uint_eq(
		gc((struct gc_limits){ .max_size = 1, .keep = &keep }).left_bytes, 6 + 8);
	map_release(&keep, NULL);
	ck_assert_str_eq(left(), "a");
}
END_TEST

START_TEST(dry)
{
	three();
	ck_assert_uint_eq(gc((struct gc_limits){ .before = 2500, .dry = true }).results, 2);
	ck_assert_str_eq(left(), "acb");
}
END_TEST

START_TEST(rubbish)
{
	char digest[SHA256_HEX];
	cleanup_free char *path = NULL, *aside = NULL, *bad = NULL;
	struct gc_report r;

	three();
	blob("of nobody", digest);
	path = store_blob_path(&s, digest);
	aside = xasprintf("%s.damaged", path);
	ck_assert_int_eq(fs_write(aside, "x", 1, false, NULL), 0);
	bad = xasprintf("%s/actions/aa/%062d", s.dir, 0);
	ck_assert_int_eq(fs_write(bad, "no record", 9, false, NULL), 0);
	r = gc((struct gc_limits){ 0 });
	ck_assert_uint_eq(r.results, 1);
	ck_assert_uint_eq(r.blobs, 2);
	ck_assert(!fs_exists(path) && !fs_exists(aside) && !fs_exists(bad));
	ck_assert_str_eq(left(), "acb");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("gc");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, indexed);
	tcase_add_test(t, nothing);
	tcase_add_test(t, age);
	tcase_add_test(t, size);
	tcase_add_test(t, kept);
	tcase_add_test(t, dry);
	tcase_add_test(t, rubbish);
	return unit_run("gc", t);
}
