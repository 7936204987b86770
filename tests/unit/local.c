/* SPDX-License-Identifier: GPL-3.0-only */
/* Digests of what lies beside the recipe: every change is seen, no old one remembered. */
#include "run/local.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct context ctx;
static char *dir;

static void
setup(void)
{
	cleanup_free char *facts = NULL;

	ctx.store.dir = tmpdir_path("store");
	fs_remove(ctx.store.dir, NULL);
	facts = path_join(ctx.store.dir, "facts");
	ck_assert_int_eq(fs_mkdirs(facts, 0755, NULL), 0);
	dir = tmpdir_path("dir");
	fs_remove(dir, NULL);
	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
}

static char *
in_dir(const char *name)
{
	return path_join(dir, name);
}

static void
put(const char *name, const char *text)
{
	cleanup_free char *path = in_dir(name);

	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
}

/* A list, so that every digest is compared with every earlier one. */
static char seen[32][SHA256_HEX];
static size_t nseen;

static void
digest(const char *path, char out[SHA256_HEX])
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_msg(local_digest(&ctx, path, out, &err) == 0, "%s", err_msg(&err));
}

static void
is_new(const char *what)
{
	digest(dir, seen[nseen]);
	for (size_t i = 0; i < nseen; i++)
		ck_assert_msg(!streq(seen[i], seen[nseen]), "%s is not seen", what);
	nseen++;
}

static void
is_same(const char *what)
{
	char now[SHA256_HEX];

	digest(dir, now);
	ck_assert_msg(streq(seen[nseen - 1], now), "%s is seen", what);
}

START_TEST(folders)
{
	cleanup_free char *a = in_dir("a"), *b = in_dir("b"), *sub = in_dir("sub");
	cleanup_free char *l = in_dir("l"), *in = in_dir("sub/b");

	is_new("the empty folder");
	put("a", "1");
	is_new("a file");
	put("a", "2");
	is_new("its content, of the same size");
	chmod(a, 0755);
	is_new("the x bit");
	chmod(a, 0700);
	is_new("the x bit of others");
	chmod(a, 0744);
	is_same("what a umask does to r and w");
	rename(a, b);
	is_new("another name");
	mkdir(sub, 0755);
	is_new("an empty folder in it");
	rename(b, in);
	is_new("another folder");
	ck_assert_int_eq(symlink("sub", l), 0);
	is_new("a link");
	unlink(l);
	ck_assert_int_eq(symlink("sub/", l), 0);
	is_new("a link's text");
	unlink(l);
	put("l", "sub");
	is_new("a file in its place");
	unlink(l);
	ck_assert_int_eq(link(in, l), 0);
	is_new("a hard link");
}
END_TEST

/* Names that hold what the digest's own text could. */
START_TEST(odd_names)
{
	cleanup_free char *a = in_dir("a"), *b = in_dir("a 120777 b");

	ck_assert_int_eq(symlink("b 120777 c", a), 0);
	is_new("one link");
	unlink(a);
	ck_assert_int_eq(symlink("c", b), 0);
	is_new("the other link");
}
END_TEST

START_TEST(files)
{
	cleanup_free char *path = in_dir("f"), *other = in_dir("g"), *link = in_dir("h");
	char one[SHA256_HEX], two[SHA256_HEX];

	put("f", "x");
	put("g", "x");
	digest(path, one);
	digest(other, two);
	ck_assert_str_eq(one, two);
	ck_assert_int_eq(symlink("g", link), 0);
	digest(link, two);
	ck_assert_str_eq(one, two);
	chmod(other, 0755);
	digest(other, two);
	ck_assert_str_ne(one, two);
	digest(dir, one);
	ck_assert_str_ne(one, two);
}
END_TEST

START_TEST(a_link_to_a_folder)
{
	cleanup_free char *link = tmpdir_path("to-dir");
	char one[SHA256_HEX], two[SHA256_HEX];

	put("f", "x");
	unlink(link);
	ck_assert_int_eq(symlink(dir, link), 0);
	digest(dir, one);
	digest(link, two);
	ck_assert_str_eq(one, two);
}
END_TEST

/* Same size, same times: a change within the clock's grain must be found too. */
START_TEST(racy_files)
{
	cleanup_free char *path = in_dir("f");
	char one[SHA256_HEX], two[SHA256_HEX];
	cleanup_close int fd = -1;
	struct stat st;

	put("f", "1");
	fd = open(path, O_WRONLY);
	digest(path, one);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(pwrite(fd, "2", 1, 0), 1);
	futimens(fd, (struct timespec[2]){ st.st_atim, st.st_mtim });
	digest(path, two);
	ck_assert_str_ne(one, two);
}
END_TEST

static size_t
cached(void)
{
	cleanup_free char *cmd = path_join(ctx.store.dir, "facts");
	size_t n = 0;
	char hex[SHA256_HEX];
	cleanup_free char *path = NULL;

	sha256_bytes(dir, strlen(dir), hex);
	path = xasprintf("%s/local-%.32s", cmd, hex);
	n += fs_exists(path);
	return n;
}

/* Old files are remembered, and what is remembered is used: a lie in it shows that. */
START_TEST(what_is_remembered)
{
	cleanup_free char *path = in_dir("f");
	cleanup_free char *cache = NULL;
	cleanup_str struct str text = STR_INIT;
	char one[SHA256_HEX], two[SHA256_HEX], hex[SHA256_HEX];

	put("f", "1");
	digest(dir, one);
	ck_assert_uint_eq(cached(), 0);
	sleep(4); /* ctime cannot be set back */
	digest(dir, two);
	ck_assert_str_eq(one, two);
	ck_assert_uint_eq(cached(), 1);
	sha256_bytes(dir, strlen(dir), hex);
	cache = xasprintf("%s/facts/local-%.32s", ctx.store.dir, hex);
	ck_assert_int_eq(fs_read(cache, 1 << 16, &text, NULL), 0);
	memset(text.p + strlen("digest="), '0', 64);
	fs_write(cache, text.p, text.len, false, NULL);
	digest(dir, two);
	ck_assert_str_ne(one, two);
	/* Cut or spoilt it is not used. */
	fs_write(cache, text.p, text.len - 1, false, NULL);
	digest(dir, two);
	ck_assert_str_eq(one, two);
	memset(text.p + strlen("digest="), 'z', 64);
	fs_write(cache, text.p, text.len, false, NULL);
	digest(dir, two);
	ck_assert_str_eq(one, two);
	chmod(path, 0755);
	digest(dir, two);
	ck_assert_str_ne(one, two);
}
END_TEST

START_TEST(refused)
{
	cleanup_free char *missing = tmpdir_path("missing");
	cleanup_free char *text = xasprintf("%s: No such file or directory", missing);
	cleanup_err struct err err = ERR_INIT;
	char out[SHA256_HEX];

	ck_assert_int_eq(local_digest(&ctx, "/dev/null", out, &err), -1);
	ck_assert_str_eq(err_msg(&err), "/dev/null is neither a file nor a folder");
	err_clear(&err);
	ck_assert_int_eq(local_digest(&ctx, missing, out, &err), -1);
	ck_assert_str_eq(err_msg(&err), text);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("local");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, folders);
	tcase_add_test(t, odd_names);
	tcase_add_test(t, files);
	tcase_add_test(t, a_link_to_a_folder);
	tcase_add_test(t, racy_files);
	tcase_add_test(t, what_is_remembered);
	tcase_add_test(t, refused);
	return unit_run("local", t);
}
