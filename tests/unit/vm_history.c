/* SPDX-License-Identifier: GPL-3.0-only */
/* Events of several processes at once, and logs at their limit. */
#include "vm/history.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"
#include "vm/journal.h"

enum { WRITERS = 4, EACH = 50 };

START_TEST(lines_of_several_writers)
{
	cleanup_free char *path = tmpdir_path(".events");
	cleanup_str struct str text = STR_INIT;
	int lines = 0;
	char *rest, *line;

	for (int w = 0; w < WRITERS; w++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < EACH; i++)
			history_add(tmpdir, "web", "ready", json_pack("{s:i, s:s}", "n", i, "vm",
				"not this"));
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	ck_assert_int_eq(fs_read(path, 1 << 20, &text, NULL), 0);
	for (line = strtok_r(text.p, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *o = json_loads(line, 0, NULL);

		ck_assert_ptr_nonnull(o);
		ck_assert_str_eq(json_string_value(json_object_get(o, "vm")), "web");
		ck_assert_uint_eq(strlen(json_string_value(json_object_get(o, "time"))), 24);
		json_decref(o);
		lines++;
	}
	ck_assert_int_eq(lines, WRITERS * EACH);
}
END_TEST

START_TEST(a_log_at_its_limit)
{
	cleanup_free char *path = tmpdir_path("log"), *old = tmpdir_path("log.1");
	cleanup_str struct str text = STR_INIT, before = STR_INIT;
	struct journal j = JOURNAL_INIT;

	ck_assert_int_eq(journal_open(&j, path, 10), 0);
	journal_write(&j, "12345", 5);
	journal_write(&j, "67890", 5);
	ck_assert(!fs_exists(old));
	journal_write(&j, "a", 1);
	ck_assert_int_eq(fs_read(old, 100, &before, NULL), 0);
	ck_assert_str_eq(str_text(&before), "1234567890");
	journal_write(&j, "more than its limit", 19);
	journal_close(&j);
	ck_assert_int_eq(fs_read(path, 100, &text, NULL), 0);
	ck_assert_str_eq(str_text(&text), "more than its limit");
	/* What was there counts. */
	ck_assert_int_eq(journal_open(&j, path, 10), 0);
	journal_write(&j, "b", 1);
	journal_close(&j);
	str_reset(&text);
	ck_assert_int_eq(fs_read(path, 100, &text, NULL), 0);
	ck_assert_str_eq(str_text(&text), "b");
}
END_TEST

START_TEST(a_log_of_two_at_its_limit)
{
	cleanup_free char *path = tmpdir_path("two"), *old = tmpdir_path("two.1");
	cleanup_str struct str text = STR_INIT, before = STR_INIT;
	struct journal a = JOURNAL_INIT, b = JOURNAL_INIT;

	ck_assert_int_eq(journal_open(&a, path, 10), 0);
	journal_write(&a, "1234567890", 10);
	ck_assert_int_eq(journal_open(&b, path, 10), 0);
	journal_write(&a, "a", 1);
	journal_write(&b, "b", 1); /* the other has turned it over already */
	ck_assert_int_eq(fs_read(old, 100, &before, NULL), 0);
	ck_assert_str_eq(str_text(&before), "1234567890");
	ck_assert_int_eq(fs_read(path, 100, &text, NULL), 0);
	ck_assert_str_eq(str_text(&text), "ab");
	/* Where it cannot be turned over it does not grow: a folder is in the way. */
	ck_assert_int_eq(fs_remove(old, NULL), 0);
	ck_assert_int_eq(fs_mkdirs(old, 0700, NULL), 0);
	journal_write(&a, "0123456789", 10);
	str_reset(&text);
	ck_assert_int_eq(fs_read(path, 100, &text, NULL), 0);
	ck_assert_str_eq(str_text(&text), "0123456789");
	journal_close(&a);
	journal_close(&b);
}
END_TEST

START_TEST(a_line_that_was_cut_off)
{
	cleanup_free char *path = tmpdir_file(".events", "{\"v\":1,\"eve", 11);
	cleanup_str struct str text = STR_INIT;

	history_add(tmpdir, "web", "died", NULL);
	history_add(tmpdir, "web", "deleted", NULL);
	ck_assert_int_eq(fs_read(path, 1000, &text, NULL), 0);
	ck_assert_int_eq(strncmp(str_text(&text), "{\"v\":1,\"eve\n{\"v\":1,", 19), 0);
	ck_assert_ptr_nonnull(strstr(str_text(&text), "\"died\"}\n{"));
	unlink(path);
}
END_TEST

START_TEST(a_log_that_cannot_be)
{
	cleanup_free char *path = tmpdir_path("none/log");
	struct journal j = JOURNAL_INIT;

	ck_assert_int_lt(journal_open(&j, path, 10), 0);
	journal_write(&j, "lost", 4);
	journal_close(&j);
	history_add("/nonexistent", "web", "ready", NULL);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("history");

	tmpdir_use(t);
	tcase_add_test(t, lines_of_several_writers);
	tcase_add_test(t, a_log_at_its_limit);
	tcase_add_test(t, a_log_of_two_at_its_limit);
	tcase_add_test(t, a_line_that_was_cut_off);
	tcase_add_test(t, a_log_that_cannot_be);
	return unit_run("vm_history", t);
}
