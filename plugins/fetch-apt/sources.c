/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * apt reads its sources in two formats. Both are rewritten line by line, changing
 * only what must change, so that keys, suites and options which this code does not
 * know stay as the machine's owner set them.
 */
#include "sources.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

int
text_open(struct text *t)
{
	t->p = NULL;
	t->n = 0;
	t->out = open_memstream(&t->p, &t->n);
	return t->out ? 0 : -1;
}

void
text_release(struct text *t)
{
	if (t->out)
		fclose(t->out);
	free(t->p);
	memset(t, 0, sizeof(*t));
}

/* Adds an entry once; takes it, NULL meaning that memory ran out. */
static int
text_add_once(struct text *t, char *entry)
{
	int r = -1;

	if (entry && !fflush(t->out)) {
		if (!strstr(t->p, entry))
			fputs(entry, t->out);
		r = 0;
	}
	free(entry);
	return r;
}

static int
ends(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && !strcmp(s + n - e, end);
}

static int
is_source_file(const struct dirent *d)
{
	for (const char *p = d->d_name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
			return 0; /* apt skips these names too */
	return d->d_name[0] != '.' &&
	       (ends(d->d_name, ".list") || ends(d->d_name, ".sources"));
}

int
sources_each(const struct sources_place *place, int (*visit)(const char *, void *),
	void *arg)
{
	struct dirent **names = NULL;
	int n, r = 0;

	if (access(place->list, R_OK) == 0)
		r = visit(place->list, arg);
	n = scandir(place->parts, &names, is_source_file, alphasort);
	for (int i = 0; i < n; i++) {
		char path[1024];
		snprintf(path, sizeof(path), "%s/%s", place->parts, names[i]->d_name);
		if (!r)
			r = visit(path, arg);
		free(names[i]);
	}
	free(names);
	return r;
}

/* ---- one line each: deb [options] uri suite components ------------------ */

static int
rewrite_line(char *line, const char *type, const char *target, struct text *to)
{
	char *entry = NULL;
	char *p = line + strspn(line, " \t");
	size_t word = strcspn(p, " \t\n");
	char *rest = p + word;

	line[strcspn(line, "#\n")] = '\0';
	if (!((word == 3 && !strncmp(p, "deb", 3)) ||
		    (word == 7 && !strncmp(p, "deb-src", 7))))
		return 0;
	rest += strspn(rest, " \t");
	if (asprintf(&entry, "%s [target=%s%s%s\n", type, target,
		    rest[0] == '[' ? " " : "] ", rest[0] == '[' ? rest + 1 : rest) < 0)
		entry = NULL;
	return text_add_once(to, entry);
}

static int
rewrite_oneline(FILE *in, const char *type, const char *target, struct text *to)
{
	char *line = NULL;
	size_t room = 0;
	int r = 0;

	while (!r && getline(&line, &room, in) >= 0)
		if (!strstr(line, "cdrom:"))
			r = rewrite_line(line, type, target, to);
	free(line);
	return r;
}

/* ---- deb822: paragraphs of fields --------------------------------------- */

struct paragraph {
	struct text kept;
	int wanted;   /* has Types: deb or deb-src */
	int disabled; /* Enabled: no, or a disc */
	int dropping; /* continuation lines belong to a field that goes */
};

static int
field_is(const char *line, const char *name)
{
	size_t n = strlen(name);

	return !strncasecmp(line, name, n) && line[n + strspn(line + n, " \t")] == ':';
}

static int
value_has(const char *line, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strchr(line, ':'); p && *p;) {
		p += 1;
		p += strspn(p, " \t\n");
		size_t w = strcspn(p, " \t\n");
		if (w == n && !strncasecmp(p, word, n))
			return 1;
		p += w;
	}
	return 0;
}

static void
paragraph_line(struct paragraph *p, const char *line)
{
	static const char *const no[] = {"no", "false", "without", "off", "disable", "0"};

	if (line[0] == '#')
		return;
	if (line[0] != ' ' && line[0] != '\t') {
		p->dropping = 0;
		if (field_is(line, "Types")) {
			p->wanted = value_has(line, "deb") || value_has(line, "deb-src");
			p->dropping = 1;
		} else if (field_is(line, "Targets") || field_is(line, "Enabled")) {
			p->dropping = 1;
		} else if (field_is(line, "URIs") && strstr(line, "cdrom:")) {
			p->disabled = 1;
		}
		for (size_t i = 0; field_is(line, "Enabled") && i < 6; i++)
			p->disabled |= value_has(line, no[i]);
	}
	if (!p->dropping)
		fputs(line, p->kept.out);
}

/* Writes the paragraph if it is wanted, and makes ready for the next one. */
static int
paragraph_end(struct paragraph *p, const char *type, const char *target, struct text *to)
{
	char *entry = NULL;
	int r = fflush(p->kept.out);

	if (!r && p->wanted && !p->disabled) {
		if (asprintf(&entry, "Types: %s\nTargets: %s\n%s\n\n", type, target,
			    p->kept.p) < 0)
			entry = NULL;
		r = text_add_once(to, entry);
	}
	text_release(&p->kept);
	memset(p, 0, sizeof(*p));
	return r || text_open(&p->kept) ? -1 : 0;
}

static int
rewrite_deb822(FILE *in, const char *type, const char *target, struct text *to)
{
	struct paragraph p = {0};
	char *line = NULL;
	size_t room = 0;
	int r = text_open(&p.kept);

	while (!r && getline(&line, &room, in) >= 0) {
		if (line[strspn(line, " \t\r\n")] == '\0')
			r = paragraph_end(&p, type, target, to);
		else
			paragraph_line(&p, line);
	}
	if (!r)
		r = paragraph_end(&p, type, target, to);
	text_release(&p.kept);
	free(line);
	return r;
}

int
sources_rewrite(const char *path, const char *type, const char *target,
	struct text *oneline, struct text *deb822)
{
	FILE *in = fopen(path, "re");
	int r;

	if (!in)
		return -1;
	if (ends(path, ".sources"))
		r = rewrite_deb822(in, type, target, deb822);
	else
		r = rewrite_oneline(in, type, target, oneline);
	fclose(in);
	return r;
}
