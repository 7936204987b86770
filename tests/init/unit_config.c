/* SPDX-License-Identifier: GPL-3.0-only */
/* What init.ini may say, and the sentence for everything that it may not. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/config.h"
#include "../../init/console.h"
#include "../../init/line.h"

static char term[] = "TERM=test";
static struct config config;

/* NULL if the text is right, else what is said. The text is kept by the config. */
static const char *
parse(const char *text)
{
	static struct line why;
	static char *kept;
	int error;

	free(kept);
	kept = malloc(strlen(text) + 1);
	ck_assert_ptr_nonnull(kept);
	memcpy(kept, text, strlen(text));
	line_clear(&why);
	config = (struct config){0};
	config_init(&config, term);
	error = config_parse(&config, kept, strlen(text), "F", &why);
	ck_assert(error == 0 || error == EINVAL);
	return error == 0 ? NULL : why.text;
}

static const struct {
	const char *text, *why;
} wrong[] = {
	{"[init\n", "F:1: a section does not end with ]"},
	{"x = 1\n", "F:1: unknown key: x"},
	{"[other]\n", "F:1: unknown section: other"},
	{"[init]\n[init]\n", "F:2: a section that was there before: init"},
	{"[init x]\n", "F:1: no name may follow: init"},
	{"[app]\n", "F:1: no name follows: app"},
	{"[init]\nargv = /a\n", "F:2: unknown key: argv"},
	{"[init]\nhostname = a\nhostname = b\n",
		"F:3: a key that was there before: hostname"},
	{"[init]\nhostname =\n", "F:2: not one word: hostname"},
	{"[init]\nhostname = a b\n", "F:2: not one word: hostname"},
	{"[init]\nhostname = \"a\n", "F:2: a quoted word does not end"},
	{"[init]\nlog = loud\n", "F:2: not one of its choices: log"},
	{"[init]\ngrace_ms = 1s\n", "F:2: not a number in its range: grace_ms"},
	{"[init]\ngrace_ms = -1\n", "F:2: not a number in its range: grace_ms"},
	{"[init]\ngrace_ms = 3600001\n", "F:2: not a number in its range: grace_ms"},
	{"[init]\ngrace_ms = 99999999999999999999999\n",
		"F:2: not a number in its range: grace_ms"},
	{"[network]\n", "F:1: the section before has no interface: network"},
	{"[network]\ninterface = e\ngateway = 10.0.0.1\n",
		"F:3: the section before has no address: network"},
	{"[network]\naddress = 10.0.0\n", "F:2: not an IPv4 address: address"},
	{"[network]\naddress = 10.0.0.256\n", "F:2: not an IPv4 address: address"},
	{"[network]\naddress = 10.0.0.1.2\n", "F:2: not an IPv4 address: address"},
	{"[network]\naddress = 10.0..1\n", "F:2: not an IPv4 address: address"},
	{"[network]\naddress = a b\n", "F:2: not an IPv4 address: address"},
	{"[app x]\n[init]\n", "F:2: argv does not begin with an absolute path: x"},
	{"[app x]\nargv =\n", "F:2: argv does not begin with an absolute path: x"},
	{"[app x]\nargv = a\n", "F:2: argv does not begin with an absolute path: x"},
	{"[app x]\nargv = /a\ndir = b\n", "F:3: not an absolute path: dir"},
	{"[app x]\nargv = /a\nstop_signal = 0\n", "F:3: stop_signal is 0: x"},
	{"[app x]\nargv = /a\nuid = 4294967295\n", "F:3: not a number in its range: uid"},
	{"[init]\nsysctl = a.b\n", "F:2: not NAME=VALUE: a.b"},
	{"[init]\nseed = x\n", "F:2: not an absolute path: seed"},
	{"[mount]\n", "F:1: no name follows: mount"},
	{"[mount a]\n[init]\n",
		"F:2: the section before needs path, type and source: mount"},
	{"[mount a]\npath = x\n", "F:2: not an absolute path: path"},
	{"[mount a]\npath = /a\ntype = ext4\nsource = /dev/vda\nmkfs = mkfs\n",
		"F:5: mkfs does not begin with an absolute path: /a"},
	{"[app x]\nargv = /a\ngroups = 5 x\n", "F:3: not a number in its range: groups"},
	{"[app x]\nargv = /a\ngroups = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
		"F:3: more groups than init can keep: x"},
	{"[app x]\nargv = /a\ntype = job\n", "F:3: not one of its choices: type"},
	{"[app x]\nargv = /a\nready =\n", "F:3: not one of its choices: ready"},
	{"[app x]\nargv = /a\nready = soon\n", "F:3: not one of its choices: ready"},
	{"[app x]\nargv = /a\nready = started now\n",
		"F:3: not one word after its kind: ready"},
	{"[app x]\nargv = /a\nready = line\n", "F:3: not one word after its kind: ready"},
	{"[app x]\nargv = /a\nready = line \"\"\n",
		"F:3: not one word after its kind: ready"},
	{"[app x]\nargv = /a\nready = tcp 65536\n", "F:3: not a TCP port: 65536"},
	{"[app x]\nargv = /a\nready = tcp 0\n", "F:3: not a TCP port: 0"},
	{"[app x]\nargv = /a\nready = file run/x\n", "F:3: not an absolute path: run/x"},
	{"[app x]\nargv = /a\ntype = task\nready = started\n",
		"F:4: a task is ready when it has ended: x"},
	{"[app x]\nargv = /a\ntype = task\nrestart = always\n",
		"F:4: a task that is always restarted: x"},
	{"[app x]\nargv = /a\nrestart = never\non_exit = restart\n",
		"F:4: restart stands beside on_exit = restart: x"},
	{"[app x]\nargv = /a\nafter = y\n", "F:3: after names no application: y"},
	{"[app x]\nargv = /a\nafter = x\n", "F:3: after leads in a circle: x"},
	{"[app x]\nargv = /a\n[app y]\nargv = /a\nafter = z\n[app z]\nargv = /a\n"
	 "after = x y\n",
		"F:8: after leads in a circle: y"},
	{"[app x]\nargv = /a\n[app x]\n", "F:3: two applications of one name: x"},
	{"[app x]\nargv = /a\nenv = A=1 B\n",
		"F:3: not NAME=VALUE: B"},
	{"[app x]\nargv = /a\nenv = =1\n",
		"F:3: not NAME=VALUE: =1"},
};

START_TEST(wrong_row)
{
	const char *why = parse(wrong[_i].text);

	ck_assert_ptr_nonnull(why);
	ck_assert_str_eq(why, wrong[_i].why);
}
END_TEST

START_TEST(defaults)
{
	ck_assert_ptr_null(parse(""));
	ck_assert_ptr_null(config.hostname);
	ck_assert_ptr_null(config.net.interface);
	ck_assert_uint_eq(config.app_count, 0);
	ck_assert_uint_eq(config.grace_ms, 5000);
	ck_assert_uint_eq(config.log, LOG_WARN);
	ck_assert_uint_eq(config.halt, HALT_AUTO);
}
END_TEST

START_TEST(everything)
{
	const struct app *a = &config.apps[0];

	ck_assert_ptr_null(parse(
		"[app a.b]\nargv = /a \"b c\"\ndir = /d\nuid = 4294967294\ngid = 7\n"
		"on_exit = restart\nstop_signal = 3\ntty = yes\n"
		"[network]\ninterface = eth0\naddress = 10.0.2.15\nnetmask = "
		"255.255.255.0\n"
		"gateway = 10.0.2.2\ndns = 1.1.1.1 ::1\n"
		"[init]\nhostname = h\ngrace_ms = 0\nlog = debug\nhalt = halt\n"));
	ck_assert_str_eq(config.hostname, "h");
	ck_assert_uint_eq(config.grace_ms, 0);
	ck_assert_uint_eq(config.log, LOG_DEBUG);
	ck_assert_uint_eq(config.halt, HALT_STOP);
	ck_assert_str_eq(config.net.interface, "eth0");
	ck_assert_uint_eq(config.net.address, htonl(0x0a00020f));
	ck_assert_uint_eq(config.net.netmask, htonl(0xffffff00));
	ck_assert_uint_eq(config.net.gateway, htonl(0x0a000202));
	ck_assert_str_eq(config.net.dns[1], "::1");
	ck_assert_ptr_null(config.net.dns[2]);
	ck_assert_str_eq(a->name, "a.b");
	ck_assert_str_eq(a->argv[1], "b c");
	ck_assert_ptr_null(a->argv[2]);
	ck_assert_str_eq(a->dir, "/d");
	ck_assert_uint_eq(a->uid, 4294967294u);
	ck_assert_uint_eq(a->gid, 7);
	ck_assert_uint_eq(a->on_exit, THEN_POWEROFF);
	ck_assert_uint_eq(a->restart, RESTART_ALWAYS);
	ck_assert_uint_eq(a->stop_signal, 3);
	ck_assert_uint_eq(a->tty, 1);
}
END_TEST

START_TEST(volumes)
{
	const struct volume *v = config.volumes;

	ck_assert_ptr_null(
		parse("[mount a]\npath = /a\ntype = ext4\nsource = /dev/vdb\n"
		      "options = noatime data=journal\nmkfs = /mkfs -q\nuid = 7\n"
		      "[mount b]\npath = /b\ntype = tmpfs\nsource = b\n"
		      "[init]\nsysctl = a.b=1 \"c=2 3\"\nseed = /s\n"));
	ck_assert_uint_eq(config.volume_count, 2);
	ck_assert_str_eq(v[0].source, "/dev/vdb");
	ck_assert_str_eq(v[0].options[1], "data=journal");
	ck_assert_str_eq(v[0].mkfs[1], "-q");
	ck_assert_uint_eq(v[0].owned, 1);
	ck_assert_uint_eq(v[0].uid, 7);
	ck_assert_uint_eq(v[0].gid, 0);
	ck_assert_uint_eq(v[1].owned, 0);
	ck_assert_ptr_null(v[1].mkfs);
	ck_assert_str_eq(config.sysctl[1], "c=2 3");
	ck_assert_str_eq(config.seed, "/s");
}
END_TEST

START_TEST(services)
{
	const struct app *a = config.apps;

	ck_assert_ptr_null(
		parse("[app s]\nargv = /a\nafter = t u\nready = line \"is up\"\n"
		      "ready_ms = 9\nrestart = on-failure\ngroups = 7 8\n"
		      "[app t]\nargv = /a\ntype = task\non_exit = restart\n"
		      "[app u]\nargv = /a\nafter = t\nready = tcp 80\n"
		      "[app v]\nargv = /a\nready = file /run/v\n"));
	ck_assert_uint_eq(a[0].needs, 6);
	ck_assert_uint_eq(a[0].ready, READY_LINE);
	ck_assert_str_eq(a[0].ready_text, "is up");
	ck_assert_uint_eq(a[0].ready_ms, 9);
	ck_assert_uint_eq(a[0].restart, RESTART_ON_FAILURE);
	ck_assert_uint_eq(a[0].group_count, 2);
	ck_assert_uint_eq(a[0].groups[1], 8);
	ck_assert_uint_eq(a[1].ready, READY_TASK);
	ck_assert_uint_eq(a[1].restart, RESTART_ON_FAILURE);
	ck_assert_uint_eq(a[1].ready_ms, 0);
	ck_assert_uint_eq(a[2].ready_ms, 30000);
	ck_assert_uint_eq(a[2].needs, 2);
	ck_assert_uint_eq(a[2].ready, READY_TCP);
	ck_assert_uint_eq(a[2].ready_port, 80);
	ck_assert_uint_eq(a[3].ready, READY_FILE);
	ck_assert_str_eq(a[3].ready_text, "/run/v");
	config.log = 3; /* by the kernel's command line */
	config_add_helper(&config);
	ck_assert_uint_eq(config.app_count, 5);
	ck_assert_str_eq(a[4].argv[0], "/sbin/msmv-net");
	ck_assert_str_eq(a[4].argv[1], "/etc/msmv/net.ini");
	ck_assert_str_eq(a[4].argv[2], "/run");
	ck_assert_str_eq(a[4].argv[3], "3");
	ck_assert_ptr_null(a[4].argv[4]);
	ck_assert_uint_eq(a[3].needs, 16);
	ck_assert_uint_eq(a[4].needs, 0);
	ck_assert_uint_eq(a[4].ready_ms, 10000);
}
END_TEST

/* The environment as one line. */
static const char *
environment(const struct app *a)
{
	static struct line l;

	line_clear(&l);
	for (char **e = a->env; *e; e++)
		line_fmt(&l, "%s|", *e);
	return l.text;
}

START_TEST(environments)
{
	ck_assert_ptr_null(parse("[app a]\nargv = /a\nenv = A=own PATH=/p AB=1\nuid = 5\n"
				 "[init]\nenv = A=shared B=2 TERM=dumb\n"
				 "[app b]\nargv = /b\n"));
	ck_assert_str_eq(
		environment(&config.apps[0]), "A=own|PATH=/p|AB=1|B=2|TERM=dumb|HOME=/|");
	ck_assert_str_eq(environment(&config.apps[1]),
		"A=shared|B=2|TERM=dumb|"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|"
		"HOME=/root|");
	ck_assert_ptr_null(parse("[app a]\nargv = /a\nenv = PATH=/p HOME=/h\n"));
	ck_assert_str_eq(environment(&config.apps[0]), "PATH=/p|HOME=/h|TERM=test|");
}
END_TEST

/* Fills every array to its end and one further. */
START_TEST(limits)
{
	static char text[CONFIG_WORDS * 4 + 100];
	size_t n = 0;

	for (int i = 0; i < CONFIG_APPS; i++)
		n += (size_t)sprintf(text + n, "[app a%d]\nargv = /a\n", i);
	ck_assert_ptr_null(parse(text));
	ck_assert_uint_eq(config.app_count, CONFIG_APPS);
	sprintf(text + n, "[app more]\nargv = /a\n");
	ck_assert_str_eq(parse(text), "F:33: more applications than init can keep: more");

	n = (size_t)sprintf(text, "[app a]\nargv = /a");
	/* Behind them: the end of argv, and the environment of three with its end. */
	for (int i = 0; i < CONFIG_WORDS - 6; i++)
		n += (size_t)sprintf(text + n, " w");
	ck_assert_ptr_null(parse(text));
	strcpy(text + n, " w");
	ck_assert_str_eq(parse(text), "F:2: more variables than init can keep: a");
	for (int i = 0; i < 6; i++)
		n += (size_t)sprintf(text + n, " w");
	ck_assert_str_eq(parse(text), "F:2: more words than init can keep: argv");
}
END_TEST

START_TEST(files)
{
	char path[] = "/tmp/msmv-unit.XXXXXX";
	struct line why = {0};
	FILE *f = fdopen(mkstemp(path), "w");

	ck_assert_ptr_nonnull(f);
	fputs("[init]\nhostname = x", f);
	fclose(f);
	config = (struct config){0};
	config_init(&config, NULL);
	ck_assert_int_eq(config_read(&config, path, &why), 0);
	ck_assert_str_eq(config.hostname, "x");

	f = fopen(path, "w");
	for (int i = 0; i <= CONFIG_BYTES; i++)
		fputc('\n', f);
	fclose(f);
	ck_assert_int_eq(config_read(&config, path, &why), EFBIG);
	remove(path);

	line_clear(&why);
	ck_assert_int_eq(config_read(&config, "/no/such", &why), ENOENT);
	ck_assert_str_eq(why.text, "/no/such: No such file or directory");
	ck_assert_int_eq(config_read(&config, "/", &why), EISDIR);
}
END_TEST

Suite *
config_suite(void)
{
	Suite *s = suite_create("init-config");
	TCase *c = tcase_create("config");

	tcase_add_loop_test(c, wrong_row, 0, (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(c, defaults);
	tcase_add_test(c, everything);
	tcase_add_test(c, volumes);
	tcase_add_test(c, services);
	tcase_add_test(c, environments);
	tcase_add_test(c, limits);
	tcase_add_test(c, files);
	suite_add_tcase(s, c);
	return s;
}
