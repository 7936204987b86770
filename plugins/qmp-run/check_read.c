/* SPDX-License-Identifier: GPL-3.0-only */
/* From the options check_* to checks. What could never pass, or never fail, is none. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"

enum { TIMEOUT_MAX = 86400 };

/* The value of an entry of a map option, or NULL. */
static const char *
entry(struct msmv_stage *stage, const char *option, const char *name)
{
	const struct msmv_host *host = stage->host;

	for (size_t i = 0; i < host->option_count(stage, option); i++)
		if (strcmp(host->option_key(stage, option, i), name) == 0)
			return host->option_at(stage, option, i);
	return NULL;
}

static const struct {
	const char *option;
	enum check_kind kind;
} kinds[] = {
	{ "check_console", CHECK_CONSOLE },
	{ "check_console_regex", CHECK_CONSOLE },
	{ "check_tcp", CHECK_TCP },
	{ "check_http", CHECK_HTTP },
	{ "check_command", CHECK_COMMAND },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* What only says more of a check; kind: a bit for each that it belongs to. */
static const struct {
	const char *option;
	unsigned kind;
} details[] = {
	{ "check_port", 1u << CHECK_HTTP },
	{ "check_status", 1u << CHECK_HTTP },
	{ "check_send", 1u << CHECK_TCP },
	{ "check_exit_code", 1u << CHECK_COMMAND },
	{ "check_text", 1u << CHECK_TCP | 1u << CHECK_HTTP | 1u << CHECK_COMMAND },
	{ "check_regex", 1u << CHECK_TCP | 1u << CHECK_HTTP | 1u << CHECK_COMMAND },
	{ "check_timeout", ~0u },
};

static struct check *
find(struct checks *checks, const char *name)
{
	for (size_t i = 0; i < checks->count; i++)
		if (strcmp(checks->item[i].name, name) == 0)
			return &checks->item[i];
	return NULL;
}

/* A whole number of an entry, or other without one. -1 after a problem. */
static int
number(struct msmv_stage *stage, const char *option, const char *name, long least, long most,
       long other)
{
	const char *text = entry(stage, option, name);
	char *end;
	long n;

	if (!text)
		return (int)other;
	errno = 0;
	n = strtol(text, &end, 10);
	if (*text && !*end && !errno && n >= least && n <= most)
		return (int)n;
	return problem_at(stage, option, name, NULL, "%s: \"%s\" is no number from %ld to %ld",
	                  option + strlen("check_"), text, least, most);
}

/* The value of an entry, or NULL. What is empty is in every text: no check could fail. */
static int
take_text(struct msmv_stage *stage, const struct check *c, const char *option,
          const char **text)
{
	*text = entry(stage, option, c->name);
	if (!*text || **text)
		return 0;
	return problem_at(stage, option, c->name, NULL, "%s is empty",
	                  option + strlen("check_"));
}

static int
take_pattern(struct msmv_stage *stage, struct check *c, const char *option)
{
	char why[128];
	int error;

	if (take_text(stage, c, option, &c->pattern) < 0)
		return -1;
	if (!c->pattern)
		return 0;
	error = regcomp(&c->regex, c->pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE);
	if (!error)
		return 0;
	regerror(error, &c->regex, why, sizeof(why));
	c->pattern = NULL;
	return problem_at(stage, option, c->name, NULL, "%s: %s", option + strlen("check_"), why);
}

static int
take_numbers(struct msmv_stage *stage, struct check *c)
{
	const struct {
		const char *option;
		long least, most, other;
		int *to;
	} table[] = {
		{ c->kind == CHECK_TCP ? "check_tcp" : "check_port", 1, 65535, 80, &c->port },
		{ "check_status", 100, 599, 200, &c->status },
		{ "check_exit_code", 0, 255, 0, &c->exit_code },
	};
	int timeout = number(stage, "check_timeout", c->name, 1, TIMEOUT_MAX, 10);
	int bad = timeout < 0 ? -1 : 0;

	c->timeout = (int64_t)timeout * 1000;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		*table[i].to = number(stage, table[i].option, c->name, table[i].least,
		                      table[i].most, table[i].other);
		if (*table[i].to < 0)
			bad = -1;
	}
	return bad;
}

/* The console is looked at line by line: this would be waited for in vain. */
static int
take_line(struct msmv_stage *stage, const struct check *c, const char *option, const char *text)
{
	if (!text || !text[strcspn(text, "\r\n")])
		return 0;
	return problem_at(stage, option, c->name, "give each line a check of its own",
	                  "%s has a line end, and no line of the console holds one",
	                  option + strlen("check_"));
}

/* It is sent as it is. */
static int
take_path(struct msmv_stage *stage, const struct check *c)
{
	const char *at = c->what;

	if (*at != '/')
		return problem_at(stage, "check_http", c->name, NULL,
		                  "http: \"%s\" is no path that begins with /", c->what);
	while ((unsigned char)*at > ' ' && *at != 0x7f)
		at++;
	if (!*at)
		return 0;
	return problem_at(stage, "check_http", c->name, "a blank is %20 in a path",
	                  "http: \"%s\" holds a blank or a control character", c->what);
}

static int
take_check(struct msmv_stage *stage, struct check *c)
{
	bool console = c->kind == CHECK_CONSOLE;
	int bad = take_numbers(stage, c);

	bad |= take_text(stage, c, "check_send", &c->send);
	bad |= take_text(stage, c, "check_text", &c->text);
	bad |= take_pattern(stage, c, console ? "check_console_regex" : "check_regex");
	if (console)
		bad |= take_line(stage, c, "check_console", c->what) |
		       take_line(stage, c, "check_console_regex", c->pattern);
	if (c->kind == CHECK_HTTP)
		bad |= take_path(stage, c);
	if (c->kind != CHECK_TCP && c->what && !*c->what)
		bad = problem_at(stage, c->kind == CHECK_HTTP      ? "check_http"
		                        : c->kind == CHECK_COMMAND ? "check_command"
		                                                   : "check_console",
		                 c->name, NULL, "it is empty");
	return bad;
}

/* One check for each name under a kind. */
static int
collect(struct msmv_stage *stage, struct checks *checks, const char *option,
        enum check_kind kind)
{
	const struct msmv_host *host = stage->host;
	int bad = 0;

	for (size_t i = 0; i < host->option_count(stage, option); i++) {
		const char *name = host->option_key(stage, option, i);
		struct check *c = find(checks, name);

		if (c && (kind != CHECK_CONSOLE || c->kind != CHECK_CONSOLE))
			bad = problem_at(stage, option, name, "make two of it",
			                 "%s: the check asks for something else already",
			                 option + strlen("check_"));
		if (c)
			continue;
		if (checks->count == CHECKS_MAX)
			return problem_at(stage, option, name, NULL, "there are more than %d checks",
			                  CHECKS_MAX);
		c = &checks->item[checks->count++];
		c->name = name;
		c->kind = kind;
		if (strcmp(option, "check_tcp") != 0 && strcmp(option, "check_console_regex") != 0)
			c->what = host->option_at(stage, option, i);
	}
	return bad;
}

/* A detail of nothing, or of another kind, would be passed over in silence. */
static int
check_details(struct msmv_stage *stage, struct checks *checks)
{
	const struct msmv_host *host = stage->host;
	int bad = 0;

	for (size_t d = 0; d < sizeof(details) / sizeof(details[0]); d++) {
		const char *option = details[d].option;

		for (size_t i = 0; i < host->option_count(stage, option); i++) {
			const char *name = host->option_key(stage, option, i);
			const struct check *c = find(checks, name);

			if (c && (details[d].kind & 1u << c->kind))
				continue;
			bad = problem_at(stage, option, name,
			                 c ? NULL : "give it tcp, http, command, console or "
			                            "console_regex",
			                 c ? "%s is nothing that this check has"
			                   : "%s alone is no check",
			                 option + strlen("check_"));
		}
	}
	return bad;
}

int
checks_read(struct msmv_stage *stage, struct checks *checks)
{
	int bad = 0;

	checks->count = 0;
	for (size_t i = 0; i < KINDS; i++)
		bad |= collect(stage, checks, kinds[i].option, kinds[i].kind);
	for (size_t i = 0; i < checks->count; i++)
		bad |= take_check(stage, &checks->item[i]);
	return bad | check_details(stage, checks);
}
