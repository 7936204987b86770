/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A reader of the Kconfig language, a line at a time. Every file that can be
 * read is read in the order of its "source" lines, so that each definition
 * knows the if, menu and choice blocks around it, across files too.
 */
#include "define.h"

#include <ctype.h>
#include <string.h>

#include "reader.h"

enum { DEPTH = 32 }; /* of files that source files */

static int read_file(struct reader *r, const char *path);

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
	reader_close(r);
	if (path.p)
		read_file(r, path.p);
}

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
	if (len == 6 && strncmp(line, "source", len) == 0)
		on_source(r, rest);
	else
		reader_act(r, line, len, rest);
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
