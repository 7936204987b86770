/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A profile's text has one request a line: NAME=value. "?NAME=value" asks only
 * if this kernel has the option, "include OTHER" takes another profile in, and
 * # starts a comment. NAME.config is for every architecture, NAME.ARCH.config
 * for the kernel architecture ARCH; what both say, the second says last.
 */
#include "profile.h"

#include <string.h>

static int
read_text(struct requests *r, const char *origin, const char *text)
{
	static const char include[] = "include ";

	while (*text) {
		size_t len = strcspn(text, "\n");
		cleanup_free char *line = xcopy_n(text, len);
		bool maybe = *line == '?';
		char *value = strchr(line, '=');

		text += len + (text[len] == '\n');
		if (*line == '#' || !*line)
			continue;
		if (strncmp(line, include, sizeof(include) - 1) == 0) {
			if (profile_ask(r, line + sizeof(include) - 1) < 0)
				return -1;
			continue;
		}
		if (!value)
			return r->stage->host->fail(r->stage, MSMV_FAIL_SYSTEM,
				"%s has a line that means nothing: %s", origin, line);
		*value = '\0';
		if (maybe && !requests_known(r, line + 1))
			continue;
		if (request_add(r, line + maybe, value + 1, origin) < 0)
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
unknown(struct requests *r, const char *name)
{
	const char *arch = r->stage->host->arch(r->stage, "kernel.arch");
	cleanup_text struct text names = { 0 };
	size_t len = strlen(name);

	for (size_t i = 0; i < profile_count; i++) {
		if (strncmp(profiles[i].name, name, len) == 0 && profiles[i].name[len] == '.')
			return r->stage->host->fail(r->stage, MSMV_FAIL_RECIPE, "kernel profile "
				"%s is not for %s kernels, only for %s", name, arch,
				profiles[i].name + len + 1);
	}
	list_names(&names);
	return r->stage->host->fail(r->stage, MSMV_FAIL_RECIPE,
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
	return unknown(r, name);
}

int
profile_ask(struct requests *r, const char *name)
{
	cleanup_free char *special = xformat("%s.%s", name,
		r->stage->host->arch(r->stage, "kernel.arch"));
	cleanup_free char *origin = xformat("profile %s", name);
	size_t found = 0;

	if (list_has(&r->origins, origin))
		return 0;
	list_add(&r->origins, origin);
	const char *kept = r->origins.v[r->origins.len - 1];
	for (size_t i = 0; i < profile_count; i++) {
		if (strcmp(profiles[i].name, name) != 0 && strcmp(profiles[i].name, special) != 0)
			continue;
		found++;
		if (read_text(r, kept, profiles[i].text) < 0)
			return -1;
	}
	return found ? 0 : unknown(r, name);
}
