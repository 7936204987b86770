/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Recipes carry commands as people type them: LDFLAGS='-L/usr/lib -static' must
 * survive as one word. A shell would do that, and also whatever else the text
 * happens to mean to it; this reader does the words and says no to the rest.
 */
#include "split.h"

#include <ctype.h>
#include <string.h>

struct splitter {
	struct pool *pool;
	const char *at;
	const struct split_var *vars;
	size_t n_vars;
	struct split *out;
	struct split_command *command; /* being read, NULL before its first word */
	char *word;                    /* being read, grows to len */
	size_t len;
	size_t cap;
	bool in_word; /* "" is a word too */
	bool quoted;  /* a quote came before the word's first "=" */
};

static int
split_fail(struct splitter *s, char *why)
{
	s->out->error = why;
	return -1;
}

static void
word_byte(struct splitter *s, char c)
{
	if (s->len + 1 >= s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 64;
		char *word = pool_alloc(s->pool, cap);

		if (s->len)
			memcpy(word, s->word, s->len);
		s->word = word;
		s->cap = cap;
	}
	s->word[s->len++] = c;
	s->in_word = true;
}

static bool
word_has(const struct splitter *s, char c)
{
	return s->len && memchr(s->word, c, s->len);
}

/* NAME=... in front of the program, with NAME written plainly. */
static bool
word_assigns(const struct splitter *s, const char *word)
{
	size_t i = 0;

	if (s->quoted || isdigit((unsigned char)word[0]))
		return false;
	while (isalnum((unsigned char)word[i]) || word[i] == '_')
		i++;
	return i && word[i] == '=';
}

static void
word_end(struct splitter *s)
{
	const char *word;

	if (!s->in_word)
		return;
	word = pool_dup(s->pool, s->len ? s->word : "", s->len);
	if (!s->command) {
		struct split_command *all =
			pool_alloc(s->pool, (s->out->n + 1) * sizeof(*all));

		if (s->out->n)
			memcpy(all, s->out->commands, s->out->n * sizeof(*all));
		s->out->commands = all;
		s->command = &all[s->out->n++];
	}
	if (!s->command->argv.n && word_assigns(s, word))
		words_push(s->pool, &s->command->env, word);
	else
		words_push(s->pool, &s->command->argv, word);
	s->len = 0;
	s->in_word = false;
	s->quoted = false;
}

static int
command_end(struct splitter *s)
{
	word_end(s);
	if (s->command && !s->command->argv.n)
		return split_fail(s, pool_fmt(s->pool,
			"\"%s\" sets a variable for no program: put it in front of a "
			"command, or use the env option", s->command->env.v[0]));
	s->command = NULL;
	return 0;
}

static const char *
var_value(const struct splitter *s, const char *name, size_t len)
{
	for (size_t i = 0; i < s->n_vars; i++)
		if (strlen(s->vars[i].name) == len &&
			memcmp(s->vars[i].name, name, len) == 0)
			return s->vars[i].value;
	return NULL;
}

static char *
var_names(const struct splitter *s)
{
	struct words names = {0};

	for (size_t i = 0; i < s->n_vars; i++)
		words_fmt(s->pool, &names, "$%s", s->vars[i].name);
	return words_join(s->pool, &names, ", ");
}

/* s->at is behind "$". A value is never split again, so blanks in it are safe. */
static int
read_variable(struct splitter *s)
{
	bool braces = *s->at == '{';
	const char *name = s->at + braces;
	const char *value;
	size_t len = 0;

	while (isalnum((unsigned char)name[len]) || name[len] == '_')
		len++;
	if (!len || (braces && name[len] != '}'))
		return split_fail(s, pool_fmt(s->pool,
			"\"$%.10s\" needs a shell, and commands run without one: quote it "
			"with '...' to keep it as it is", s->at));
	s->at = name + len + braces;
	if (!s->vars)
		return s->in_word = true, 0;
	value = var_value(s, name, len);
	if (!value)
		return split_fail(s, pool_fmt(s->pool,
			"$%.*s is not known here: there are %s and the names in env; quote "
			"it with '...' to keep it as it is", (int)len, name, var_names(s)));
	s->in_word = true;
	while (*value)
		word_byte(s, *value++);
	return 0;
}

static int
read_single(struct splitter *s)
{
	const char *end = strchr(s->at, '\'');

	if (!end)
		return split_fail(s, pool_fmt(s->pool, "a ' is never closed"));
	s->in_word = true;
	while (s->at < end)
		word_byte(s, *s->at++);
	s->at++;
	return 0;
}

static int
read_double(struct splitter *s)
{
	s->in_word = true;
	while (*s->at != '"') {
		char c = *s->at++;

		if (!c)
			return split_fail(s, pool_fmt(s->pool, "a \" is never closed"));
		if (c == '`')
			return split_fail(s, pool_fmt(s->pool,
				"` needs a shell, and commands run without one"));
		if (c == '$') {
			if (read_variable(s))
				return -1;
		} else if (c == '\\' && *s->at == '\n') {
			s->at++;
		} else {
			if (c == '\\' && *s->at && strchr("$`\"\\", *s->at))
				c = *s->at++;
			word_byte(s, c);
		}
	}
	s->at++;
	return 0;
}

static void
read_backslash(struct splitter *s)
{
	if (*s->at == '\n')
		s->at++;
	else if (*s->at)
		word_byte(s, *s->at++);
	else
		word_byte(s, '\\');
}

/* One byte outside quotes, and what hangs on it. */
static int
read_plain(struct splitter *s)
{
	char c = *s->at++;

	if (strchr("'\"\\", c) && !word_has(s, '='))
		s->quoted = true;
	if (c == '\'')
		return read_single(s);
	if (c == '"')
		return read_double(s);
	if (c == '\\')
		return read_backslash(s), 0;
	if (c == '$')
		return read_variable(s);
	if (c == '#' && !s->in_word) {
		s->at += strcspn(s->at, "\n");
		return 0;
	}
	if (c == '\n' || c == ';')
		return command_end(s);
	if (c == '&' && *s->at == '&')
		return s->at++, command_end(s);
	if (strchr("&|<>()`*?", c))
		return split_fail(s, pool_fmt(s->pool,
			"%c needs a shell, and commands run without one: quote it with "
			"'...' to keep it as it is", c));
	if (isspace((unsigned char)c))
		return word_end(s), 0;
	word_byte(s, c);
	return 0;
}

int
split_text(struct pool *pool, const char *text, const struct split_var *vars,
	size_t n_vars, struct split *out)
{
	struct splitter s = {
		.pool = pool, .at = text, .vars = vars, .n_vars = n_vars, .out = out};

	memset(out, 0, sizeof(*out));
	while (*s.at)
		if (read_plain(&s))
			return -1;
	return command_end(&s);
}
