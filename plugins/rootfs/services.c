/* SPDX-License-Identifier: GPL-3.0-only */
/* What applications are to each other: tasks, order, readiness, restarts, groups. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "text.h"
#include "words.h"

#define GROUPS_MAX 16 /* as many as init has room for */
#define MS_MAX 3600000

/* The words of a map's entry. 0, none if there is no entry; -1 and told. */
static int
entry_words(struct msmv_stage *s, const char *option, const char *app, struct words *w)
{
	const char *text = map_get(s, option, app), *error = NULL;

	*w = (struct words){0};
	if (!text || words_parse(w, text, &error) == 0)
		return 0;
	return problem_at(s, option, app, NULL, "%s of %s: \"%s\": %s",
		option + strlen("app_"), app, text, error);
}

static void
add_words(struct text *t, const char *key, const struct words *w)
{
	if (w->count == 0)
		return;
	text_fmt(t, "%s =", key);
	for (size_t i = 0; i < w->count; i++) {
		text_str(t, " ");
		word_quote(t, w->items[i]);
	}
	text_str(t, "\n");
}

static int
is_one_of(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(text, *names) == 0)
			return 1;
	return 0;
}

static int
app_type(struct msmv_stage *s, struct text *t, const char *app)
{
	static const char *const names[] = {"service", "task", NULL};
	const char *type = map_get(s, "app_type", app);

	if (type && !is_one_of(type, names))
		return problem_at(s, "app_type", app, NULL,
			"type of %s: \"%s\" is neither service nor task", app, type);
	if (type)
		text_fmt(t, "type = %s\n", type);
	if (type && strcmp(type, "task") == 0 && map_get(s, "app_ready", app))
		return problem_at(s, "app_ready", app, "leave ready out",
			"ready of %s: a task is ready when it has ended with 0", app);
	return 0;
}

static int
app_restart(struct msmv_stage *s, struct text *t, const char *app)
{
	static const char *const names[] = {"never", "on-failure", "always", NULL};
	const char *restart = map_get(s, "app_restart", app);
	const char *on_exit = map_get(s, "app_on_exit", app);
	const char *type = map_get(s, "app_type", app);

	if (!restart)
		return 0;
	if (!is_one_of(restart, names))
		return problem_at(s, "app_restart", app, NULL,
			"restart of %s: \"%s\" is none of never, on-failure, always", app,
			restart);
	if (on_exit && strcmp(on_exit, "restart") == 0)
		return problem_at(s, "app_restart", app, "leave one of them out",
			"restart of %s stands beside on_exit = \"restart\"", app);
	if (type && strcmp(type, "task") == 0 && strcmp(restart, "always") == 0)
		return problem_at(s, "app_restart", app, "on-failure tries again",
			"restart of %s: a task that has ended with 0 is done", app);
	text_fmt(t, "restart = %s\n", restart);
	return 0;
}

static int
ready_is_right(const struct words *w)
{
	const char *kind = w->count > 0 ? w->items[0] : "";
	const char *what = w->count == 2 ? w->items[1] : "";
	char *end = NULL;
	long port;

	if (strcmp(kind, "started") == 0)
		return w->count == 1;
	if (strcmp(kind, "line") == 0)
		return *what != '\0';
	if (strcmp(kind, "file") == 0)
		return guest_path_is_right(what);
	if (strcmp(kind, "tcp") != 0 || *what < '0' || *what > '9')
		return 0;
	port = strtol(what, &end, 10);
	return port > 0 && port <= 65535 && *end == '\0';
}

static int
app_ready(struct msmv_stage *s, struct text *t, const char *app)
{
	struct words w;
	int bad = entry_words(s, "app_ready", app, &w);

	if (!bad && map_get(s, "app_ready", app) && !ready_is_right(&w))
		bad = problem_at(s, "app_ready", app,
			"write started, line \"TEXT\", tcp PORT or file PATH",
			"ready of %s: \"%s\" is none that init knows", app,
			map_get(s, "app_ready", app));
	if (!bad)
		add_words(t, "ready", &w);
	words_release(&w);
	return bad;
}

static int
app_ready_ms(struct msmv_stage *s, struct text *t, const char *app)
{
	const char *text = map_get(s, "app_ready_ms", app);
	char *end = NULL;
	long ms = text && *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;

	if (!text)
		return 0;
	if (ms < 0 || ms > MS_MAX || *end != '\0')
		return problem_at(s, "app_ready_ms", app, NULL,
			"ready_ms of %s: \"%s\" is not a number of milliseconds up to %d", app,
			text, MS_MAX);
	text_fmt(t, "ready_ms = %ld\n", ms);
	return 0;
}

static int
app_groups(struct msmv_stage *s, struct text *t, const char *app)
{
	struct words w;
	int bad = entry_words(s, "app_groups", app, &w);

	if (w.count > GROUPS_MAX)
		bad = problem_at(s, "app_groups", app, NULL,
			"groups of %s: %zu, and init has room for %d", app, w.count, GROUPS_MAX);
	if (w.count > 0)
		text_str(t, "groups =");
	for (size_t i = 0; i < w.count; i++) {
		unsigned gid;

		bad |= group_find(s, "app_groups", app, w.items[i], &gid);
		text_fmt(t, " %u", gid);
	}
	if (w.count > 0)
		text_str(t, "\n");
	words_release(&w);
	return bad;
}

static int
app_environment(struct msmv_stage *s, struct text *t, const char *app)
{
	struct words w;
	int bad = entry_words(s, "app_environment", app, &w);

	for (size_t i = 0; i < w.count; i++)
		if (w.items[i][0] == '=' || !strchr(w.items[i], '='))
			bad = problem_at(s, "app_environment", app,
				"write environment = { NAME = \"VALUE\" }",
				"environment of %s: \"%s\" is not NAME=VALUE", app, w.items[i]);
	add_words(t, "env", &w);
	words_release(&w);
	return bad;
}

static int
app_after(struct msmv_stage *s, struct text *t, const char *app)
{
	struct words w;
	int bad = entry_words(s, "app_after", app, &w);

	for (size_t i = 0; i < w.count; i++)
		if (!map_get(s, "app", w.items[i]))
			bad = problem_at(s, "app_after", app,
				"it is one with output_executable_path",
				"after of %s: there is no application \"%s\" that init starts",
				app, w.items[i]);
	add_words(t, "after", &w);
	words_release(&w);
	return bad;
}

int
ini_service(struct msmv_stage *s, struct text *t, const char *app)
{
	int bad = app_environment(s, t, app);

	bad |= app_groups(s, t, app);
	bad |= app_type(s, t, app);
	bad |= app_after(s, t, app);
	bad |= app_ready(s, t, app);
	bad |= app_ready_ms(s, t, app);
	bad |= app_restart(s, t, app);
	return bad;
}

/* Whether all that it is after have their turn. */
static int
has_turn(struct msmv_stage *s, const char *app, const unsigned char *turns)
{
	const char *text = map_get(s, "app_after", app), *error = NULL;
	size_t n = s->host->option_count(s, "app");
	struct words w = {0};
	int all = 1;

	if (text && words_parse(&w, text, &error) != 0)
		return 1;
	for (size_t i = 0; i < w.count; i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(s->host->option_key(s, "app", k), w.items[i]) == 0 && !turns[k])
				all = 0;
	words_release(&w);
	return all;
}

int
services_order(struct msmv_stage *s)
{
	size_t n = s->host->option_count(s, "app"), before, now = 0;
	unsigned char *turns = calloc(n + 1, 1);
	int bad = 0;

	if (!turns)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "out of memory");
	do {
		before = now;
		for (size_t i = 0; i < n; i++)
			if (!turns[i] && has_turn(s, s->host->option_key(s, "app", i), turns)) {
				turns[i] = 1;
				now++;
			}
	} while (now != before);
	for (size_t i = 0; i < n && !bad; i++)
		if (!turns[i])
			bad = problem_at(s, "app_after", s->host->option_key(s, "app", i), NULL,
				"after of %s leads in a circle",
				s->host->option_key(s, "app", i));
	free(turns);
	return bad;
}
