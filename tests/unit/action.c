/* SPDX-License-Identifier: GPL-3.0-only */
/* A key is the same for the same work, however it was written down, and for no other. */
#include "run/action.h"

#include <string.h>

#include "msmv/plugin.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct plugin_info plugin;
static struct plugin_info arch_plugin;
static struct context ctx;

static void
setup(void)
{
	plugin = (struct plugin_info){ .name = xstrdup("p"), .version = xstrdup("1") };
	strcpy(plugin.digest, "00");
	arch_plugin = (struct plugin_info){ .flags = 0 };
	record_add(&arch_plugin.arch, "triplet", "x86_64-linux-gnu");
	ctx = (struct context){ .epoch = 1, .jobs = 2, .store.dir = tmpdir_path("store") };
	unsetenv("UNIT_ENV");
}

/* As lowering makes it. */
static struct stage *
new_stage(void)
{
	struct stage *s = stage_new("s", &plugin);

	s->arch = xstrdup("x86_64");
	s->arch_plugin = &arch_plugin;
	return s;
}

static void
option(struct stage *s, const char *name, uint32_t type, uint32_t flags, const char *const *pairs)
{
	struct stage_option *o = stage_add_option(s, name, type, flags);

	for (; *pairs; pairs += 2)
		stage_option_add(o, type == MSMV_TYPE_MAP ? pairs[0] : NULL, pairs[1]);
}

#define OPTION(s, name, type, flags, ...) \
	option(s, name, type, flags, (const char *const[]){ __VA_ARGS__, NULL })

static void
key_of(const struct stage *s, const struct record *facts, char key[SHA256_HEX],
	struct record *action)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_msg(action_begin(&ctx, s, facts, action, &err) == 0, "%s", err_msg(&err));
	action_key(action, key);
}

/* The key of a stage made by a function. */
static void
key_by(void (*make)(struct stage *s), char key[SHA256_HEX])
{
	cleanup_record struct record action = RECORD_INIT;
	struct stage *s = new_stage();

	make(s);
	key_of(s, NULL, key, &action);
	stage_free(s);
}

static void
forwards(struct stage *s)
{
	OPTION(s, "a", MSMV_TYPE_STRING, 0, "", "1");
	OPTION(s, "b", MSMV_TYPE_LIST, 0, "", "x", "", "y");
}

static void
backwards(struct stage *s)
{
	OPTION(s, "b", MSMV_TYPE_LIST, 0, "", "x", "", "y");
	OPTION(s, "jobs", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "", "9");
	OPTION(s, "a", MSMV_TYPE_STRING, 0, "", "1");
	OPTION(s, "at", MSMV_TYPE_PATHS, MSMV_OPT_NO_KEY, "", "/nonexistent");
}

static void
list_swapped(struct stage *s)
{
	OPTION(s, "a", MSMV_TYPE_STRING, 0, "", "1");
	OPTION(s, "b", MSMV_TYPE_LIST, 0, "", "y", "", "x");
}

static void
list_joined(struct stage *s)
{
	OPTION(s, "a", MSMV_TYPE_STRING, 0, "", "1");
	OPTION(s, "b", MSMV_TYPE_LIST, 0, "", "x\noption.b.1=y");
}

static void
map_one(struct stage *s)
{
	OPTION(s, "m", MSMV_TYPE_MAP, 0, "a=b", "c", "d\ne", "f");
}

static void
map_two(struct stage *s)
{
	OPTION(s, "m", MSMV_TYPE_MAP, 0, "a", "b=c", "d\ne", "f");
}

static void
map_three(struct stage *s)
{
	OPTION(s, "m", MSMV_TYPE_MAP, 0, "d\ne", "f", "a=b", "c");
}

START_TEST(order_does_not_matter)
{
	char one[SHA256_HEX], two[SHA256_HEX];

	key_by(forwards, one);
	key_by(backwards, two);
	ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(content_matters)
{
	static void (*const makers[])(struct stage *) = { forwards, list_swapped, list_joined,
		map_one, map_two, map_three };
	char keys[ARRAY_LEN(makers)][SHA256_HEX];

	for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
		key_by(makers[i], keys[i]);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(keys[i], keys[k]);
	}
}
END_TEST

/* A record with odd names in it comes back as it was, or results could not be read. */
START_TEST(an_action_can_be_read_back)
{
	cleanup_record struct record action = RECORD_INIT;
	cleanup_record struct record back = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct stage *s = new_stage();
	char key[SHA256_HEX], again[SHA256_HEX];

	map_one(s);
	key_of(s, NULL, key, &action);
	record_write(&action, &text);
	ck_assert_msg(record_parse(&back, text.p, text.len, &err) == 0, "%s", err_msg(&err));
	ck_assert_uint_eq(back.len, action.len);
	action_key(&back, again);
	ck_assert_str_eq(key, again);
	stage_free(s);
}
END_TEST

static void
plain(struct stage *s)
{
	(void)s;
}

START_TEST(all_that_can_change_the_bytes)
{
	char keys[9][SHA256_HEX];
	char name[] = "UNIT_ENV";
	cleanup_record struct record facts = RECORD_INIT;
	cleanup_record struct record action = RECORD_INIT;
	struct stage *s = new_stage();

	vec_push(&plugin.env, name);
	key_by(plain, keys[0]);
	setenv("UNIT_ENV", "", 1);
	key_by(plain, keys[1]);
	ck_assert_str_eq(keys[0], keys[1]);
	setenv("UNIT_ENV", "x", 1);
	key_by(plain, keys[1]);
	unsetenv("UNIT_ENV");
	ctx.epoch = 2;
	key_by(plain, keys[2]);
	ctx.epoch = 1;
	ctx.jobs = 77;
	key_by(plain, keys[3]);
	ck_assert_str_eq(keys[0], keys[3]);
	strcpy(plugin.digest, "01");
	key_by(plain, keys[3]);
	strcpy(plugin.digest, "00");
	record_add(&arch_plugin.arch, "cpu", "x");
	key_by(plain, keys[4]);
	plugin.flags = MSMV_PLUGIN_ANY_ARCH;
	key_by(plain, keys[5]);
	plugin.flags = 0;
	record_add(&facts, "gcc", "12");
	key_of(s, &facts, keys[6], &action);
	action_add_input(&action, "in", 0, "abc", NULL);
	action_key(&action, keys[7]);
	key_of(s, &facts, keys[8], &action);
	action_add_input(&action, "in", 0, "abc", "name");
	action_key(&action, keys[8]);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(keys[i], keys[k]);
	stage_free(s);
	vec_release(&plugin.env);
}
END_TEST

START_TEST(paths_count_by_content)
{
	cleanup_free char *one = tmpdir_path("one/file"), *two = tmpdir_path("two/file");
	cleanup_free char *d1 = path_dir(one), *d2 = path_dir(two), *facts = NULL;
	char keys[3][SHA256_HEX];
	const char *paths[] = { one, two, two };

	fs_mkdirs(d1, 0755, NULL);
	fs_mkdirs(d2, 0755, NULL);
	facts = path_join(ctx.store.dir, "facts");
	fs_mkdirs(facts, 0755, NULL);
	fs_write(one, "same", 4, false, NULL);
	fs_write(two, "same", 4, false, NULL);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		cleanup_record struct record action = RECORD_INIT;
		struct stage *s = new_stage();

		OPTION(s, "files", MSMV_TYPE_PATHS, 0, "", paths[i]);
		if (i == 2)
			fs_write(two, "else", 4, false, NULL);
		key_of(s, NULL, keys[i], &action);
		stage_free(s);
	}
	ck_assert_str_eq(keys[0], keys[1]);
	ck_assert_str_ne(keys[1], keys[2]);
}
END_TEST

START_TEST(a_missing_path_is_an_error)
{
	cleanup_record struct record action = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct stage *s = new_stage();

	OPTION(s, "patches", MSMV_TYPE_PATHS, 0, "", "/nonexistent/p");
	ck_assert_int_eq(action_begin(&ctx, s, NULL, &action, &err), -1);
	ck_assert_str_eq(err_msg(&err), "patches: /nonexistent/p: No such file or directory");
	stage_free(s);
}
END_TEST

/* ---- What changed ---------------------------------------------------- */

static char *
difference(const char *before, const char *after)
{
	cleanup_record struct record a = RECORD_INIT;
	cleanup_record struct record b = RECORD_INIT;

	ck_assert_int_eq(record_parse(&a, before, strlen(before), NULL), 0);
	ck_assert_int_eq(record_parse(&b, after, strlen(after), NULL), 0);
	return action_difference(&a, &b);
}

#define ARROW " \xe2\x86\x92 "

static const struct {
	const char *before, *after, *text;
} differences[] = {
	{ "a=1\nb=2\n", "a=1\nb=2\n", NULL },
	{ "", "", NULL },
	{ "a=1\nb=2\n", "a=1\nb=3\n", "b: 2" ARROW "3; 1 other field is equal" },
	{ "a=1\n", "", "a: 1" ARROW "(none); 0 other fields are equal" },
	{ "", "a=\n", "a: (none)" ARROW "\"\"; 0 other fields are equal" },
	{ "a=1\nc=3\n", "b=2\nc=3\n",
		"a: 1" ARROW "(none), b: (none)" ARROW "2; 1 other field is equal" },
	{ "a=1\nb=1\nc=1\nd=1\ne=1\n", "a=2\nb=2\nc=2\nd=2\ne=2\n",
		"a: 1" ARROW "2, b: 1" ARROW "2, c: 1" ARROW "2 and 2 more; "
		"0 other fields are equal" },
	{ "a=0123456789012345678901234567890123456789\n",
		"a=01234567890123456789012345678901234567890\n",
		"a: 0123456789012345678901234567890123456789" ARROW "...234567890; "
		"0 other fields are equal" },
	{ "a=app-1.tar.gz 0123456789012345678901234567890123456789\n",
		"a=app-1.tar.gz 1123456789012345678901234567890123456789\n",
		"a: ....tar.gz 012345678901234567890123..." ARROW
		"....tar.gz 112345678901234567890123...; 0 other fields are equal" },
	{ "a=0123456789012345678901234567890123456789\xc3\xa4\n",
		"a=0123456789012345678901234567890123456789\xc3\xb6\n",
		"a: ...23456789\xc3\xa4" ARROW "...23456789\xc3\xb6; 0 other fields are equal" },
	{ "a=e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0\n",
		"a=f0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0\n",
		"a: e0e0e0e0e0e0..." ARROW "f0e0e0e0e0e0...; 0 other fields are equal" },
};

START_TEST(difference_text)
{
	cleanup_free char *text = difference(differences[_i].before, differences[_i].after);

	ck_assert_pstr_eq(text, differences[_i].text);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("action");

	tmpdir_use(t);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, order_does_not_matter);
	tcase_add_test(t, content_matters);
	tcase_add_test(t, an_action_can_be_read_back);
	tcase_add_test(t, all_that_can_change_the_bytes);
	tcase_add_test(t, paths_count_by_content);
	tcase_add_test(t, a_missing_path_is_an_error);
	tcase_add_loop_test(t, difference_text, 0, (int)ARRAY_LEN(differences));
	return unit_run("action", t);
}
