/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What each word that can open a line of a Kconfig file does: blocks nest, and
 * attributes go to the option or block that was opened last. Ranges, implies
 * and all but the first default are left to the kernel's own program.
 */
#include "reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void
block_open(struct reader *r, const char *condition, bool choice)
{
	struct around *a = xnew(sizeof(*a));

	a->parent = r->around;
	a->next = r->all->arounds;
	a->condition = condition ? xcopy(condition) : NULL;
	a->choice = choice;
	r->all->arounds = a;
	r->around = a;
	r->sym = NULL;
	r->def = NULL;
	r->block = NULL;
}

/* Both must hold from now on. Parentheses keep an "||" together. */
static void
conjoin(char **to, const char *condition)
{
	char *joined;

	if (!condition || !*condition)
		return;
	joined = *to ? xformat("%s && (%s)", *to, condition) : xformat("(%s)", condition);
	free(*to);
	*to = joined;
}

static void
on_config(struct reader *r, char *rest)
{
	struct definition **end;

	r->sym = symbol_get(r->all, rest, strcspn(rest, " \t"));
	r->def = xnew(sizeof(*r->def));
	r->def->around = r->around;
	r->def->file = xcopy(r->file);
	r->def->line = r->line;
	for (end = &r->sym->definitions; *end; end = &(*end)->next)
		;
	*end = r->def;
	r->block = NULL;
}

static void
on_menu(struct reader *r, char *rest)
{
	(void)rest;
	block_open(r, NULL, false);
	r->block = r->around;
}

static void
on_choice(struct reader *r, char *rest)
{
	(void)rest;
	block_open(r, NULL, true);
	r->block = r->around;
}

static void
on_if(struct reader *r, char *rest)
{
	block_open(r, rest, false);
}

static void
on_end(struct reader *r, char *rest)
{
	(void)rest;
	if (r->around)
		r->around = r->around->parent;
	r->sym = NULL;
	r->def = NULL;
	r->block = NULL;
}

void
reader_close(struct reader *r)
{
	r->sym = NULL;
	r->def = NULL;
	r->block = NULL;
}

static void
on_other(struct reader *r, char *rest)
{
	(void)rest;
	reader_close(r);
}

/* The condition after an " if " that is outside quotes, cut off; NULL if there is none. */
static char *
split_if(char *rest)
{
	char quote = '\0';

	for (char *p = rest; *p; p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? '\0' : *p;
		else if (!quote && strncmp(p, "if", 2) == 0 && (p == rest || isspace((unsigned char)p[-1])) &&
		         (isspace((unsigned char)p[2]) || p[2] == '(')) {
			*p = '\0';
			return p + 2 + strspn(p + 2, " \t");
		}
	}
	return NULL;
}

static void
on_prompt(struct reader *r, char *rest)
{
	char *condition = split_if(rest);

	if (!r->def || !*rest)
		return;
	r->def->prompt = true;
	free(r->def->prompt_if);
	r->def->prompt_if = condition ? xcopy(condition) : NULL;
}

static void
set_type(struct reader *r, enum symbol_type type)
{
	if (r->sym && r->sym->type == SYMBOL_UNKNOWN)
		r->sym->type = type;
}

static void
on_bool(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_BOOL);
	on_prompt(r, rest);
}

static void
on_tristate(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_TRISTATE);
	on_prompt(r, rest);
}

static void
on_int(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_INT);
	on_prompt(r, rest);
}

static void
on_hex(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_HEX);
	on_prompt(r, rest);
}

static void
on_string(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_STRING);
	on_prompt(r, rest);
}

/* What gives an option without a prompt its value, if no select does. */
static void
on_default(struct reader *r, char *rest)
{
	char *condition = split_if(rest);

	if (r->def && !r->def->given && condition && (*rest == 'y' || *rest == 'm'))
		r->def->given = xcopy(condition);
}

static void
on_def_bool(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_BOOL);
	on_default(r, rest);
}

static void
on_def_tristate(struct reader *r, char *rest)
{
	set_type(r, SYMBOL_TRISTATE);
	on_default(r, rest);
}

static void
on_depends(struct reader *r, char *rest)
{
	if (strncmp(rest, "on", 2) != 0)
		return;
	rest += 2;
	rest += strspn(rest, " \t");
	if (r->def)
		conjoin(&r->def->depends, rest);
	else if (r->block)
		conjoin(&r->block->condition, rest);
}

static void
on_visible(struct reader *r, char *rest)
{
	char *condition = split_if(rest);

	if (r->block)
		conjoin(&r->block->visible, condition);
}

static void
on_select(struct reader *r, char *rest)
{
	char *condition = split_if(rest);
	struct symbol *target;

	if (!r->sym)
		return;
	target = symbol_get(r->all, rest, strcspn(rest, " \t"));
	if (condition)
		list_addf(&target->selected_by, "%s if %s", r->sym->name, condition);
	else
		list_add(&target->selected_by, r->sym->name);
}

static void
on_help(struct reader *r, char *rest)
{
	(void)rest;
	r->help = true;
	r->help_indent = 0;
}

static const struct word {
	const char *word;
	void (*act)(struct reader *r, char *rest);
} words[] = {
	{ "config", on_config },
	{ "menuconfig", on_config },
	{ "choice", on_choice },
	{ "endchoice", on_end },
	{ "menu", on_menu },
	{ "endmenu", on_end },
	{ "if", on_if },
	{ "endif", on_end },
	{ "comment", on_other },
	{ "mainmenu", on_other },
	{ "bool", on_bool },
	{ "tristate", on_tristate },
	{ "int", on_int },
	{ "hex", on_hex },
	{ "string", on_string },
	{ "default", on_default },
	{ "def_bool", on_def_bool },
	{ "def_tristate", on_def_tristate },
	{ "prompt", on_prompt },
	{ "depends", on_depends },
	{ "visible", on_visible },
	{ "select", on_select },
	{ "help", on_help },
	{ "---help---", on_help },
};

void
reader_act(struct reader *r, const char *word, size_t len, char *rest)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) == len && strncmp(words[i].word, word, len) == 0) {
			words[i].act(r, rest);
			return;
		}
	}
}
