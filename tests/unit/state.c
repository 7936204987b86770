/* SPDX-License-Identifier: GPL-3.0-only */
/* What is remembered of a recipe; a damaged file is as good as none. */
#include "run/state.h"

#include <string.h>
#include <sys/stat.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct context ctx;

static void
setup(void)
{
	ctx.store.dir = tmpdir_path("store");
	fs_remove(ctx.store.dir, NULL);
}

static void
load(struct state *s, const char *recipe)
{
	cleanup_err struct err err = ERR_INIT;

	*s = (struct state)STATE_INIT;
	ck_assert_msg(state_load(s, &ctx, recipe, &err) == 0, "%s", err_msg(&err));
}

START_TEST(kept)
{
	struct state s;

	load(&s, "/a/r.toml");
	ck_assert_ptr_null(state_key(&s, "x"));
	ck_assert_int_eq(state_ms(&s, "x"), 0);
	state_set(&s, "x", "k1", 100);
	state_set(&s, "x", "k2", -1);
	state_set(&s, "x.build", "k3", 7);
	ck_assert_int_eq(state_save(&s, NULL), 0);
	state_release(&s);
	load(&s, "/a/r.toml");
	ck_assert_str_eq(state_key(&s, "x"), "k2");
	ck_assert_int_eq(state_ms(&s, "x"), 100);
	ck_assert_str_eq(state_key(&s, "x.build"), "k3");
	state_release(&s);
	load(&s, "/b/r.toml");
	ck_assert_ptr_null(state_key(&s, "x"));
	state_release(&s);
}
END_TEST

START_TEST(written_only_when_changed)
{
	struct state s;
	cleanup_free char *path = NULL;
	struct stat a, b;

	load(&s, "/a/r.toml");
	state_set(&s, "x", "k", 1);
	ck_assert_int_eq(state_save(&s, NULL), 0);
	path = path_join(s.dir, "state");
	ck_assert_int_eq(stat(path, &a), 0);
	state_set(&s, "x", "k", 1);
	ck_assert_int_eq(state_save(&s, NULL), 0);
	ck_assert_int_eq(stat(path, &b), 0);
	ck_assert_uint_eq(a.st_ino, b.st_ino);
	state_set(&s, "x", "k", 2);
	ck_assert_int_eq(state_save(&s, NULL), 0);
	ck_assert_int_eq(stat(path, &b), 0);
	ck_assert_uint_ne(a.st_ino, b.st_ino);
	state_release(&s);
}
END_TEST

START_TEST(damaged)
{
	static const char *const texts[] = { "", "key.x", "key.x=a\\", "\xff\n", "key.x=k\nms" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct state s;
		cleanup_free char *path = NULL;

		load(&s, "/a/r.toml");
		path = path_join(s.dir, "state");
		fs_write(path, texts[i], strlen(texts[i]), false, NULL);
		state_release(&s);
		load(&s, "/a/r.toml");
		ck_assert_ptr_null(state_key(&s, "x"));
		state_set(&s, "x", "k", 1);
		ck_assert_int_eq(state_save(&s, NULL), 0);
		state_release(&s);
	}
}
END_TEST

START_TEST(last_recipe)
{
	struct state s;
	char *got;

	load(&s, "/a/r.toml");
	ck_assert_ptr_null(state_last_recipe(&ctx, "/home"));
	state_set_last_recipe(&ctx, "/home", "/a/r.toml");
	state_set_last_recipe(&ctx, "/home", "/a/s.toml");
	state_set_last_recipe(&ctx, "/other", "/a/t.toml");
	got = state_last_recipe(&ctx, "/home");
	ck_assert_str_eq(got, "/a/s.toml");
	free(got);
	state_release(&s);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("state");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, kept);
	tcase_add_test(t, written_only_when_changed);
	tcase_add_test(t, damaged);
	tcase_add_test(t, last_recipe);
	return unit_run("state", t);
}
