/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions come as lines of fields with tabs between:
 *
 *   base     off | PATH                 what is not asked stays off | a .config to start from
 *   ask      r|p|a  NAME  FROM  VALUE   recipe, profile, architecture; later ones win
 *   maybe    r|p|a  NAME  FROM  VALUE   asked only if this kernel has the option
 *   waive    NAME
 *   need     MACHINE  NAME  VALUE
 *   person   PATH                       a .config made by hand
 *   next                                another question follows
 */
#include "oracle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 5 };

struct wish *
wish_find(const struct wishes *w, const char *name)
{
	for (size_t i = 0; i < w->len; i++) {
		if (strcmp(w->v[i].name, name) == 0)
			return &w->v[i];
	}
	return NULL;
}

/* Asking for one member of a choice takes back what weaker ones, or profiles before it,
 * asked of the others. What the recipe itself asks stays, and is judged. */
static void
rivals_drop(struct wishes *w, const struct wish *by)
{
	struct symbol *sym = tree_find(by->name);
	struct menu *choice = sym ? tree_choice(sym) : NULL;

	if (!choice || strcmp(by->value, "y") != 0)
		return;
	for (size_t i = 0; i < w->len; i++) {
		struct wish *other = &w->v[i];
		struct symbol *rival = tree_find(other->name);

		if (other != by && rival && strcmp(other->value, "y") == 0 &&
		    tree_choice(rival) == choice && other->origin < ORIGIN_RECIPE)
			other->dropped = true;
	}
}

/* TOML's true and false are y and n, except where the option is a text. */
static const char *
value_plain(const struct symbol *sym, const char *value)
{
	if (sym && sym->type == S_STRING)
		return value;
	return strcmp(value, "true") == 0 ? "y" : strcmp(value, "false") == 0 ? "n" : value;
}

void
wish_set(struct wishes *w, const char *name, const char *value, const char *from,
	enum origin origin)
{
	struct wish *wish = wish_find(w, name);

	if (!wish) {
		if (w->len == w->cap) {
			w->cap = w->cap ? w->cap * 2 : 128;
			w->v = need_memory(w->v, w->cap * sizeof(*w->v));
		}
		wish = &w->v[w->len++];
		*wish = (struct wish){ .name = need_copy(name) };
	}
	free(wish->value);
	free(wish->from);
	wish->value = need_copy(value_plain(tree_find(name), value));
	wish->from = need_copy(from);
	wish->origin = origin;
	wish->dropped = false;
	rivals_drop(w, wish);
}

void
wishes_copy(struct wishes *to, const struct wishes *from)
{
	*to = (struct wishes){ .len = from->len, .cap = from->len + 16 };
	to->v = need_memory(NULL, to->cap * sizeof(*to->v));
	for (size_t i = 0; i < from->len; i++) {
		to->v[i] = from->v[i];
		to->v[i].name = need_copy(from->v[i].name);
		to->v[i].value = need_copy(from->v[i].value);
		to->v[i].from = need_copy(from->v[i].from);
	}
}

void
wishes_free(struct wishes *w)
{
	for (size_t i = 0; i < w->len; i++) {
		free(w->v[i].name);
		free(w->v[i].value);
		free(w->v[i].from);
	}
	free(w->v);
	*w = (struct wishes){ 0 };
}

static void
line_ask(struct question *q, char **f)
{
	enum origin origin = *f[1] == 'r' ? ORIGIN_RECIPE :
		*f[1] == 'p' ? ORIGIN_PROFILE : ORIGIN_ARCH;

	if (strcmp(f[0], "maybe") != 0 || tree_find(f[2]))
		wish_set(&q->wishes, f[2], f[4], f[3], origin);
}

static void
line_waive(struct question *q, char **f)
{
	struct wish *w = wish_find(&q->wishes, f[1]);

	if (w)
		w->waived = true;
}

static void
line_need(struct question *q, char **f)
{
	struct need **at = &q->needs;
	struct need *n = need_memory(NULL, sizeof(*n));

	*n = (struct need){ .machine = need_copy(f[1]), .name = need_copy(f[2]),
		.value = need_copy(f[3]) };
	while (*at)
		at = &(*at)->next;
	*at = n;
}

static char *
text_of(const char *path)
{
	char *text = file_text(path);

	if (!text)
		die(path);
	return text;
}

static void
line_base(struct question *q, char **f)
{
	q->off = strcmp(f[1], "off") == 0;
	q->base = q->off ? NULL : text_of(f[1]);
}

static void
line_person(struct question *q, char **f)
{
	q->person = text_of(f[1]);
}

static const struct {
	const char *word;
	size_t fields;
	void (*act)(struct question *, char **);
} words[] = {
	{ "ask", 5, line_ask }, { "maybe", 5, line_ask }, { "waive", 2, line_waive },
	{ "need", 4, line_need }, { "base", 2, line_base }, { "person", 2, line_person },
};

/* The last field may hold tabs itself. */
static size_t
line_split(char *line, char **f, size_t max)
{
	size_t n = 0;

	while (n < max) {
		f[n++] = line;
		line = n < max ? strchr(line, '\t') : NULL;
		if (!line)
			break;
		*line++ = '\0';
	}
	return n;
}

static void
line_act(struct question *q, char *line)
{
	char *f[FIELDS];
	size_t len = strcspn(line, "\t");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(line, words[i].word, len) != 0 || words[i].word[len])
			continue;
		if (line_split(line, f, words[i].fields) == words[i].fields) {
			words[i].act(q, f);
			return;
		}
	}
	errno = EINVAL;
	die(line);
}

static struct question *
question_new(void)
{
	struct question *q = need_memory(NULL, sizeof(*q));

	*q = (struct question){ .off = true };
	return q;
}

struct question *
question_read(const char *path)
{
	char *text = text_of(path);
	char *rest = text;
	char *line;
	struct question *first = question_new(), *q = first;

	while ((line = strsep(&rest, "\n"))) {
		if (strcmp(line, "next") == 0)
			q = q->next = question_new();
		else if (*line)
			line_act(q, line);
	}
	free(text);
	return first;
}
