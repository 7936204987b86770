/* SPDX-License-Identifier: GPL-3.0-only */
/* Requests are kept on the symbols themselves; this is their order and where they come from. */
#include "request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dotconfig.h"
#include "profile.h"

static const char *
bare(const char *name)
{
	const char *p = name;

	for (const char *prefix = "CONFIG_"; *prefix; prefix++, p++) {
		if (*p != *prefix)
			return name;
	}
	return p;
}

static bool
is_name(const char *name)
{
	const char *p = name;

	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return p != name && !*p;
}

bool
requests_known(const struct requests *r, const char *name)
{
	const struct symbol *sym = symbol_find(r->all, bare(name), strlen(bare(name)));

	return sym && sym->definitions;
}

/* TOML's true and false are y and n, except where the option is a text. */
static const char *
tristate_text(const struct symbol *sym, const char *value)
{
	if (sym->type == SYMBOL_STRING)
		return value;
	return strcmp(value, "true") == 0 ? "y" : strcmp(value, "false") == 0 ? "n" : value;
}

/* Choosing one member of a choice takes back earlier wishes for the others. */
static void
take_back_rivals(struct requests *r, const struct symbol *sym)
{
	const struct around *choice = symbol_choice(sym);

	for (size_t i = 0; choice && i < r->len; i++) {
		struct symbol *other = r->asked[i];

		if (other != sym && other->asked && strcmp(other->asked, "y") == 0 &&
		    symbol_choice(other) == choice) {
			free(other->asked);
			other->asked = NULL;
		}
	}
}

int
request_add(struct requests *r, const char *name, const char *value, const char *origin)
{
	struct symbol *sym;

	if (!is_name(bare(name)) || strchr(value, '\n'))
		return r->stage->host->fail(r->stage, MSMV_FAIL_RECIPE,
			"%s: \"%s\" is not a kernel option with a value of one line", origin, name);
	sym = symbol_get(r->all, bare(name), strlen(bare(name)));
	value = tristate_text(sym, value);
	if (strcmp(value, "y") == 0)
		take_back_rivals(r, sym);
	if (!sym->origin) {
		if (r->len == r->cap) {
			r->cap = r->cap ? r->cap * 2 : 256;
			r->asked = xrealloc(r->asked, r->cap * sizeof(struct symbol *));
		}
		r->asked[r->len++] = sym;
	}
	free(sym->asked);
	sym->asked = xcopy(value);
	sym->origin = origin;
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
		if (request_add(r, words.v[i], value + 1, "architecture") < 0)
			return -1;
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
		if (profile_ask(r, host->option_at(s, "profiles", i)) < 0)
			return -1;
	}
	for (size_t i = 0; i < host->option_count(s, "options"); i++) {
		if (request_add(r, host->option_key(s, "options", i),
			    host->option_at(s, "options", i), "recipe") < 0)
			return -1;
	}
	for (size_t i = 0; i < host->option_count(s, "options_unchecked"); i++) {
		const char *name = bare(host->option_at(s, "options_unchecked", i));

		symbol_get(r->all, name, strlen(name))->waived = true;
	}
	return 0;
}

void
requests_text(const struct requests *r, struct text *to)
{
	text_add(to, "");
	for (size_t i = 0; i < r->len; i++) {
		if (r->asked[i]->asked)
			dotconfig_format(r->asked[i], r->asked[i]->asked, to);
	}
}

void
requests_release(struct requests *r)
{
	free(r->asked);
	list_release(&r->origins);
	*r = (struct requests){ 0 };
}
