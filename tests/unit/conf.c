/* SPDX-License-Identifier: GPL-3.0-only */
/* What msmv.conf may say, where it is looked for, and which file has the last word. */
#include "recipe/conf.h"

#include <string.h>

#include "base/str.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"

static char *
write_conf(const char *name, const char *text)
{
	return tmpdir_file(name, text, strlen(text));
}

START_TEST(all_settings)
{
	cleanup_free char *path = write_conf("all",
		"# comment\n"
		"; comment: with = signs\n"
		"[mirrors]\n"
		"https://b.example/x:y/ = http://m.example:8080/b/\n"
		"  https://a.example/ =file:///srv/a=b/   ; nearest\r\n"
		"\thttp://c/ = http://d/\n"
		"\n"
		"[run]\n"
		"jobs=4\n"
		"ccache = true\n"
		"nice = 7\n"
		"ionice = best-effort\n"
		"[limits]\n"
		"memory = 2G\n"
		"[limits.kernel.build]\n"
		"memory = 4096\n"
		"time = 60\n"
		"[sandbox]\n"
		"enable = false\n"
		"read = /opt/a /opt/b\n"
		"[store]\n"
		"dir = /var/lib/store: 1\n"
		"[fetch]\n"
		"proxy = http://p.example:3128\n"
		"no_proxy = localhost,.example\n"
		"offline = true\n"
		"   ");
	struct conf c = CONF_INIT;

	ck_assert_int_eq(conf_read(&c, path, NULL), 0);
	ck_assert_uint_eq(c.mirrors.len, 3);
	ck_assert_str_eq(c.mirrors.fields[0].name, "https://b.example/x:y/");
	ck_assert_str_eq(c.mirrors.fields[0].value, "http://m.example:8080/b/");
	ck_assert_str_eq(c.mirrors.fields[1].name, "https://a.example/");
	ck_assert_str_eq(c.mirrors.fields[1].value, "file:///srv/a=b/");
	ck_assert_str_eq(c.mirrors.fields[2].name, "http://c/");
	ck_assert_int_eq(c.jobs, 4);
	ck_assert_int_eq(c.ccache, 1);
	ck_assert_int_eq(c.nice, 7);
	ck_assert_str_eq(record_get(&c.limits, "memory"), "2147483648");
	ck_assert_str_eq(record_get(&c.limits, "kernel.build memory"), "4096");
	ck_assert_str_eq(record_get(&c.limits, "kernel.build time"), "60");
	ck_assert_int_eq(c.ionice, CONF_IONICE_BEST_EFFORT);
	ck_assert_int_eq(c.sandbox, -1);
	ck_assert_str_eq(c.sandbox_read, "/opt/a /opt/b");
	ck_assert_str_eq(c.store_dir, "/var/lib/store: 1");
	ck_assert_str_eq(record_get(&c.fetch, "proxy"), "http://p.example:3128");
	ck_assert_str_eq(record_get(&c.fetch, "no_proxy"), "localhost,.example");
	ck_assert_str_eq(record_get(&c.fetch, "offline"), "1");
	conf_release(&c);
	ck_assert_uint_eq(c.mirrors.len, 0);
	ck_assert_uint_eq(c.fetch.len, 0);
}
END_TEST

static const struct {
	const char *text, *error; /* the error ends so, after the path */
} wrong[] = {
	{ "[store]\nfolder = /x\n", ":2: [store] has no folder" },
	{ "[run]\njops = 3\n", ":2: [run] has no jops; did you mean jobs?" },
	{ "[mirors]\na = b\n", ":2: there is no [mirors]; did you mean mirrors?" },
	{ "jobs = 3\n", ":1: jobs stands before any [section]" },
	{ "[run]\njobs = 0\n", ":2: [run] jobs wants a number from 1 to 4096, not 0" },
	{ "[run]\njobs = 4097\n", ":2: [run] jobs wants a number from 1 to 4096, not 4097" },
	{ "[run]\njobs = 3x\n", ":2: [run] jobs wants a number from 1 to 4096, not 3x" },
	{ "[run]\njobs = 1\njobs = 2\n", ":3: [run] jobs is set twice" },
	{ "[run]\nccache = yes\n", ":2: [run] ccache wants true or false, not yes" },
	{ "[run]\nccache = true\nccache = true\n", ":3: [run] ccache is set twice" },
	{ "[run]\nnice = 20\n", ":2: [run] nice wants a number from 0 to 19, not 20" },
	{ "[run]\nnice = 0\nnice = 0\n", ":3: [run] nice is set twice" },
	{ "[run]\nionice = never\n", ":2: [run] ionice is best-effort or idle, not never" },
	{ "[sandbox]\nenable = no\n", ":2: [sandbox] enable wants true or false, not no" },
	{ "[sandbox]\nread = a\n", ":2: [sandbox] read wants paths from /, not a" },
	{ "[sandbox]\nread = /a\nread = /b\n", ":3: [sandbox] read is set twice" },
	{ "[run]\njobs =\n", ":2: jobs has no value" },
	{ "[run]\n\njobs: 3\n", ":3: is neither NAME = VALUE nor [SECTION]" },
	{ "[run\njobs = 3\n", ":1: is neither NAME = VALUE nor [SECTION]" },
	{ "[store]\ndir = here\n", ":2: [store] dir wants a path from / or ~/, not here" },
	{ "[store]\ndir = /a\ndir = /b\n", ":3: [store] dir is set twice" },
	{ "[mirrors]\nhost = http://x/\n",
		":2: [mirrors] host is no beginning of a URL, such as https://host/" },
	{ "[mirrors]\nhttp://a/ = b\nhttp://a/ = c\n",
		":3: [mirrors] http://a/ is set twice" },
	{ "[fetch]\noffline = 1\n", ":2: [fetch] offline wants true or false, not 1" },
	{ "[run]\njobs = \x1f\n", ":2: holds a control character; this is no text" },
};

START_TEST(refused)
{
	cleanup_free char *path = write_conf("wrong", wrong[_i].text);
	cleanup_free char *expected = xasprintf("%s%s", path, wrong[_i].error);
	cleanup_err struct err err = ERR_INIT;
	struct conf c = CONF_INIT;

	ck_assert_int_eq(conf_read(&c, path, &err), -1);
	ck_assert_str_eq(err_msg(&err), expected);
	/* Nothing of a file that is wrong is taken. */
	ck_assert_uint_eq(c.mirrors.len, 0);
	ck_assert_ptr_null(c.store_dir);
	ck_assert_int_eq(c.jobs, 0);
	ck_assert_int_eq(conf_read(&c, path, NULL), -1);
}
END_TEST

/* A line is never cut in two: it is taken whole or refused. */
START_TEST(long_lines)
{
	bool refused_one = false;

	for (size_t n = 1; n <= 4096; n *= 2) {
		cleanup_free char *text = xasprintf("[mirrors]\nhttp://a/ = /%0*d\n", (int)n, 0);
		cleanup_free char *path = write_conf("long", text);
		cleanup_err struct err err = ERR_INIT;
		struct conf c = CONF_INIT;

		if (conf_read(&c, path, &err) == 0) {
			ck_assert_uint_eq(c.mirrors.len, 1);
			ck_assert_uint_eq(strlen(c.mirrors.fields[0].value), n + 1);
		} else {
			refused_one = true;
			ck_assert_ptr_nonnull(strstr(err_msg(&err), ":2: a line here has at most"));
		}
		ck_assert(n > 128 || !err.msg);
		conf_release(&c);
	}
	ck_assert(refused_one);
}
END_TEST

START_TEST(missing)
{
	cleanup_free char *path = tmpdir_path("none.conf");
	cleanup_err struct err err = ERR_INIT;
	struct conf c = CONF_INIT;

	ck_assert_int_eq(conf_read(&c, path, &err), -1);
	ck_assert_ptr_nonnull(strstr(err_msg(&err), "none.conf: No such file"));
}
END_TEST

START_TEST(earlier_file_stands)
{
	cleanup_free char *first = write_conf("first",
		"[mirrors]\nhttp://a/ = http://1/\nhttp://b/ = http://2/\n[run]\njobs = 2\n");
	cleanup_free char *second = write_conf("second",
		"[mirrors]\nhttp://c/ = http://3/\nhttp://a/ = http://4/\n[run]\njobs = 3\n"
		"[store]\ndir = /s\n");
	struct conf c = CONF_INIT;

	ck_assert_int_eq(conf_read(&c, first, NULL), 0);
	ck_assert_int_eq(conf_read(&c, second, NULL), 0);
	ck_assert_uint_eq(c.mirrors.len, 3);
	ck_assert_str_eq(record_get(&c.mirrors, "http://a/"), "http://1/");
	ck_assert_str_eq(c.mirrors.fields[2].name, "http://c/");
	ck_assert_int_eq(c.jobs, 2);
	ck_assert_str_eq(c.store_dir, "/s");
	conf_release(&c);
}
END_TEST

/* Puts a file with so many jobs under folder/msmv/msmv.conf. */
static void
place(const char *folder, int jobs)
{
	cleanup_free char *dir = xasprintf("%s/msmv", folder);
	cleanup_free char *path = path_join(dir, "msmv.conf");
	cleanup_free char *text = xasprintf("[run]\njobs = %d\n[store]\ndir = ~/s\n", jobs);

	ck_assert_int_eq(fs_mkdirs(dir, 0755, NULL), 0);
	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
}

static int
jobs_now(void)
{
	cleanup_err struct err err = ERR_INIT;
	struct conf c = CONF_INIT;
	int jobs;

	ck_assert_msg(conf_load(&c, &err) == 0, "%s", err_msg(&err));
	jobs = c.jobs;
	conf_release(&c);
	return jobs;
}

START_TEST(search)
{
	cleanup_free char *home = tmpdir_path("home"), *xdg = tmpdir_path("xdg");
	cleanup_free char *config = path_join(home, ".config");
	cleanup_free char *only = write_conf("only", "[run]\njobs = 7\n");
	cleanup_free char *store = path_join(home, "s");
	cleanup_err struct err err = ERR_INIT;
	struct conf c = CONF_INIT;

	place(config, 5);
	place(xdg, 6);
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("MSMV_CONF");
	ck_assert_int_eq(jobs_now(), 5);
	ck_assert_int_eq(conf_load(&c, NULL), 0);
	ck_assert_str_eq(c.store_dir, store);
	conf_release(&c);
	setenv("XDG_CONFIG_HOME", xdg, 1);
	ck_assert_int_eq(jobs_now(), 6);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	ck_assert_int_eq(jobs_now(), 5);
	setenv("MSMV_CONF", only, 1);
	ck_assert_int_eq(jobs_now(), 7);
	setenv("MSMV_CONF", "", 1);
	ck_assert_int_eq(jobs_now(), 0);
	setenv("MSMV_CONF", "/none/msmv.conf", 1);
	ck_assert_int_eq(conf_load(&c, &err), -1);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("conf");

	tmpdir_use(c);
	tcase_add_test(c, all_settings);
	tcase_add_loop_test(c, refused, 0, ARRAY_LEN(wrong));
	tcase_add_test(c, long_lines);
	tcase_add_test(c, missing);
	tcase_add_test(c, earlier_file_stands);
	tcase_add_test(c, search);
	return unit_run("conf", c);
}
