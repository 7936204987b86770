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
	unsigned max; /* of a number */
	const char *name;
	int (*set)(struct parser *, const struct key *, void *field, char **words,
		int count);
	size_t offset;
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
words_room(size_t *max)
{
	*max = CONFIG_WORDS - words_used;
	return &words[words_used];
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
	{IN_INIT, 0, "hostname", set_text, INIT(hostname), NULL},
	{IN_INIT, 0, "env", set_pairs, INIT(env), NULL},
	{IN_INIT, 0, "sysctl", set_pairs, INIT(sysctl), NULL},
	{IN_INIT, 0, "seed", set_path, INIT(seed), NULL},
	{IN_INIT, 3600000, "grace_ms", set_number, INIT(grace_ms), NULL},
	{IN_INIT, 3600000, "network_wait_ms", set_number, INIT(network_wait_ms), NULL},
	{IN_INIT, 0, "log", set_choice, INIT(log), log_names},
	{IN_INIT, 0, "halt", set_choice, INIT(halt), halt_names},
	{IN_NETWORK, 0, "interface", set_text, NET(interface), NULL},
	{IN_NETWORK, 0, "address", set_ipv4, NET(address), NULL},
	{IN_NETWORK, 0, "netmask", set_ipv4, NET(netmask), NULL},
	{IN_NETWORK, 0, "gateway", set_ipv4, NET(gateway), NULL},
	{IN_NETWORK, 0, "dns", set_list, NET(dns), NULL},
	{IN_MOUNT, 0, "path", set_path, MOUNT(path), NULL},
	{IN_MOUNT, 0, "type", set_text, MOUNT(type), NULL},
	{IN_MOUNT, 0, "source", set_text, MOUNT(source), NULL},
	{IN_MOUNT, 0, "options", set_list, MOUNT(options), NULL},
	{IN_MOUNT, 0, "mkfs", set_list, MOUNT(mkfs), NULL},
	{IN_MOUNT, 0xfffffffe, "uid", set_number, MOUNT(uid), NULL},
	{IN_MOUNT, 0xfffffffe, "gid", set_number, MOUNT(gid), NULL},
	{IN_APP, 0, "argv", set_list, APP(argv), NULL},
	{IN_APP, 0, "env", set_pairs, APP(env), NULL},
	{IN_APP, 0, "dir", set_path, APP(dir), NULL},
	{IN_APP, 0xfffffffe, "uid", set_number, APP(uid), NULL},
	{IN_APP, 0xfffffffe, "gid", set_number, APP(gid), NULL},
	{IN_APP, 0xfffffffe, "groups", set_groups, APP(groups), NULL},
	{IN_APP, 0, "type", set_choice, APP(task), type_names},
	{IN_APP, 0, "after", set_list, APP(after), NULL},
	{IN_APP, 0, "ready", set_ready, APP(ready), NULL},
	{IN_APP, 3600000, "ready_ms", set_number, APP(ready_ms), NULL},
	{IN_APP, 0, "restart", set_choice, APP(restart), restart_names},
	{IN_APP, 0, "on_exit", set_choice, APP(on_exit), then_names},
	{IN_APP, 31, "stop_signal", set_number, APP(stop_signal), NULL},
	{IN_APP, 0, "tty", set_choice, APP(tty), yes_names},
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
	const char *error = NULL;
	unsigned i = 0;
	char **list;
	size_t max;
	int count;

	while (i < KEY_COUNT &&
		(keys[i].section != p->section || strcmp(keys[i].name, item->name) != 0))
		i++;
	if (i == KEY_COUNT || !p->target)
		return parser_bad(p, "unknown key: ", item->name);
	if (p->seen & UINT64_C(1) << i)
		return parser_bad(p, "a key that was there before: ", item->name);
	p->seen |= UINT64_C(1) << i;
	list = words_room(&max);
	count = words_split(item->value, list, max, &error);
	if (error == words_too_many)
		return parser_bad(p, "more words than init can keep: ", item->name);
	if (count < 0)
		return parser_bad(p, error, NULL);
	return keys[i].set(p, &keys[i], (char *)p->target + keys[i].offset, list, count);
}
