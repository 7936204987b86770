/* SPDX-License-Identifier: GPL-3.0-only */
/* The output folder gets what is new, and what is there and the same is left alone. */
#include "cli/export.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct plugin_info plugin;
static struct context ctx;
static struct pipeline line;
static struct run r;
static char *dir, *out;

static void
setup(void)
{
	struct port_info port = { xstrdup("image"), 10, 0, NULL, NULL };
	struct export e = { xstrdup("a"), xstrdup("image"), NULL, NULL };
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *store = tmpdir_path("store");

	fs_remove(store, NULL);
	ck_assert_int_eq(store_open(&ctx.store, store, NULL), 0);
	dir = tmpdir_path("out");
	fs_remove(dir, NULL);
	out = path_join(dir, "disk.img");
	vec_push(&plugin.outputs, port);
	vec_push(&line.stages, stage_new("a", &plugin));
	vec_push(&line.exports, e);
	r = (struct run){ .ctx = &ctx, .pipeline = &line, .graph = GRAPH_INIT };
	ck_assert_msg(graph_build(&r.graph, &line, &err) == 0, "%s", err_msg(&err));
	r.jobs = xcalloc(1, sizeof(*r.jobs));
	r.jobs[0].stage = line.stages.v[0];
	r.graph.nodes[0].data = &r.jobs[0];
	r.graph.nodes[0].selected = true;
}

static void
teardown(void)
{
	store_close(&ctx.store);
}

/* The stage's image is now this text. */
static void
make(const char *text)
{
	cleanup_free char *tmp = store_temp_dir(&ctx.store, NULL);
	cleanup_free char *path = path_join(tmp, "out");
	struct record *result = &r.jobs[0].result;
	char digest[SHA256_HEX];
	uint64_t size;

	fs_write(path, text, strlen(text), false, NULL);
	ck_assert_int_eq(store_put_blob(&ctx.store, path, digest, &size, NULL), 0);
	record_release(result);
	record_add(result, "out", "image");
	record_add(result, "digest", digest);
	record_add_int(result, "size", (int64_t)size);
	record_add(result, "file", "disk.img");
}

static void
export_ok(void)
{
	struct exports x = VEC_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_msg(export_all(&r, dir, &x, &err) == 0, "%s", err_msg(&err));
	ck_assert_uint_eq(x.len, 1);
	ck_assert_str_eq(x.v[0].file, "disk.img");
	exports_release(&x);
}

static void
expect_out(const char *text)
{
	cleanup_str struct str got = STR_INIT;

	ck_assert_int_eq(fs_read(out, 1 << 16, &got, NULL), 0);
	ck_assert_str_eq(str_text(&got), text);
}

static ino_t
inode(void)
{
	struct stat st;

	ck_assert_int_eq(stat(out, &st), 0);
	return st.st_ino;
}

START_TEST(copied_once)
{
	ino_t first;

	make("one");
	export_ok();
	expect_out("one");
	first = inode();
	export_ok();
	ck_assert_uint_eq(inode(), first);
	make("two");
	export_ok();
	expect_out("two");
	ck_assert_uint_ne(inode(), first);
}
END_TEST

START_TEST(what_a_person_changed_is_made_again)
{
	make("one");
	export_ok();
	ck_assert_int_eq(fs_write(out, "own", 3, false, NULL), 0);
	export_ok();
	expect_out("one");
	unlink(out);
	export_ok();
	expect_out("one");
}
END_TEST

/* In the moment of the copy, the same size: times may be as they were. */
START_TEST(what_a_person_changed_at_once)
{
	cleanup_free char *list = path_join(dir, ".msmv");
	cleanup_str struct str text = STR_INIT;
	ino_t first;
	int fd;

	make("one");
	export_ok();
	ck_assert_int_eq(fs_read(list, 4096, &text, NULL), 0);
	ck_assert_ptr_nonnull(strstr(str_text(&text), " new\n"));
	first = inode();
	fd = open(out, O_WRONLY);
	ck_assert_int_eq(write(fd, "ONE", 3), 3);
	close(fd);
	ck_assert_uint_eq(inode(), first);
	export_ok();
	expect_out("one");
	ck_assert_uint_ne(inode(), first);
}
END_TEST

/* Once it is old enough its identity is kept, and nobody reads it any more. */
START_TEST(read_until_it_is_settled)
{
	cleanup_free char *list = path_join(dir, ".msmv"), *id = NULL;
	cleanup_str struct str text = STR_INIT;
	struct stat st;

	make("one");
	export_ok();
	ck_assert_int_eq(stat(out, &st), 0);
	while (!fs_is_settled(&st, time(NULL)))
		usleep(100000);
	export_ok();
	id = fs_identity(out);
	ck_assert_int_eq(fs_read(list, 4096, &text, NULL), 0);
	ck_assert_ptr_nonnull(strstr(str_text(&text), id));
	/* What is not read any more is not seen to be another. */
	str_reset(&text);
	str_addf(&text, "file=disk.img\nstate=%064d %s\n", 0, id);
	memset(r.jobs[0].result.fields[1].value, '0', 64);
	ck_assert_int_eq(fs_write(list, text.p, text.len, false, NULL), 0);
	export_ok();
	expect_out("one");
}
END_TEST

/* Two runs share the folder. */
START_TEST(another_exports)
{
	cleanup_free char *part = xasprintf("%s.part", out), *list = path_join(dir, ".msmv");
	int held, go[2], status;
	pid_t pid;
	char c;

	make("one");
	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
	held = open(dir, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(flock(held, LOCK_EX), 0);
	/* What a dead one left is in nobody's way. */
	ck_assert_int_eq(fs_write(part, "half", 4, false, NULL), 0);
	ck_assert_int_eq(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		close(go[0]);
		close(held);
		close(STDERR_FILENO);
		export_ok();
		_exit(write(go[1], "x", 1) != 1);
	}
	close(go[1]);
	ck_assert_int_eq(fcntl(go[0], F_SETFL, O_NONBLOCK), 0);
	usleep(100000);
	ck_assert_int_lt(read(go[0], &c, 1), 0); /* it waits */
	ck_assert(!fs_exists(out) && !fs_exists(list));
	close(held);
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	expect_out("one");
	ck_assert(!fs_exists(part));
}
END_TEST

/* The store says another size: that is no copy of it. */
START_TEST(another_size)
{
	struct exports x = VEC_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *part = xasprintf("%s.part", out);

	make("one");
	r.jobs[0].result.fields[2].value[0] = '4';
	ck_assert_int_eq(export_all(&r, dir, &x, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "3 bytes instead of 4"));
	ck_assert(!fs_exists(out) && !fs_exists(part));
}
END_TEST

/* A guest writes to its disk: the store must not feel it. */
START_TEST(the_store_keeps_its_own)
{
	cleanup_free char *blob = NULL;
	cleanup_str struct str text = STR_INIT;
	struct stat st;
	FILE *f;

	make("one");
	export_ok();
	ck_assert_int_eq(stat(out, &st), 0);
	ck_assert_uint_eq(st.st_nlink, 1);
	ck_assert_uint_eq(st.st_mode & 0777, 0644);
	f = fopen(out, "r+");
	fputs("xxx", f);
	fclose(f);
	blob = store_blob_path(&ctx.store, record_get(&r.jobs[0].result, "digest"));
	ck_assert_int_eq(fs_read(blob, 64, &text, NULL), 0);
	ck_assert_str_eq(text.p, "one");
}
END_TEST

START_TEST(damaged_list)
{
	static const char *const texts[] = { "", "file", "file=disk.img\n", "state=x\n", "\xff" };
	cleanup_free char *list = path_join(dir, ".msmv");

	make("one");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		export_ok();
		fs_write(list, texts[i], strlen(texts[i]), false, NULL);
		export_ok();
		expect_out("one");
	}
}
END_TEST

START_TEST(no_half_made_file)
{
	struct exports x = VEC_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *blob = NULL;
	cleanup_free char *part = NULL;

	make("one");
	blob = store_blob_path(&ctx.store, record_get(&r.jobs[0].result, "digest"));
	unlink(blob);
	ck_assert_int_eq(export_all(&r, dir, &x, &err), -1);
	ck_assert_ptr_nonnull(err.msg);
	part = xasprintf("%s.part", out);
	ck_assert(!fs_exists(out));
	ck_assert(!fs_exists(part));
}
END_TEST

START_TEST(no_folder)
{
	struct exports x = VEC_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *file = tmpdir_file("file", "x", 1);

	make("one");
	ck_assert_int_eq(export_all(&r, file, &x, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), file));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("export");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, copied_once);
	tcase_add_test(t, what_a_person_changed_is_made_again);
	tcase_add_test(t, what_a_person_changed_at_once);
	tcase_add_test(t, read_until_it_is_settled);
	tcase_add_test(t, another_exports);
	tcase_add_test(t, another_size);
	tcase_add_test(t, the_store_keeps_its_own);
	tcase_add_test(t, damaged_list);
	tcase_add_test(t, no_half_made_file);
	tcase_add_test(t, no_folder);
	return unit_run("export", t);
}
