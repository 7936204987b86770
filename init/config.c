/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Turns init.ini into struct config: sections, what they must hold, and the
 * environment that each application gets in the end.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "console.h"
#include "file.h"
#include "ini.h"
#include "keys.h"
#include "line.h"

/* What restart, on_exit and type say together. */
static int
restart_finish(struct parser *p, struct app *a)
{
	if (a->on_exit == THEN_RESTART && key_seen(p, "restart"))
		return parser_bad(p, "restart stands beside on_exit = restart: ", a->name);
	if (a->task && key_seen(p, "ready"))
		return parser_bad(p, "a task is ready when it has ended: ", a->name);
	if (a->task && a->restart == RESTART_ALWAYS)
		return parser_bad(p, "a task that is always restarted: ", a->name);
	if (a->on_exit == THEN_RESTART) {
		a->restart = a->task ? RESTART_ON_FAILURE : RESTART_ALWAYS;
		a->on_exit = THEN_POWEROFF;
	}
	if (a->task)
		a->ready = READY_TASK;
	/* Nobody knows how long first data take to be made. */
	if (a->task && !key_seen(p, "ready_ms"))
		a->ready_ms = 0;
	return 0;
}

/* With a comma behind each, as mount(2) gets them at most. */
static size_t
options_size(const struct volume *v)
{
	size_t size = 0;

	for (char **o = v->options; o && *o; o++)
		size += strlen(*o) + 1;
	return size;
}

/* What a section must hold; asked when it ends. */
static int
section_end(struct parser *p)
{
	if (p->section == IN_NETWORK) {
		struct net *n = p->target;

		if (!n->interface)
			return parser_bad(
				p, "the section before has no interface: ", "network");
		if ((n->gateway || n->netmask) && !n->address)
			return parser_bad(
				p, "the section before has no address: ", "network");
	}
	if (p->section == IN_MOUNT) {
		struct volume *v = p->target;

		if (!v->path || !v->type || !v->source)
			return parser_bad(p, "the section before needs path, type and source: ",
				"mount");
		if (v->mkfs && (!v->mkfs[0] || v->mkfs[0][0] != '/'))
			return parser_bad(
				p, "mkfs does not begin with an absolute path: ", v->path);
		v->owned = (unsigned)(key_seen(p, "uid") || key_seen(p, "gid"));
		if (options_size(v) > LINE_MAX_TEXT)
			return parser_bad(p, "options longer than init can keep: ", v->path);
	}
	if (p->section == IN_APP) {
		struct app *a = p->target;

		if (!a->argv || !a->argv[0] || a->argv[0][0] != '/')
			return parser_bad(p,
				"argv does not begin with an absolute path: ", a->name);
		if (a->stop_signal == 0)
			return parser_bad(p, "stop_signal is 0: ", a->name);
		return restart_finish(p, a);
	}
	return 0;
}

static int
app_begin(struct parser *p, const char *name)
{
	struct config *c = p->config;

	for (unsigned i = 0; i < c->app_count; i++)
		if (strcmp(c->apps[i].name, name) == 0)
			return parser_bad(p, "two applications of one name: ", name);
	if (c->app_count == CONFIG_APPS)
		return parser_bad(p, "more applications than init can keep: ", name);
	p->target = &c->apps[c->app_count++];
	*(struct app *)p->target =
		(struct app){.name = name, .dir = "/", .stop_signal = 15, .ready_ms = 30000};
	return 0;
}

static int
volume_begin(struct parser *p)
{
	struct config *c = p->config;

	if (c->volume_count == CONFIG_VOLUMES)
		return parser_bad(p, "more sections than init can keep: ", "mount");
	p->target = &c->volumes[c->volume_count++];
	*(struct volume *)p->target = (struct volume){0};
	return 0;
}

static int
section_begin(struct parser *p, const struct ini_item *item)
{
	static const char *const names[] = {
		NULL, "init", "network", "mount", "app"};
	unsigned s = IN_INIT;
	int many;

	if (section_end(p) != 0)
		return -1;
	while (s <= IN_APP && strcmp(item->name, names[s]) != 0)
		s++;
	if (s > IN_APP)
		return parser_bad(p, "unknown section: ", item->name);
	many = s >= IN_MOUNT;
	if (many != (item->label != NULL))
		return parser_bad(p, many ? "no name follows: " : "no name may follow: ",
			item->name);
	if (!many && (p->sections & 1u << s))
		return parser_bad(p, "a section that was there before: ", item->name);
	p->section = (enum section)s;
	p->sections |= 1u << s;
	p->seen = 0;
	if (s == IN_APP)
		return app_begin(p, item->label);
	if (s == IN_MOUNT)
		return volume_begin(p);
	p->target = s == IN_NETWORK ? (void *)&p->config->net : (void *)p->config;
	return 0;
}

/* Whether NAME=... has the same name as other. */
static int
same_name(const char *a, const char *b)
{
	while (*a == *b && *a != '=' && *a != '\0')
		a++, b++;
	return *a == '=' && *b == '=';
}

/* Appends those of more whose name is not there yet. */
static size_t
env_add(char **list, size_t n, size_t max, char **more)
{
	for (; more && *more && n < max; more++) {
		size_t i = 0;

		while (i < n && !same_name(list[i], *more))
			i++;
		if (i == n)
			list[n++] = *more;
	}
	return n;
}

char config_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* The application's own variables win over [init] env, and those over the rest. */
static int
env_finish(struct parser *p, struct app *app)
{
	static char root_home[] = "HOME=/root", home[] = "HOME=/";
	char *rest[] = {config_path, app->uid == 0 ? root_home : home, p->config->term, NULL};
	size_t max, n;
	char **list = words_room(&max);

	n = env_add(list, 0, max, app->env);
	n = env_add(list, n, max, p->config->env);
	n = env_add(list, n, max, rest);
	app->env = words_keep(list, n);
	return app->env ? 0
			: parser_bad(p, "more variables than init can keep: ", app->name);
}

/* after as bits, and whether each can have its turn. */
static int
order_finish(struct parser *p)
{
	struct config *c = p->config;
	uint32_t turns = 0, before, needed = 0;

	for (unsigned i = 0; i < c->app_count; i++) {
		for (char **name = c->apps[i].after; name && *name; name++) {
			unsigned k = 0;

			while (k < c->app_count && strcmp(c->apps[k].name, *name) != 0)
				k++;
			if (k == c->app_count)
				return parser_bad(p, "after names no application: ", *name);
			c->apps[i].needs |= 1u << k;
		}
		needed |= c->apps[i].needs;
	}
	if (needed == 0)
		return 0;
	do {
		before = turns;
		for (unsigned i = 0; i < c->app_count; i++) {
			if (turns & 1u << i || (c->apps[i].needs & ~turns) != 0)
				continue;
			turns |= 1u << i;
			for (unsigned k = 0; k < c->app_count; k++)
				if (c->apps[i].needs & 1u << k)
					c->apps[i].needs |= c->apps[k].needs;
		}
	} while (turns != before);
	for (unsigned i = 0; i < c->app_count; i++)
		if (!(turns & 1u << i))
			return parser_bad(p, "after leads in a circle: ", c->apps[i].name);
	return 0;
}

void
config_add_helper(struct config *c)
{
	static char program[] = CONFIG_HELPER, file[] = CONFIG_NETWORK, folder[] = "/run";
	static char level[] = "0";
	static char *argv[] = {program, file, folder, level, NULL}, *env[] = {NULL, NULL, NULL};
	struct app *helper = &c->apps[c->app_count];

	for (unsigned i = 0; i < c->app_count; i++)
		c->apps[i].needs |= 1u << c->app_count;
	/* The recipe's is in its file too, but not what the kernel's command line says. */
	level[0] = (char)('0' + c->log);
	env[0] = config_path;
	env[1] = c->term;
	*helper = (struct app){.name = "network",
		.argv = argv,
		.env = env,
		.dir = "/",
		.ready = READY_NETWORK,
		.ready_ms = c->network_wait_ms};
	c->app_count++;
}

void
config_init(struct config *c, char *term)
{
	c->term = term;
	c->grace_ms = 5000;
	c->network_wait_ms = 10000;
	c->log = LOG_WARN;
	words_forget();
}

int
config_parse(
	struct config *c, char *text, size_t size, const char *path, struct line *why)
{
	struct parser p = {.config = c};
	struct ini_item item;
	struct ini ini;
	int failed = 0;

	ini_init(&ini, text, size);
	while (!failed && ini_next(&ini, &item) != INI_END) {
		if (item.kind == INI_BAD)
			failed = parser_bad(&p, item.error, NULL);
		else if (item.kind == INI_SECTION)
			failed = section_begin(&p, &item);
		else
			failed = key_set(&p, &item);
	}
	failed = failed || section_end(&p);
	for (unsigned i = 0; !failed && i < c->app_count; i++)
		failed = env_finish(&p, &c->apps[i]);
	failed = failed || order_finish(&p);
	if (!failed)
		return 0;
	line_fmt(why, "%s:%u: %s%s", path, ini.line, p.error, p.detail ? p.detail : "");
	return EINVAL;
}

int
config_read(struct config *c, const char *path, struct line *why)
{
	static char text[CONFIG_BYTES + 1];
	ssize_t size = file_read(path, text, sizeof(text));
	int error = errno;

	if (size >= 0)
		return config_parse(c, text, (size_t)size, path, why);
	line_fmt(why, "%s: %s", path, strerror(error));
	return error;
}
