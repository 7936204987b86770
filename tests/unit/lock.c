/* SPDX-License-Identifier: GPL-3.0-only */
/* A lock's text there and back, and which texts are no lock. */
#include "recipe/lock.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ONE \
	"[[source]]\nstage = \"a\"\nurl = [\"http://x/\\\"q\\\"\",\n\t\"http://y/\"]\n" \
	"sha256 = \"" SUM "\"\nsize = 7\n"
#define TWO \
	"[[source]]\nstage = \"b\"\nurl = [\"apt:b\"]\nexact = \"apt:b=1\"\nfile = \"b.tar\"\n" \
	"sha256 = \"" SUM "\"\nsize = 0\nsigner = \"ABCD\"\n"

/* Reads text from a file; the caller releases l and d. */
static int
parse(struct lock *l, struct diags *d, const char *text)
{
	cleanup_free char *path = tmpdir_file("lock", text, strlen(text));

	return lock_read(l, path, d);
}

START_TEST(there_and_back)
{
	cleanup_lock struct lock l = LOCK_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_str struct str out = STR_INIT;

	ck_assert_int_eq(parse(&l, &d, "version = 1\n\n" TWO "\n" ONE), 0);
	ck_assert(l.found);
	ck_assert_uint_eq(l.sources.len, 2);
	ck_assert_str_eq(l.sources.v[0].exact, "apt:b=1");
	ck_assert_str_eq(l.sources.v[0].signer, "ABCD");
	ck_assert_str_eq(l.sources.v[1].url.v[0], "http://x/\"q\"");
	ck_assert_uint_eq(l.sources.v[1].size, 7);
	ck_assert_ptr_null(l.sources.v[1].signer);
	lock_write(&l, &out);
	/* By stage, whatever order they came in; two lines of comment before. */
	ck_assert_str_eq(strstr(str_text(&out), "version"), "version = 1\n\n" ONE "\n" TWO);
}
END_TEST

START_TEST(absent)
{
	cleanup_lock struct lock l = LOCK_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;

	ck_assert_int_eq(lock_read(&l, "/nonexistent/r.toml.lock", &d), 0);
	ck_assert(!l.found);
}
END_TEST

/* What lies elsewhere is not shown, though it is no lock. */
START_TEST(out_of_the_folder)
{
	cleanup_free char *folder = tmpdir_path("r"), *path = tmpdir_path("r/x.lock");
	cleanup_free char *out = tmpdir_file("secret", "secret\n", 7), *said = NULL;
	cleanup_lock struct lock l = LOCK_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;

	ck_assert_int_eq(mkdir(folder, 0755), 0);
	ck_assert_int_eq(symlink(out, path), 0);
	ck_assert_int_lt(lock_read(&l, path, &d), 0);
	said = diags_text(&d);
	ck_assert_msg(strstr(said, "out of the recipe's folder") != NULL, "%s", said);
	ck_assert_msg(!strstr(said, "secret"), "%s", said);
}
END_TEST

static const struct {
	const char *text, *error;
} wrong[] = {
	{ "", "this lock is not of version 1" },
	{ "version = \"1\"\n", "this lock is not of version 1" },
	{ "version = 2\n", "this lock is not of version 1" },
	{ "version = 1\nmore = 2\n", "nothing else" },
	{ "version = 1\nsource = 2\n", "wants tables" },
	{ "version = 1\nsource = [2]\n", "wants tables" },
	{ "version = 1\n[[source]]\nurl = [\"x\"]\n", "has no stage" },
	{ "version = 1\n[[source]]\nstage = \"\"\n", "wants a text" },
	{ "version = 1\n[[source]]\nstage = \"a\\u0000b\"\n", "wants a text" },
	{ "version = 1\n[[source]]\nstage = \"a\"\nurl = []\n", "wants a list of urls" },
	{ "version = 1\n[[source]]\nstage = \"a\"\nurl = [1]\n", "wants a text" },
	{ "version = 1\n[[source]]\nstage = \"a\"\nurl = [\"u\"]\nsha256 = \"" SUM "0\"\n",
		"wants 64" },
	{ "version = 1\n[[source]]\nstage = \"a\"\nurl = [\"u\"]\nsha256 = \"" SUM
	  "\"\nsize = -1\n", "wants a number of bytes" },
	{ "version = 1\n" ONE "color = 1\n", "does not know" },
	{ "version = 1\n[[source]\n", "" },
};

START_TEST(refused)
{
	cleanup_lock struct lock l = LOCK_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_free char *said = NULL;

	ck_assert_int_lt(parse(&l, &d, wrong[_i].text), 0);
	said = diags_text(&d);
	ck_assert_msg(strstr(said, wrong[_i].error), "%s", said);
	ck_assert_msg(strstr(said, "remove it"), "%s", said);
	ck_assert_uint_eq(d.errors, 1);
}
END_TEST

/* ---- Stages ----------------------------------------------------------- */

static char cap[] = "fetch:x", url_name[] = "url", sum_name[] = "sha256";
static char *provides[] = { cap };
static struct option_info known[] = { { .name = url_name, .type = 50 },
	{ .name = sum_name, .type = 10 } };
static const struct plugin_info plugin = { .name = cap,
	.provides = { provides, 1, 1 }, .options = { known, 2, 2 } };

static struct stage *
stage_of(const char *name, const char *url)
{
	struct stage *s = stage_new(name, &plugin);

	stage_option_add(stage_add_option(s, "url", 50, 0), NULL, url);
	return s;
}

START_TEST(holding)
{
	cleanup_lock struct lock l = LOCK_INIT;
	cleanup_diags struct diags d = DIAGS_INIT;
	struct stage *same = stage_of("b", "apt:b"), *other = stage_of("b", "apt:c"),
		     *fresh = stage_of("n", "apt:n");

	ck_assert_int_eq(parse(&l, &d, "version = 1\n" TWO), 0);
	ck_assert_int_eq(lock_apply(&l, same, LOCK_STRICT, &d), 0);
	ck_assert_str_eq(stage_option_get(same, "sha256")->values[0], SUM);
	ck_assert_str_eq(same->locked, SUM);
	ck_assert_ptr_null(stage_option_get(same, "exact")); /* the plugin has none */
	ck_assert_int_eq(lock_apply(&l, other, LOCK_QUIET, &d), 0);
	ck_assert_uint_eq(d.list.len, 0);
	ck_assert_int_eq(lock_apply(&l, other, LOCK_WARN, &d), 0);
	ck_assert_int_eq(lock_apply(&l, fresh, LOCK_WARN, &d), 0);
	ck_assert_uint_eq(d.warnings, 2);
	ck_assert_int_lt(lock_apply(&l, other, LOCK_STRICT, &d), 0);
	ck_assert_int_lt(lock_apply(&l, fresh, LOCK_STRICT, &d), 0);
	ck_assert_ptr_null(stage_option_get(other, "sha256"));
	ck_assert_ptr_null(fresh->locked);
	stage_free(same);
	stage_free(other);
	stage_free(fresh);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("lock");

	tmpdir_use(t);
	tcase_add_test(t, there_and_back);
	tcase_add_test(t, absent);
	tcase_add_test(t, out_of_the_folder);
	tcase_add_loop_test(t, refused, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(t, holding);
	return unit_run("lock", t);
}
