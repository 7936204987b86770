/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A profile's text has one request a line: NAME=value. "?NAME=value" asks only
 * if this kernel has the option, "!NAME=value" is what a machine needs to boot at
 * all, "include OTHER" takes another profile in, and # starts a comment. NAME.config is
 * for every architecture, NAME.ARCH.config for the kernel architecture ARCH; what both
 * say, the second says last.
 */
#include "profile.h"

#include <string.h>

#include "../problem/problem.h"

/* What to do with a line: its marks ("?", "!"), the option and the value. */
typedef int (*line_fn)(struct requests *r, const char *who, const char *marks, char *name,
	const char *value);
static int profile_read(struct requests *r, const char *name, const char *who, line_fn act);

static int
line_read(struct requests *r, const char *who, char *line, line_fn act)
{
	static const char include[] = "include ";
	size_t marks = strspn(line, "?!");
	cleanup_free char *mark = xcopy_n(line, marks);
	char *value = strchr(line, '=');

	if (*line == '#' || !*line)
		return 0;
	if (strncmp(line, include, sizeof(include) - 1) == 0)
		return profile_read(r, line + sizeof(include) - 1, who, act);
	if (!value)
		return r->stage->host->fail(r->stage, MSMV_FAIL_SYSTEM,
			"kernel profile %s has a line that means nothing: %s", who, line);
	*value = '\0';
	return act(r, who, mark, line + marks, value + 1);
}

static int
read_text(struct requests *r, const char *who, const char *text, line_fn act)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		cleanup_free char *line = xcopy_n(text, len);

		text += len + (text[len] == '\n');
		if (line_read(r, who, line, act) < 0)
			return -1;
	}
	return 0;
}

/* Every profile's name, once, in the table's order. */
static void
list_names(struct text *to)
{
	cleanup_list struct list seen = { 0 };

	for (size_t i = 0; i < profile_count; i++) {
		cleanup_free char *name = xcopy_n(profiles[i].name,
			strcspn(profiles[i].name, "."));

		if (list_has(&seen, name))
			continue;
		text_addf(to, "%s%s", seen.len ? ", " : "", name);
		list_add(&seen, name);
	}
}

static int
unknown(struct requests *r, const char *option, const char *name)
{
	const char *arch = r->stage->host->arch(r->stage, "kernel.arch");
	cleanup_text struct text names = { 0 };
	size_t len = strlen(name);

	for (size_t i = 0; i < profile_count; i++) {
		if (strncmp(profiles[i].name, name, len) == 0 && profiles[i].name[len] == '.')
			return problem_at(r->stage, option, name, NULL, "kernel profile %s is "
				"not for %s kernels, only for %s", name, arch,
				profiles[i].name + len + 1);
	}
	list_names(&names);
	return problem_at(r->stage, option, name, NULL,
		"no kernel profile is named %s; there are: %s", name, names.p);
}

int
profile_check(struct requests *r, const char *name)
{
	cleanup_free char *special = xformat("%s.%s", name,
		r->stage->host->arch(r->stage, "kernel.arch"));

	for (size_t i = 0; i < profile_count; i++)
		if (strcmp(profiles[i].name, name) == 0 ||
		    strcmp(profiles[i].name, special) == 0)
			return 0;
	return unknown(r, "profiles", name);
}

/* An included profile is its own origin when it is asked for; a machine's needs are the
 * machine's. */
static int
ask_line(struct requests *r, const char *who, const char *marks, char *name, const char *value)
{
	cleanup_free char *origin = xformat("profile %s", who);

	return request_add(r, "p", strchr(marks, '?') != NULL, name, value, origin);
}

static int
need_line(struct requests *r, const char *who, const char *marks, char *name, const char *value)
{
	if (strchr(marks, '!'))
		text_addf(&r->lines, "need\t%s\t%s\t%s\n", who, name, value);
	return 0;
}

static int
profile_read(struct requests *r, const char *name, const char *who, line_fn act)
{
	cleanup_free char *special = xformat("%s.%s", name,
		r->stage->host->arch(r->stage, "kernel.arch"));
	size_t found = 0;

	if (act == ask_line) {
		if (list_has(&r->profiles, name))
			return 0;
		list_add(&r->profiles, name);
		list_add(&r->asked_by, r->top ? r->top : name);
		who = name;
	}
	for (size_t i = 0; i < profile_count; i++) {
		if (strcmp(profiles[i].name, name) != 0 && strcmp(profiles[i].name, special) != 0)
			continue;
		found++;
		if (read_text(r, who, profiles[i].text, act) < 0)
			return -1;
	}
	return found ? 0 : unknown(r, act == ask_line ? "profiles" : "machines", name);
}

int
profile_ask(struct requests *r, const char *name)
{
	return profile_read(r, name, name, ask_line);
}

int
profile_need(struct requests *r, const char *machine)
{
	return profile_read(r, machine, machine, need_line);
}

void
profile_machines(const char *arch, struct list *names)
{
	for (size_t i = 0; i < profile_count; i++) {
		const char *dot = strchr(profiles[i].name, '.');
		const char *text = profiles[i].text;
		cleanup_free char *name = xcopy_n(profiles[i].name,
			strcspn(profiles[i].name, "."));

		if ((*text == '!' || strstr(text, "\n!")) && (!dot || strcmp(dot + 1, arch) == 0) &&
		    !list_has(names, name))
			list_add(names, name);
	}
}
