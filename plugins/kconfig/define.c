/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A reader of the Kconfig language, a line at a time. Every file that can be
 * read is read in the order of its "source" lines, so that each definition
 * knows the if, menu and choice blocks around it, across files too.
 */
#include "define.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 }; /* of files that source files */

struct reader {
	struct symbols *all;
	const char *src;
	const char *arch;
	const char *file; /* relative to src */
	unsigned line;
	unsigned depth;
	struct around *around;    /* innermost block */
	struct symbol *sym;       /* of the open "config" block, or NULL */
	struct definition *def;   /* the same */
	struct around *block;     /* a menu or choice whose attributes may follow */
	unsigned help_indent;     /* of the help text's first line; 0: not known yet */
	bool help;
};

static int read_file(struct reader *r, const char *path);

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

static void
on_other(struct reader *r, char *rest)
{
	(void)rest;
	r->sym = NULL;
	r->def = NULL;
	r->block = NULL;
}

/* source "arch/$(SRCARCH)/Kconfig" */
static void
on_source(struct reader *r, char *rest)
{
	static const char *const names[] = { "$(SRCARCH)", "$SRCARCH", "$(ARCH)" };
	cleanup_text struct text path = { 0 };
	size_t end;

	rest += *rest == '"';
	end = strcspn(rest, "\"");
	for (size_t i = 0; i < end;) {
		size_t taken = 0;

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]) && !taken; k++) {
			if (strncmp(rest + i, names[k], strlen(names[k])) == 0)
				taken = strlen(names[k]);
		}
		if (taken)
			text_add(&path, r->arch);
		else
			text_add_n(&path, rest + i, 1);
		i += taken ? taken : 1;
	}
	on_other(r, rest);
	if (path.p)
		read_file(r, path.p);
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

static void
on_def_bool(struct reader *r, char *rest)
{
	(void)rest;
	set_type(r, SYMBOL_BOOL);
}

static void
on_def_tristate(struct reader *r, char *rest)
{
	(void)rest;
	set_type(r, SYMBOL_TRISTATE);
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

static const struct {
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
	{ "source", on_source },
	{ "comment", on_other },
	{ "mainmenu", on_other },
	{ "bool", on_bool },
	{ "tristate", on_tristate },
	{ "int", on_int },
	{ "hex", on_hex },
	{ "string", on_string },
	{ "def_bool", on_def_bool },
	{ "def_tristate", on_def_tristate },
	{ "prompt", on_prompt },
	{ "depends", on_depends },
	{ "visible", on_visible },
	{ "select", on_select },
	{ "help", on_help },
	{ "---help---", on_help },
};

static unsigned
indent_of(const char *line)
{
	unsigned n = 0;

	for (; *line == ' ' || *line == '\t'; line++)
		n = *line == '\t' ? (n | 7) + 1 : n + 1;
	return n;
}

/* A help text ends at the first line that is indented less than its first. */
static bool
in_help(struct reader *r, const char *line)
{
	unsigned indent = indent_of(line);

	if (!r->help)
		return false;
	if (!line[strspn(line, " \t")])
		return true;
	if (!r->help_indent && indent) {
		r->help_indent = indent;
		return true;
	}
	r->help = r->help_indent && indent >= r->help_indent;
	return r->help;
}

/* Cuts a comment and the blanks before it, if the # is outside quotes. */
static void
cut_comment(char *line)
{
	char quote = '\0';
	char *p = line;

	for (; *p && (quote || *p != '#'); p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? '\0' : *p;
	}
	while (p > line && isspace((unsigned char)p[-1]))
		p--;
	*p = '\0';
}

static void
read_line(struct reader *r, char *line)
{
	char *rest;
	size_t len;

	if (in_help(r, line))
		return;
	cut_comment(line);
	line += strspn(line, " \t");
	len = strcspn(line, " \t\"(");
	rest = line + len + strspn(line + len, " \t");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) == len && strncmp(words[i].word, line, len) == 0) {
			words[i].act(r, rest);
			return;
		}
	}
}

/* A backslash at a line's end joins the next one to it. */
static void
read_text(struct reader *r, char *p)
{
	while (*p) {
		cleanup_text struct text line = { 0 };
		unsigned lines = 0;
		bool more;

		do {
			size_t len = strcspn(p, "\n");

			more = len && p[len - 1] == '\\' && !r->help;
			text_add_n(&line, p, len - more);
			p += len + (p[len] == '\n');
			lines++;
		} while (more && *p);
		r->line++;
		read_line(r, line.p);
		r->line += lines - 1;
	}
}

static int
read_file(struct reader *r, const char *path)
{
	cleanup_free char *full = xformat("%s/%s", r->src, path);
	cleanup_text struct text bytes = { 0 };
	struct reader inner = { .all = r->all, .src = r->src, .arch = r->arch, .file = path,
		.depth = r->depth + 1, .around = r->around };

	if (inner.depth > DEPTH || file_read(full, &bytes) < 0)
		return -1;
	read_text(&inner, bytes.p);
	return 0;
}

int
define_all(struct symbols *all, const char *src, const char *arch)
{
	struct reader r = { .all = all, .src = src, .arch = arch };

	return read_file(&r, "Kconfig");
}
