/* SPDX-License-Identifier: GPL-3.0-only */
/* A file that is written although no new one can be: a folder has its new one's name. */
#include "vm/reserve.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static char *path, *room, *new;

static void
setup(void)
{
	tmpdir_make();
	path = path_join(tmpdir, "state");
	room = path_join(tmpdir, "state.room");
	new = xasprintf("%s.tmp%ld", path, (long)getpid());
}

static void
teardown(void)
{
	free(path);
	free(room);
	free(new);
	tmpdir_remove();
}

/* From now on nothing new can be written. */
static void
fill(void)
{
	ck_assert_int_eq(mkdir(new, 0700), 0);
}

static void
put(const char *text)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(reserve_write(path, text, strlen(text), &err), 0);
	ck_assert_ptr_null(err.msg);
}

static void
has(const char *text)
{
	cleanup_str struct str all = STR_INIT;

	ck_assert_int_eq(fs_read(path, 1 << 20, &all, NULL), 0);
	ck_assert_str_eq(str_text(&all), text);
}

START_TEST(with_room)
{
	struct stat st;

	ck_assert_int_eq(reserve_keep(path), 0);
	ck_assert_int_eq(stat(room, &st), 0);
	ck_assert_int_ge(st.st_blocks, 8);
	put("as always");
	has("as always");
	ck_assert(fs_exists(room));
	fill();
	put("how it ended");
	has("how it ended");
	put("once more"); /* there is room again */
	has("once more");
	ck_assert_int_eq(reserve_write(path, "a", 1, NULL), 0); /* nobody wants to hear of it */
	has("a");
	reserve_release(path);
	ck_assert(!fs_exists(room));
	reserve_release(path);
}
END_TEST

START_TEST(without_room)
{
	cleanup_err struct err err = ERR_INIT;

	put("a longer text than the next");
	fill();
	put("where it is");
	has("where it is");
	unlink(path);
	ck_assert_int_lt(reserve_write(path, "x", 1, &err), 0);
	ck_assert_ptr_nonnull(err.msg);
}
END_TEST

START_TEST(more_than_there_is_room)
{
	static char text[100000];

	memset(text, 'x', sizeof(text) - 1);
	ck_assert_int_eq(reserve_keep(path), 0);
	put("before");
	fill();
	ck_assert_int_lt(reserve_write(path, text, strlen(text), NULL), 0);
	has("before"); /* and not a part of it */
	ck_assert(fs_exists(room));
}
END_TEST

/* What lies there is nobody's to write into. */
START_TEST(a_link)
{
	ck_assert_int_eq(symlink("elsewhere", room), 0);
	ck_assert_int_lt(reserve_keep(path), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_reserve");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, with_room);
	tcase_add_test(t, without_room);
	tcase_add_test(t, more_than_there_is_room);
	tcase_add_test(t, a_link);
	return unit_run("vm_reserve", t);
}
