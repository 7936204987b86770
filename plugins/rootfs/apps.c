/* SPDX-License-Identifier: GPL-3.0-only */
/* The applications' part of init.ini: what to start, as whom, and what its end means. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "text.h"
#include "words.h"

#define APPS_MAX 16 /* as many as init has room for */

static const char *const app_maps[] = {
	"app_dir", "app_user", "app_on_exit", "app_stop_signal", "app_type", "app_after",
	"app_ready", "app_ready_ms", "app_restart", "app_groups", "app_environment"};

static const char *const on_exit_names[] = {"poweroff", "reboot", "restart", "none"};

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"HUP", 1},
	{"INT", 2},
	{"QUIT", 3},
	{"USR1", 10},
	{"USR2", 12},
	{"TERM", 15},
	{"WINCH", 28},
};

static int
app_name_is_right(const char *s)
{
	size_t n = strspn(
		s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return n > 0 && s[n] == '\0';
}

static int
app_command(struct msmv_stage *s, struct text *t, const char *app, const char *line)
{
	const char *error = NULL;
	struct words w;

	if (words_parse(&w, line, &error) != 0)
		return problem_at(s, "app", app, NULL, "the command of %s, \"%s\": %s", app,
			line, error);
	if (w.count == 0 || w.items[0][0] != '/') {
		words_release(&w);
		return problem_at(s, "app", app, NULL,
			"the command of %s, \"%s\", does not begin with the program's "
			"path in the guest, such as /usr/bin/%s", app, line, app);
	}
	text_str(t, "argv =");
	for (size_t i = 0; i < w.count; i++) {
		text_str(t, " ");
		word_quote(t, w.items[i]);
	}
	text_str(t, "\n");
	words_release(&w);
	return 0;
}

static int
app_user(struct msmv_stage *s, struct text *t, const char *app)
{
	unsigned uid, gid;

	if (!map_get(s, "app_user", app))
		return 0;
	if (account_find(s, "app_user", app, &uid, &gid) != 0)
		return -1;
	text_fmt(t, "uid = %u\ngid = %u\n", uid, gid);
	return 0;
}

static int
app_dir(struct msmv_stage *s, struct text *t, const char *app)
{
	const char *dir = map_get(s, "app_dir", app);

	if (!dir)
		return 0;
	if (dir[0] != '/')
		return problem_at(s, "app_dir", app, NULL,
			"dir of %s: \"%s\" is not an absolute path", app, dir);
	text_str(t, "dir = ");
	word_quote(t, dir);
	text_str(t, "\n");
	return 0;
}

static int
app_on_exit(struct msmv_stage *s, struct text *t, const char *app)
{
	const char *what = map_get(s, "app_on_exit", app);

	for (size_t i = 0; what && i < sizeof(on_exit_names) / sizeof(on_exit_names[0]);
		i++) {
		if (strcmp(what, on_exit_names[i]) == 0) {
			text_fmt(t, "on_exit = %s\n", what);
			return 0;
		}
	}
	return !what ? 0
		     : problem_at(s, "app_on_exit", app, NULL,
			       "on_exit of %s: \"%s\" is none of poweroff, reboot, restart, "
			       "none", app, what);
}

static int
app_stop_signal(struct msmv_stage *s, struct text *t, const char *app)
{
	const char *name = map_get(s, "app_stop_signal", app);
	const char *bare = name && strncmp(name, "SIG", 3) == 0 ? name + 3 : name;

	for (size_t i = 0; name && i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (strcmp(bare, signals[i].name) == 0) {
			text_fmt(t, "stop_signal = %d\n", signals[i].number);
			return 0;
		}
	}
	return !name ? 0
		     : problem_at(s, "app_stop_signal", app, NULL,
			       "stop_signal of %s: \"%s\" is none of HUP INT QUIT USR1 USR2 "
			       "TERM WINCH", app, name);
}

/* Whose terminal the console is: by itself that of the only application. */
static int
app_has_tty(struct msmv_stage *s, const char *app)
{
	const char *owner = s->host->option(s, "tty");

	return owner ? strcmp(owner, app) == 0 : s->host->option_count(s, "app") == 1;
}

static int
app_write(struct msmv_stage *s, struct text *t, size_t i)
{
	const char *app = s->host->option_key(s, "app", i);
	int bad = 0;

	if (!app_name_is_right(app))
		bad = problem_at(s, "app", app, "use letters, digits, _ . -",
			"app: \"%s\" is no name for an application", app);
	text_fmt(t, "\n[app %s]\n", app);
	bad |= app_command(s, t, app, s->host->option_at(s, "app", i));
	bad |= app_dir(s, t, app);
	bad |= app_user(s, t, app);
	bad |= ini_service(s, t, app);
	bad |= app_on_exit(s, t, app);
	bad |= app_stop_signal(s, t, app);
	if (app_has_tty(s, app))
		text_str(t, "tty = yes\n");
	return bad;
}

int
ini_apps(struct msmv_stage *s, struct text *t)
{
	const char *tty = s->host->option(s, "tty");
	size_t n = s->host->option_count(s, "app");
	int bad = 0;

	if (n > APPS_MAX)
		bad = problem_at(s, "app", NULL, NULL,
			"%zu applications to start, and init has room for %d", n, APPS_MAX);
	for (size_t i = 0; i < sizeof(app_maps) / sizeof(app_maps[0]); i++)
		bad |= map_keys_are_apps(s, app_maps[i]);
	if (tty && strcmp(tty, "none") != 0 && !map_get(s, "app", tty))
		bad = problem_at(s, "tty", NULL, NULL,
			"tty: there is no application \"%s\" that init starts", tty);
	for (size_t i = 0; i < n; i++)
		bad |= app_write(s, t, i);
	bad |= services_order(s);
	return bad;
}
