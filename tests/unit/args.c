/* SPDX-License-Identifier: GPL-3.0-only */
/* How words on the command line become options and words, and what is refused. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/cmd.h"
#include "unit/unit.h"

static const struct cmd_option options[] = {
	{ 'o', "output", "DIR", "where" },
	{ 'j', "jobs", "N", "how many" },
	{ 'q', "quiet", NULL, "less" },
	{ 'v', "verbose", NULL, "more" },
	{ 0, "set", "KEY=VALUE", "change" },
	{ 0, "quite-long", NULL, "a name that begins like another" },
	{ 0, NULL, NULL, NULL },
};

static const struct cmd cmd = { .name = "test", .synopsis = "A [B]", .help = "Test",
	.options = options, .min_words = 1, .max_words = 2 };

/* The command line, split at blanks ("_" is an empty word), and what becomes of it. */
static const struct {
	const char *line;
	int code;
	const char *said; /* every given option and word; or part of the complaint */
} cases[] = {
	{ "a", 0, "a" },
	{ "a b", 0, "a b" },
	{ "a -o out", 0, "output=out a" },
	{ "-o out a", 0, "output=out a" },
	{ "-oout a", 0, "output=out a" },
	{ "--output out a", 0, "output=out a" },
	{ "--output=out a", 0, "output=out a" },
	{ "--output= a", EXIT_USAGE, "msmv: error: --output needs DIR" },
	{ "--output _ a", EXIT_USAGE, "msmv: error: --output needs DIR" },
	{ "--set a.b=c=d x", 0, "set=a.b=c=d x" },
	{ "--set=a.b=c=d x", 0, "set=a.b=c=d x" },
	{ "--set a=1 x --set b=2", 0, "set=a=1 set=b=2 x" },
	{ "-q -v a", 0, "quiet= verbose= a" },
	{ "-qv a", 0, "quiet= verbose= a" },
	{ "-qj4 a", 0, "quiet= jobs=4 a" },
	{ "-qj 4 a", 0, "quiet= jobs=4 a" },
	{ "-j -1 a", 0, "jobs=-1 a" },
	{ "-- -q", 0, "-q" },
	{ "-q -- --output -x", 0, "quiet= --output -x" },
	{ "-", 0, "-" },
	{ "_", 0, "" },
	{ "a --help", -1, "" },
	{ "-h", -1, "" },
	{ "--nonsense --help", EXIT_USAGE, "no option --nonsense" },
	{ "", EXIT_USAGE, "usage: msmv test A [B]" },
	{ "a b c", EXIT_USAGE, "'c' is one word too many" },
	{ "a --outputt x", EXIT_USAGE, "no option --outputt: did you mean --output?" },
	{ "a --out x", EXIT_USAGE, "no option --out" },
	{ "a --", 0, "a" },
	{ "a --=x", EXIT_USAGE, "no option --" },
	{ "a -x", EXIT_USAGE, "no option -x" },
	{ "a -qx", EXIT_USAGE, "no option -x" },
	{ "a -o", EXIT_USAGE, "-o needs DIR" },
	{ "a --output", EXIT_USAGE, "--output needs DIR" },
	{ "a --quiet=1", EXIT_USAGE, "--quiet takes no value" },
};

/* Runs the parser with standard error in a pipe. */
static int
parse(char *const *argv, struct args *a, char *complaint, size_t room)
{
	int fds[2], old = dup(2), code;
	ssize_t n;

	ck_assert_int_eq(pipe(fds), 0);
	dup2(fds[1], 2);
	code = args_parse(&cmd, argv, a);
	fflush(stderr);
	dup2(old, 2);
	close(fds[1]);
	n = read(fds[0], complaint, room - 1);
	complaint[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	close(old);
	return code;
}

static char *
said(const struct args *a)
{
	struct str s = STR_INIT;

	for (int i = 0; i < a->ngiven; i++)
		str_addf(&s, "%s%s=%s", s.len ? " " : "", a->given[i].name, a->given[i].value);
	for (size_t i = 0; i < a->words.len; i++)
		str_addf(&s, "%s%s", s.len ? " " : "", a->words.v[i]);
	return str_take(&s);
}

START_TEST(lines)
{
	cleanup_free char *line = xstrdup(cases[_i].line);
	char *argv[16] = { NULL }, complaint[4096];
	struct args a = { .ngiven = 0 };
	size_t n = 0;
	int code;

	for (char *w = strtok(line, " "); w; w = strtok(NULL, " ")) {
		if (streq(w, "_"))
			*w = '\0';
		argv[n++] = w;
	}
	code = parse(argv, &a, complaint, sizeof(complaint));
	ck_assert_msg(code == cases[_i].code, "%s: %d %s", cases[_i].line, code, complaint);
	if (code == EXIT_USAGE) {
		ck_assert_msg(strstr(complaint, cases[_i].said), "%s: %s", cases[_i].line,
			complaint);
	} else if (code == 0) {
		cleanup_free char *text = said(&a);

		ck_assert_str_eq(text, cases[_i].said);
		ck_assert_str_eq(complaint, "");
	}
	vec_release(&a.words);
}
END_TEST

START_TEST(values)
{
	char *argv[] = { (char[]){ "--set=a" }, (char[]){ "x" }, (char[]){ "--set=b" }, NULL };
	struct args a = { .ngiven = 0 };

	ck_assert_int_eq(args_parse(&cmd, argv, &a), 0);
	ck_assert_str_eq(args_get(&a, "set", 0), "a");
	ck_assert_str_eq(args_get(&a, "set", 1), "b");
	ck_assert_ptr_null(args_get(&a, "set", 2));
	ck_assert(!args_has(&a, "quiet"));
	ck_assert(args_has(&a, "set"));
	vec_release(&a.words);
}
END_TEST

START_TEST(too_many)
{
	static char set[] = "--set=a";
	char *argv[200], complaint[4096];
	struct args a = { .ngiven = 0 };

	for (size_t i = 0; i < 199; i++)
		argv[i] = set;
	argv[199] = NULL;
	ck_assert_int_eq(parse(argv, &a, complaint, sizeof(complaint)), EXIT_USAGE);
	ck_assert_ptr_nonnull(strstr(complaint, "too many options"));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("args");

	tcase_add_loop_test(t, lines, 0, (int)ARRAY_LEN(cases));
	tcase_add_test(t, values);
	tcase_add_test(t, too_many);
	return unit_run("args", t);
}
