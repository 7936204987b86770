/* SPDX-License-Identifier: GPL-3.0-only */
/* What has its final name is whole; what the dead left behind goes. */
#include "store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct store s;
static char *dir;

static void
setup(void)
{
	cleanup_err struct err err = ERR_INIT;

	dir = tmpdir_path("store");
	fs_remove(dir, NULL);
	ck_assert_msg(store_open(&s, dir, &err) == 0, "%s", err_msg(&err));
}

static void
teardown(void)
{
	store_close(&s);
	free(dir);
}

/* A process that cannot open any more files knows nothing of what others use. */
START_TEST(nothing_of_the_living_goes)
{
	struct rlimit limit;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		getrlimit(RLIMIT_NOFILE, &limit);
		for (rlim_t n = 3; n < 24; n++) {
			struct store mine;

			limit.rlim_cur = n;
			setrlimit(RLIMIT_NOFILE, &limit);
			store_open(&mine, dir, NULL);
			store_close(&mine);
		}
		_exit(0);
	}
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert(fs_exists(s.tmp));
}
END_TEST

static size_t
count(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	for (struct dirent *e; d && (e = readdir(d));)
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

/* A file of that text in the store's own folder, as a stage leaves one. */
static char *
made(const char *text)
{
	cleanup_free char *tmp = store_temp_dir(&s, NULL);
	char *path = path_join(tmp, "out.a");

	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
	return path;
}

static char *
put(const char *text, char digest[SHA256_HEX])
{
	cleanup_free char *path = made(text);
	cleanup_err struct err err = ERR_INIT;
	char want[SHA256_HEX];
	uint64_t size;

	ck_assert_msg(store_put_blob(&s, path, digest, &size, &err) == 0, "%s", err_msg(&err));
	sha256_bytes(text, strlen(text), want);
	ck_assert_str_eq(digest, want);
	ck_assert_uint_eq(size, strlen(text));
	ck_assert(!fs_exists(path));
	return store_blob_path(&s, digest);
}

START_TEST(blobs)
{
	char digest[SHA256_HEX], again[SHA256_HEX];
	cleanup_free char *path = put("hello", digest);
	cleanup_free char *same = put("hello", again);
	cleanup_str struct str text = STR_INIT;
	struct stat st;

	ck_assert_str_eq(path, same);
	ck_assert_int_eq(fs_read(path, 64, &text, NULL), 0);
	ck_assert_str_eq(text.p, "hello");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0444);
	ck_assert(store_has_blob(&s, digest, 5));
	ck_assert(!store_has_blob(&s, digest, 6));
	ck_assert(!store_has_blob(&s, "../../../etc/passwd", 5));
	ck_assert(!store_has_blob(&s, "", 0));
	digest[0] = digest[0] == 'a' ? 'b' : 'a';
	ck_assert(!store_has_blob(&s, digest, 5));
}
END_TEST

START_TEST(damaged_blobs)
{
	char digest[SHA256_HEX];
	cleanup_free char *path = put("hello", digest);
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(store_check_blob(&s, digest, &err), 0);
	chmod(path, 0644);
	ck_assert_int_eq(truncate(path, 3), 0);
	ck_assert(!store_has_blob(&s, digest, 5));
	free(put("hello", digest));
	ck_assert(store_has_blob(&s, digest, 5));
	ck_assert_int_eq(fs_write(path, "hallo", 5, false, NULL), 0);
	ck_assert_int_eq(store_check_blob(&s, digest, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "is damaged"));
	ck_assert(!store_has_blob(&s, digest, 5));
	free(put("hello", digest));
	ck_assert_int_eq(store_check_blob(&s, digest, NULL), 0);
}
END_TEST

/*
 * Somebody else with a lease on the damaged file: who opens it waits, with the file in hand,
 * until another one has its name. 0, or where there are no leases 1.
 */
static int
replace_as_it_is_opened(const char *path, const char *new, int ready)
{
	int fd = open(path, O_RDWR), sig;
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigprocmask(SIG_BLOCK, &io, NULL);
	if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return 1;
	if (write(ready, "x", 1) != 1 || sigwait(&io, &sig) != 0 || rename(new, path) < 0)
		return 2;
	return fcntl(fd, F_SETLEASE, F_UNLCK) < 0 ? 2 : 0;
}

START_TEST(made_anew_while_it_is_read)
{
	char digest[SHA256_HEX], c;
	cleanup_free char *path = put("hello", digest), *new = tmpdir_file("new", "hello", 5);
	cleanup_free char *aside = xasprintf("%s.damaged", path);
	int status, ready[2];
	pid_t pid;

	ck_assert_int_eq(fs_write(path, "hallo", 5, false, NULL), 0);
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0)
		_exit(replace_as_it_is_opened(path, new, ready[1]));
	close(ready[1]);
	if (read(ready[0], &c, 1) == 1) {
		ck_assert_int_eq(store_check_blob(&s, digest, NULL), 0);
		ck_assert(store_has_blob(&s, digest, 5));
		ck_assert(!fs_exists(aside));
	}
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
	close(ready[0]);
}
END_TEST

/* A link in the place of an output would bring any file of the machine into the store. */
START_TEST(only_files)
{
	cleanup_free char *dir_of = store_temp_dir(&s, NULL);
	cleanup_free char *link = path_join(dir_of, "out.a");
	char digest[SHA256_HEX];
	uint64_t size;

	ck_assert_int_eq(symlink("/etc/passwd", link), 0);
	ck_assert_int_eq(store_put_blob(&s, link, digest, &size, NULL), -1);
	ck_assert_int_eq(store_put_blob(&s, dir_of, digest, &size, NULL), -1);
}
END_TEST

START_TEST(results)
{
	char key[SHA256_HEX];
	cleanup_record struct record r = RECORD_INIT;
	cleanup_record struct record back = RECORD_INIT;
	cleanup_free char *path = NULL;

	sha256_bytes("key", 3, key);
	ck_assert_int_eq(store_get_result(&s, key, &back), 0);
	record_add(&r, "stage", "a\nb");
	record_add(&r, "out", "=");
	ck_assert_int_eq(store_put_result(&s, key, &r, NULL), 0);
	ck_assert_int_eq(store_get_result(&s, key, &back), 1);
	ck_assert_str_eq(record_get(&back, "stage"), "a\nb");
	ck_assert_str_eq(record_get(&back, "out"), "=");
	record_release(&back);
	path = xasprintf("%s/actions/%.2s/%s", dir, key, key + 2);
	ck_assert_int_eq(fs_write(path, "stage=a\nou", 10, false, NULL), 0);
	ck_assert_int_eq(store_get_result(&s, key, &back), 0);
	ck_assert_uint_eq(back.len, 0);
	ck_assert_int_eq(store_put_result(&s, key, &r, NULL), 0);
	ck_assert_int_eq(store_get_result(&s, key, &back), 1);
	ck_assert_uint_eq(count(s.tmp), 0);
}
END_TEST

/* Children that publish at the same time, as the engine's do, keep their results apart. */
START_TEST(publishers)
{
	enum { CHILDREN = 8, ROUNDS = 40 };
	char key[SHA256_HEX];

	for (int c = 0; c < CHILDREN; c++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < ROUNDS; i++) {
			cleanup_record struct record r = RECORD_INIT;
			cleanup_free char *name = xasprintf("%d.%d", c, i);

			record_add(&r, "who", name);
			sha256_bytes(name, strlen(name), key);
			if (store_put_result(&s, key, &r, NULL) < 0)
				_exit(1);
		}
		_exit(0);
	}
	for (int c = 0; c < CHILDREN; c++) {
		int status;

		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	for (int k = 0; k < CHILDREN * ROUNDS; k++) {
		cleanup_free char *name = xasprintf("%d.%d", k / ROUNDS, k % ROUNDS);
		cleanup_record struct record r = RECORD_INIT;

		sha256_bytes(name, strlen(name), key);
		ck_assert_int_eq(store_get_result(&s, key, &r), 1);
		ck_assert_str_eq(record_get(&r, "who"), name);
	}
}
END_TEST

/* The living keep their folders, also those of our own number; the dead do not. */
START_TEST(leftovers)
{
	cleanup_free char *tmp = store_path(&s, "tmp");
	cleanup_free char *dead = path_join(tmp, "1234567.0");
	cleanup_free char *below = path_join(dead, "work/a/b");
	cleanup_free char *stray = path_join(tmp, "stray");
	struct store t;
	int go[2], status;
	char c;
	pid_t pid;

	ck_assert_int_eq(fs_mkdirs(below, 0755, NULL), 0);
	ck_assert_int_eq(chmod(below, 0), 0);
	ck_assert_int_eq(fs_write(stray, "x", 1, false, NULL), 0);
	ck_assert_int_eq(store_open(&t, dir, NULL), 0);
	ck_assert_str_ne(s.tmp, t.tmp);
	ck_assert(!fs_exists(dead));
	ck_assert(!fs_exists(stray));
	ck_assert(fs_exists(s.tmp));
	store_close(&t);
	ck_assert_uint_eq(count(tmp), 1);
	ck_assert_int_eq(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		close(s.tmp_lock);
		if (store_open(&t, dir, NULL) < 0 || !(free(store_temp_dir(&t, NULL)), 1))
			_exit(1);
		(void)!write(go[1], "x", 1);
		pause();
	}
	ck_assert_int_eq(read(go[0], &c, 1), 1);
	ck_assert_uint_eq(count(tmp), 2);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ck_assert_int_eq(store_open(&t, dir, NULL), 0);
	ck_assert_uint_eq(count(tmp), 2);
	store_close(&t);
	close(go[0]);
	close(go[1]);
}
END_TEST

START_TEST(opened_by_many)
{
	enum { CHILDREN = 16 };

	for (int c = 0; c < CHILDREN; c++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < 20; i++) {
			struct store t;
			char *path;

			if (store_open(&t, dir, NULL) < 0)
				_exit(1);
			path = store_temp_dir(&t, NULL);
			usleep(1000);
			if (!path || rmdir(path) < 0)
				_exit(2);
			free(path);
			store_close(&t);
		}
		_exit(0);
	}
	for (int c = 0; c < CHILDREN; c++) {
		int status;

		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

static void
expect_format(const char *text, int result, const char *error)
{
	cleanup_free char *path = path_join(dir, "format");
	cleanup_err struct err err = ERR_INIT;
	struct store t;

	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
	ck_assert_int_eq(store_open(&t, dir, &err), result);
	if (error)
		ck_assert_msg(strstr(err_msg(&err), error), "%s", err_msg(&err));
	store_close(&t);
}

START_TEST(formats)
{
	cleanup_free char *text = xmalloc(2001);

	memset(text, '9', 2000);
	text[2000] = '\0';
	expect_format("", 0, NULL);
	expect_format("1\n", 0, NULL);
	expect_format("2\n", -1, "has format 2, this msmv uses 1: give another folder");
	expect_format("1", -1, "has format 1");
	expect_format(text, -1, "has format 999");
	expect_format("1\n", 0, NULL);
}
END_TEST

START_TEST(not_a_folder)
{
	cleanup_free char *path = tmpdir_file("file", "x", 1);
	cleanup_err struct err err = ERR_INIT;
	struct store t;

	ck_assert_int_eq(store_open(&t, path, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), path));
	store_close(&t);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("store");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, nothing_of_the_living_goes);
	tcase_add_test(t, blobs);
	tcase_add_test(t, damaged_blobs);
	tcase_add_test(t, made_anew_while_it_is_read);
	tcase_add_test(t, only_files);
	tcase_add_test(t, results);
	tcase_add_test(t, publishers);
	tcase_add_test(t, leftovers);
	tcase_add_test(t, opened_by_many);
	tcase_add_test(t, formats);
	tcase_add_test(t, not_a_folder);
	return unit_run("store", t);
}
