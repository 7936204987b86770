/* SPDX-License-Identifier: GPL-3.0-only */
/* Options may stand before, between or after words; "--" ends them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/suggest.h"
#include "cli/cmd.h"

static struct str last;

int
complain(int code, const char *fmt, ...)
{
	va_list ap;

	str_reset(&last);
	va_start(ap, fmt);
	str_vaddf(&last, fmt, ap);
	va_end(ap);
	fprintf(stderr, "msmv: error: %s\n", str_text(&last));
	return code;
}

const char *
complaint(void)
{
	return str_text(&last);
}

const char *
args_get(const struct args *a, const char *name, int i)
{
	for (int k = 0; k < a->ngiven; k++)
		if (streq(a->given[k].name, name) && i-- == 0)
			return a->given[k].value;
	return NULL;
}

bool
args_has(const struct args *a, const char *name)
{
	return args_get(a, name, 0) != NULL;
}

static const struct cmd_option *
find(const struct cmd *cmd, const char *name, size_t n)
{
	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static int
unknown(const struct cmd *cmd, const char *name)
{
	const char *known[64];
	const char *near;
	size_t n = 0;

	for (const struct cmd_option *o = cmd->options; o && o->name && n < 64; o++)
		known[n++] = o->name;
	near = suggest(name, known, n);
	return complain(EXIT_USAGE, "%s has no option --%s%s%s%s (msmv %s --help)", cmd->name,
		name, near ? ": did you mean --" : "", near ? near : "", near ? "?" : "",
		cmd->name);
}

static int
give(struct args *a, const struct cmd_option *o, const char *value)
{
	if (a->ngiven == (int)ARRAY_LEN(a->given))
		return complain(EXIT_USAGE, "too many options");
	if (o->arg && !*value)
		return complain(EXIT_USAGE, "--%s needs %s, not nothing", o->name, o->arg);
	a->given[a->ngiven].name = o->name;
	a->given[a->ngiven++].value = value;
	return 0;
}

/* Takes one long option; *next is the word after it. */
static int
take_long(const struct cmd *cmd, const char *text, char *const **argv, struct args *a)
{
	size_t n = strcspn(text, "=");
	const struct cmd_option *o = find(cmd, text, n);

	if (!o) {
		cleanup_free char *name = xstrndup(text, n);

		return unknown(cmd, name);
	}
	if (!o->arg)
		return text[n] ? complain(EXIT_USAGE, "--%s takes no value", o->name)
			       : give(a, o, "");
	if (text[n])
		return give(a, o, text + n + 1);
	if (!**argv)
		return complain(EXIT_USAGE, "--%s needs %s", o->name, o->arg);
	return give(a, o, *(*argv)++);
}

static const struct cmd_option *
find_letter(const struct cmd *cmd, char c)
{
	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		if (o->letter == c)
			return o;
	return NULL;
}

/* "-j4", "-j 4", "-vq" */
static int
take_short(const struct cmd *cmd, const char *text, char *const **argv, struct args *a)
{
	for (; *text; text++) {
		const struct cmd_option *o = find_letter(cmd, *text);
		int bad;

		if (!o)
			return complain(EXIT_USAGE, "%s has no option -%c (msmv %s --help)",
				cmd->name, *text, cmd->name);
		if (o->arg && text[1])
			return give(a, o, text + 1);
		if (o->arg)
			return **argv ? give(a, o, *(*argv)++)
				      : complain(EXIT_USAGE, "-%c needs %s", *text, o->arg);
		bad = give(a, o, "");
		if (bad)
			return bad;
	}
	return 0;
}

static int
check_words(const struct cmd *cmd, const struct args *a)
{
	if ((int)a->words.len < cmd->min_words)
		return complain(EXIT_USAGE, "usage: msmv %s %s", cmd->name, cmd->synopsis);
	if ((int)a->words.len > cmd->max_words)
		return complain(EXIT_USAGE, "'%s' is one word too many; usage: msmv %s %s",
			a->words.v[cmd->max_words], cmd->name, cmd->synopsis);
	return 0;
}

int
args_parse(const struct cmd *cmd, char *const *argv, struct args *a)
{
	bool only_words = false;

	while (*argv) {
		const char *s = *argv++;
		int bad = 0;

		if (only_words || s[0] != '-' || !s[1])
			vec_push(&a->words, s);
		else if (streq(s, "--"))
			only_words = true;
		else if (streq(s, "--help") || streq(s, "-h"))
			return -1;
		else
			bad = s[1] == '-' ? take_long(cmd, s + 2, &argv, a)
					  : take_short(cmd, s + 1, &argv, a);
		if (bad)
			return bad;
	}
	return check_words(cmd, a);
}

void
args_help(const struct cmd *cmd)
{
	printf("usage: msmv %s %s\n\n%s.\n", cmd->name, cmd->synopsis, cmd->help);
	if (cmd->text)
		printf("\n%s", cmd->text);
	if (cmd->options && cmd->options->name)
		printf("\noptions:\n");
	for (const struct cmd_option *o = cmd->options; o && o->name; o++) {
		cleanup_str struct str s = STR_INIT;

		if (o->letter)
			str_addf(&s, "-%c, ", o->letter);
		else
			str_add(&s, "    ");
		str_addf(&s, "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		printf("  %-26s %s\n", str_text(&s), o->help);
	}
}
