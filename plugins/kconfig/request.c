/* SPDX-License-Identifier: GPL-3.0-only */
/* Collects the requests; whose word counts more is the oracle's to know. */
#include "request.h"

#include <ctype.h>
#include <string.h>

#include "profile.h"

const char *
request_bare(const char *name)
{
	static const char prefix[] = "CONFIG_";

	return strncmp(name, prefix, sizeof(prefix) - 1) == 0 ? name + sizeof(prefix) - 1 : name;
}

static bool
is_name(const char *name)
{
	const char *p = name;

	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return p != name && !*p;
}

int
request_add(struct requests *r, const char *kind, bool maybe, const char *name,
	const char *value, const char *origin)
{
	name = request_bare(name);
	if (!is_name(name) || strchr(value, '\n'))
		return r->stage->host->fail(r->stage, MSMV_FAIL_RECIPE,
			"%s: \"%s\" is not a kernel option with a value of one line", origin, name);
	text_addf(&r->lines, "%s\t%s\t%s\t%s\t%s\n", maybe ? "maybe" : "ask", kind, name, origin,
		value);
	return 0;
}

/* The architecture's own: "64BIT=y FOO=n". */
static int
ask_arch(struct requests *r)
{
	const char *fact = r->stage->host->arch(r->stage, "kernel.config");
	cleanup_list struct list words = { 0 };

	list_add_words(&words, fact ? fact : "");
	for (size_t i = 0; i < words.len; i++) {
		char *value = strchr(words.v[i], '=');

		if (!value)
			continue;
		*value = '\0';
		if (request_add(r, "a", false, words.v[i], value + 1, "architecture") < 0)
			return -1;
	}
	return 0;
}

static int
ask_waived(struct requests *r)
{
	const struct msmv_host *host = r->stage->host;

	for (size_t i = 0; i < host->option_count(r->stage, "options_unchecked"); i++) {
		const char *name = request_bare(host->option_at(r->stage, "options_unchecked", i));

		if (!is_name(name))
			return host->fail(r->stage, MSMV_FAIL_RECIPE, "options_unchecked: \"%s\" "
				"is not a kernel option's name", name);
		text_addf(&r->lines, "waive\t%s\n", name);
	}
	return 0;
}

int
requests_collect(struct requests *r)
{
	struct msmv_stage *s = r->stage;
	const struct msmv_host *host = s->host;

	if (ask_arch(r) < 0)
		return -1;
	for (size_t i = 0; i < host->option_count(s, "profiles"); i++) {
		r->top = host->option_at(s, "profiles", i);
		if (profile_ask(r, r->top) < 0)
			return -1;
	}
	for (size_t i = 0; i < host->option_count(s, "options"); i++) {
		if (request_add(r, "r", false, host->option_key(s, "options", i),
			    host->option_at(s, "options", i), "recipe") < 0)
			return -1;
	}
	return ask_waived(r);
}

const char *
request_profile(const struct requests *r, const char *profile)
{
	for (size_t i = 0; i < r->profiles.len; i++) {
		if (strcmp(r->profiles.v[i], profile) == 0)
			return r->asked_by.v[i];
	}
	return NULL;
}

void
requests_release(struct requests *r)
{
	text_release(&r->lines);
	list_release(&r->profiles);
	list_release(&r->asked_by);
	*r = (struct requests){ 0 };
}
