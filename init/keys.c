/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The keys of init.ini: one table row each, one setter per type of value. The
 * words of all lists share one static array, so nothing is allocated.
 */
#include "keys.h"

#include <stddef.h>
#include <string.h>

#include "config.h"
#include "ini.h"

struct key {
	enum section section;
	const char *name;
	int (*set)(struct parser *, const struct key *, void *field, char **words,
		int count);
	size_t offset;
	unsigned max;               /* of a number */
	const char *const *choices; /* NULL-terminated; the value is the index */
};

const char *const then_names[] = {"poweroff", "reboot", "restart", "none", NULL};
const char *const halt_names[] = {"auto", "poweroff", "reboot", "halt", NULL};
static const char *const log_names[] = {"error", "warn", "info", "debug", NULL};
static const char *const yes_names[] = {"no", "yes", NULL};
static const char *const type_names[] = {"service", "task", NULL};
static const char *const restart_names[] = {"never", "on-failure", "always", NULL};
/* Of enum ready; the rest has no name. */
static const char *const ready_names[] = {"started", "line", "tcp", "file", NULL};

static char *words[CONFIG_WORDS];
static size_t words_used;

void
words_forget(void)
{
	words_used = 0;
}

int
parser_bad(struct parser *p, const char *error, const char *detail)
{
	p->error = error;
	p->detail = detail;
	return -1;
}

char **
words_keep(char **from, size_t count)
{
	char **list = &words[words_used];

	if (words_used + count + 1 > CONFIG_WORDS)
		return NULL;
	if (count > 0)
		memmove(list, from, count * sizeof(*list));
	list[count] = NULL;
	words_used += count + 1;
	return list;
}

static int
set_text(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	if (count != 1 || w[0][0] == '\0')
		return parser_bad(p, "not one word: ", key->name);
	*(const char **)field = w[0];
	return 0;
}

static int
set_list(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	char **list = words_keep(w, (size_t)count);

	if (!list)
		return parser_bad(p, "more words than init can keep: ", key->name);
	*(char ***)field = list;
	return 0;
}

static int
set_path(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	if (count != 1 || w[0][0] != '/')
		return parser_bad(p, "not an absolute path: ", key->name);
	*(const char **)field = w[0];
	return 0;
}

/* NAME=VALUE each. */
static int
set_pairs(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	for (int i = 0; i < count; i++)
		if (w[i][0] == '=' || !strchr(w[i], '='))
			return parser_bad(p, "not NAME=VALUE: ", w[i]);
	return set_list(p, key, field, w, count);
}

static int
number_of(const char *text, unsigned max, unsigned *value)
{
	uint64_t n = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			return -1;
		n = n * 10 + (unsigned)(*c - '0');
		if (n > max)
			return -1;
	}
	*value = (unsigned)n;
	return text[0] == '\0' ? -1 : 0;
}

static int
set_number(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	if (count != 1 || number_of(w[0], key->max, field) != 0)
		return parser_bad(p, "not a number in its range: ", key->name);
	return 0;
}

static int
set_choice(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	for (unsigned i = 0; count == 1 && key->choices[i]; i++) {
		if (strcmp(w[0], key->choices[i]) == 0) {
			*(unsigned *)field = i;
			return 0;
		}
	}
	return parser_bad(p, "not one of its choices: ", key->name);
}

/* "started", "line TEXT", "tcp PORT" or "file PATH". */
static int
set_ready(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	struct app *app = p->target;
	unsigned kind = 0;

	(void)field;
	while (count > 0 && ready_names[kind] && strcmp(w[0], ready_names[kind]) != 0)
		kind++;
	if (count == 0 || !ready_names[kind])
		return parser_bad(p, "not one of its choices: ", key->name);
	if (count != (kind == READY_STARTED ? 1 : 2) || (count == 2 && w[1][0] == '\0'))
		return parser_bad(p, "not one word after its kind: ", key->name);
	if (kind == READY_TCP && (number_of(w[1], 65535, &app->ready_port) != 0 ||
					 app->ready_port == 0))
		return parser_bad(p, "not a TCP port: ", w[1]);
	if (kind == READY_FILE && w[1][0] != '/')
		return parser_bad(p, "not an absolute path: ", w[1]);
	app->ready = kind;
	app->ready_text = kind == READY_LINE || kind == READY_FILE ? w[1] : NULL;
	return 0;
}

static int
set_groups(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	struct app *app = p->target;

	(void)field;
	if (count > CONFIG_GROUPS)
		return parser_bad(p, "more groups than init can keep: ", app->name);
	for (int i = 0; i < count; i++)
		if (number_of(w[i], key->max, &app->groups[i]) != 0)
			return parser_bad(p, "not a number in its range: ", key->name);
	app->group_count = (unsigned)count;
	return 0;
}

/* Dotted IPv4, four decimal parts. */
static int
set_ipv4(struct parser *p, const struct key *key, void *field, char **w, int count)
{
	unsigned char bytes[4];
	char *part = count == 1 ? w[0] : NULL;

	for (int i = 0; i < 4 && part; i++) {
		char *dot = strchr(part, '.');
		unsigned value;

		if ((dot == NULL) != (i == 3))
			return parser_bad(p, "not an IPv4 address: ", key->name);
		if (dot)
			*dot = '\0';
		if (number_of(part, 255, &value) != 0)
			return parser_bad(p, "not an IPv4 address: ", key->name);
		bytes[i] = (unsigned char)value;
		part = dot ? dot + 1 : part;
	}
	if (!part)
		return parser_bad(p, "not an IPv4 address: ", key->name);
	memcpy(field, bytes, sizeof(bytes));
	return 0;
}

#define INIT(field) offsetof(struct config, field)
#define NET(field) offsetof(struct net, field)
#define MOUNT(field) offsetof(struct volume, field)
#define APP(field) offsetof(struct app, field)

static const struct key keys[] = {
	{IN_INIT, "hostname", set_text, INIT(hostname), 0, NULL},
	{IN_INIT, "env", set_pairs, INIT(env), 0, NULL},
	{IN_INIT, "sysctl", set_pairs, INIT(sysctl), 0, NULL},
	{IN_INIT, "seed", set_path, INIT(seed), 0, NULL},
	{IN_INIT, "grace_ms", set_number, INIT(grace_ms), 3600000, NULL},
	{IN_INIT, "network_wait_ms", set_number, INIT(network_wait_ms), 3600000, NULL},
	{IN_INIT, "log", set_choice, INIT(log), 0, log_names},
	{IN_INIT, "halt", set_choice, INIT(halt), 0, halt_names},
	{IN_NETWORK, "interface", set_text, NET(interface), 0, NULL},
	{IN_NETWORK, "address", set_ipv4, NET(address), 0, NULL},
	{IN_NETWORK, "netmask", set_ipv4, NET(netmask), 0, NULL},
	{IN_NETWORK, "gateway", set_ipv4, NET(gateway), 0, NULL},
	{IN_NETWORK, "dns", set_list, NET(dns), 0, NULL},
	{IN_MOUNT, "path", set_path, MOUNT(path), 0, NULL},
	{IN_MOUNT, "type", set_text, MOUNT(type), 0, NULL},
	{IN_MOUNT, "source", set_text, MOUNT(source), 0, NULL},
	{IN_MOUNT, "options", set_list, MOUNT(options), 0, NULL},
	{IN_MOUNT, "mkfs", set_list, MOUNT(mkfs), 0, NULL},
	{IN_MOUNT, "uid", set_number, MOUNT(uid), 0xfffffffe, NULL},
	{IN_MOUNT, "gid", set_number, MOUNT(gid), 0xfffffffe, NULL},
	{IN_APP, "argv", set_list, APP(argv), 0, NULL},
	{IN_APP, "env", set_pairs, APP(env), 0, NULL},
	{IN_APP, "dir", set_path, APP(dir), 0, NULL},
	{IN_APP, "uid", set_number, APP(uid), 0xfffffffe, NULL},
	{IN_APP, "gid", set_number, APP(gid), 0xfffffffe, NULL},
	{IN_APP, "groups", set_groups, APP(groups), 0xfffffffe, NULL},
	{IN_APP, "type", set_choice, APP(task), 0, type_names},
	{IN_APP, "after", set_list, APP(after), 0, NULL},
	{IN_APP, "ready", set_ready, APP(ready), 0, NULL},
	{IN_APP, "ready_ms", set_number, APP(ready_ms), 3600000, NULL},
	{IN_APP, "restart", set_choice, APP(restart), 0, restart_names},
	{IN_APP, "on_exit", set_choice, APP(on_exit), 0, then_names},
	{IN_APP, "stop_signal", set_number, APP(stop_signal), 31, NULL},
	{IN_APP, "tty", set_choice, APP(tty), 0, yes_names},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

_Static_assert(KEY_COUNT <= 64, "a bit of parser.seen for each");

int
key_seen(const struct parser *p, const char *name)
{
	for (unsigned i = 0; i < KEY_COUNT; i++)
		if (keys[i].section == p->section && strcmp(keys[i].name, name) == 0)
			return (p->seen & UINT64_C(1) << i) != 0;
	return 0;
}

int
key_set(struct parser *p, const struct ini_item *item)
{
	static char *list[CONFIG_WORDS];
	const char *error = NULL;
	unsigned i = 0;
	int count;

	while (i < KEY_COUNT &&
		(keys[i].section != p->section || strcmp(keys[i].name, item->name) != 0))
		i++;
	if (i == KEY_COUNT || !p->target)
		return parser_bad(p, "unknown key: ", item->name);
	if (p->seen & UINT64_C(1) << i)
		return parser_bad(p, "a key that was there before: ", item->name);
	p->seen |= UINT64_C(1) << i;
	count = words_split(item->value, list, CONFIG_WORDS, &error);
	if (count < 0)
		return parser_bad(p, error, NULL);
	return keys[i].set(p, &keys[i], (char *)p->target + keys[i].offset, list, count);
}
