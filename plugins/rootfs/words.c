/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe's command line is split here, once, and not in the guest: what is
 * wrong with it stops the plan instead of the boot. init gets exact words.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Bare, they mean something to a shell; but no shell reads this line. */
static const char shell_only[] = "|&;<>()$`*?[]{}!~#";

/* One word's reading position and the place it is decoded to. */
struct cursor {
	const char *from;
	char *to;
	const char *error;
};

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static int
stop(struct cursor *c, const char *error)
{
	c->error = error;
	return -1;
}

static int
single(struct cursor *c)
{
	for (c->from++; *c->from != '\''; c->from++) {
		if (*c->from == '\0')
			return stop(c, "a ' is not closed");
		*c->to++ = *c->from;
	}
	c->from++;
	return 0;
}

static int
twofold(struct cursor *c)
{
	for (c->from++; *c->from != '"'; c->from++) {
		if (c->from[0] == '\\' && c->from[1] != '\0' &&
			strchr("\"\\$`", c->from[1]))
			c->from++;
		else if (*c->from == '$' || *c->from == '`')
			return stop(c, "no shell replaces $ and ` in it; "
				       "write them in '...' or run /bin/sh -c '...'");
		if (*c->from == '\0')
			return stop(c, "a \" is not closed");
		*c->to++ = *c->from;
	}
	c->from++;
	return 0;
}

static int
bare(struct cursor *c)
{
	if (*c->from == '\\') {
		if (*++c->from == '\0')
			return stop(c, "it ends with a backslash");
	} else if (strchr(shell_only, *c->from)) {
		return stop(c, "no shell reads it; put |&;<>()$`*?[]{}!~# in quotes "
			       "or run /bin/sh -c '...'");
	}
	*c->to++ = *c->from++;
	return 0;
}

static int
word(struct cursor *c)
{
	while (*c->from != '\0' && !is_blank(*c->from)) {
		int failed = *c->from == '\''  ? single(c)
			     : *c->from == '"' ? twofold(c)
					       : bare(c);

		if (failed)
			return -1;
	}
	*c->to++ = '\0';
	return 0;
}

int
words_parse(struct words *w, const char *line, const char **error)
{
	/* Each word takes a byte of the line and the blank behind it, at least. */
	size_t len = strlen(line), slots = len / 2 + 2;
	struct cursor c = {.from = line};

	*w = (struct words){.items = malloc(slots * sizeof(char *) + len + 1)};
	if (!w->items) {
		*error = "out of memory";
		return -1;
	}
	c.to = (char *)(w->items + slots);
	for (;;) {
		while (is_blank(*c.from))
			c.from++;
		if (*c.from == '\0')
			break;
		w->items[w->count++] = c.to;
		if (word(&c) != 0) {
			*error = c.error;
			words_release(w);
			return -1;
		}
	}
	w->items[w->count] = NULL;
	return 0;
}

void
words_release(struct words *w)
{
	free(w->items);
	*w = (struct words){0};
}

static int
is_plain(const char *s)
{
	if (*s == '\0')
		return 0;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == '"' || *s == '\\' || *s == 0x7f)
			return 0;
	return 1;
}

void
word_quote(struct text *t, const char *s)
{
	if (is_plain(s)) {
		text_str(t, s);
		return;
	}
	text_str(t, "\"");
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			text_fmt(t, "\\%c", *s);
		else if ((unsigned char)*s < ' ' || *s == 0x7f)
			text_fmt(t, "\\x%02x", (unsigned)(unsigned char)*s);
		else
			text_bytes(t, s, 1);
	}
	text_str(t, "\"");
}
