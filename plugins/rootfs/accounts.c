/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Who there is in the guest. root is locked: there is no password that fits,
 * so a login program that finds its way into an image lets nobody in.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../problem/problem.h"
#include "text.h"

#define ID_MAX 4294967294u /* -1 means "leave as it is" to chown */
#define NAME_BYTES 32

struct account {
	char name[NAME_BYTES + 1];
	unsigned uid, gid;
	const char *home, *shell; /* reach to the next ':' or the end */
	size_t home_len, shell_len;
};

static const struct {
	const char *name, *home, *shell;
	unsigned id;
} built_in[] = {
	{"root", "/root", "/bin/sh", 0},
	{"nobody", "/", "/bin/false", 65534},
};

static const struct {
	const char *name;
	unsigned id;
} groups[] = {{"root", 0}, {"tty", 5}, {"nogroup", 65534}};

#define BUILT_IN (sizeof(built_in) / sizeof(built_in[0]))
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* Reads a decimal id and moves *at behind it; -1 if there is none. */
static int
id_read(const char **at, unsigned *id)
{
	const char *c = *at;
	unsigned long long n = 0;

	while (*c >= '0' && *c <= '9' && n <= ID_MAX)
		n = n * 10 + (unsigned)(*c++ - '0');
	if (c == *at || n > ID_MAX || (*c != ':' && *c != '\0'))
		return -1;
	*at = c;
	*id = (unsigned)n;
	return 0;
}

/* A field behind ':', if there is one that is not empty. */
static void
field_read(const char **at, const char **field, size_t *len)
{
	size_t n;

	if (**at != ':')
		return;
	n = strcspn(*at + 1, ":");
	if (n > 0) {
		*field = *at + 1;
		*len = n;
	}
	*at += 1 + n;
}

static int
name_is_right(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n <= NAME_BYTES && s[n] == '\0' && s[0] != '-' &&
	       !(s[0] >= '0' && s[0] <= '9');
}

/* "UID[:GID[:HOME[:SHELL]]]" */
static int
account_parse(struct account *a, const char *name, const char *text)
{
	*a = (struct account){
		.home = "/", .home_len = 1, .shell = "/bin/sh", .shell_len = 7};
	if (!name_is_right(name))
		return -1;
	memcpy(a->name, name, strlen(name) + 1);
	if (id_read(&text, &a->uid) != 0)
		return -1;
	a->gid = a->uid;
	if (text[0] == ':' && text[1] != ':' && text[1] != '\0') {
		text++;
		if (id_read(&text, &a->gid) != 0)
			return -1;
	} else if (text[0] == ':') {
		text++;
	}
	field_read(&text, &a->home, &a->home_len);
	field_read(&text, &a->shell, &a->shell_len);
	return text[0] == '\0' && a->home[0] == '/' && a->shell[0] == '/' &&
			       !strchr(a->home, '\n')
		       ? 0
		       : -1;
}

static int
account_at(struct msmv_stage *s, size_t i, struct account *a)
{
	const char *name = s->host->option_key(s, "users", i);
	const char *text = s->host->option_at(s, "users", i);

	if (account_parse(a, name, text) != 0)
		return problem_at(s, "users", name,
			"write NAME = \"UID:GID:HOME:SHELL\", all but UID may be left out",
			"users: %s = \"%s\" is no account", name, text);
	for (size_t k = 0; k < BUILT_IN; k++)
		if (strcmp(name, built_in[k].name) == 0)
			return problem_at(s, "users", name, "take another name",
				"users: %s is in every guest already", name);
	return 0;
}

struct gid {
	unsigned id;
	size_t user; /* place in the recipe */
};

static int
gid_order(const void *a, const void *b)
{
	const struct gid *x = a;
	const struct gid *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->user < y->user ? -1 : x->user > y->user;
}

static int
by_user(const void *a, const void *b)
{
	const struct gid *x = a;
	const struct gid *y = b;

	return x->user < y->user ? -1 : x->user > y->user;
}

static int
gid_is_built_in(unsigned gid)
{
	for (size_t k = 0; k < GROUPS; k++)
		if (groups[k].id == gid)
			return 1;
	return 0;
}

/* Of those with one group keeps the first, whose name the group has; how many are left. */
static size_t
gids_name(struct gid *gids, size_t n)
{
	size_t kept = 0;

	qsort(gids, n, sizeof(*gids), gid_order);
	for (size_t i = 0; i < n; i++)
		if (!gid_is_built_in(gids[i].id) &&
			(kept == 0 || gids[kept - 1].id != gids[i].id))
			gids[kept++] = gids[i];
	qsort(gids, kept, sizeof(*gids), by_user);
	return kept;
}

int
accounts_write(struct msmv_stage *s, struct text *passwd, struct text *group,
	struct text *shadow)
{
	size_t n = s->host->option_count(s, "users");
	struct gid *gids = calloc(n + 1, sizeof(*gids));
	size_t read = 0;
	struct account a;
	int failed = !gids ? s->host->fail(s, MSMV_FAIL_SYSTEM, "out of memory") : 0;

	for (size_t k = 0; k < BUILT_IN; k++) {
		text_fmt(passwd, "%s:x:%u:%u:%s:%s:%s\n", built_in[k].name,
			built_in[k].id, built_in[k].id, built_in[k].name,
			built_in[k].home, built_in[k].shell);
		text_fmt(shadow, "%s:!:1::::::\n", built_in[k].name);
	}
	for (size_t k = 0; k < GROUPS; k++)
		text_fmt(group, "%s:x:%u:\n", groups[k].name, groups[k].id);
	for (size_t i = 0; gids && i < n; i++) {
		if (account_at(s, i, &a) != 0) {
			failed = -1;
			continue;
		}
		text_fmt(passwd, "%s:x:%u:%u:%s:%.*s:%.*s\n", a.name, a.uid, a.gid,
			a.name, (int)a.home_len, a.home, (int)a.shell_len, a.shell);
		text_fmt(shadow, "%s:!:1::::::\n", a.name);
		gids[read++] = (struct gid){a.gid, i};
	}
	n = failed || !gids ? 0 : gids_name(gids, read);
	for (size_t i = 0; i < n; i++)
		text_fmt(group, "%s:x:%u:\n", s->host->option_key(s, "users", gids[i].user),
			gids[i].id);
	free(gids);
	return failed;
}

int
account_find(struct msmv_stage *s, const char *option, const char *item, unsigned *uid,
	unsigned *gid)
{
	const char *user = map_get(s, option, item);
	const char *text = map_get(s, "users", user);
	const char *at = user;
	struct account a;

	for (size_t k = 0; k < BUILT_IN; k++) {
		if (strcmp(user, built_in[k].name) == 0) {
			*uid = *gid = built_in[k].id;
			return 0;
		}
	}
	if (text) {
		/* One that is wrong is told by accounts_write. */
		if (account_parse(&a, user, text) != 0)
			return -1;
		*uid = a.uid;
		*gid = a.gid;
		return 0;
	}
	if (id_read(&at, uid) == 0) {
		*gid = *uid;
		if (*at == '\0' || (at++, id_read(&at, gid) == 0 && *at == '\0'))
			return 0;
	}
	return problem_at(s, option, item,
		"name one of users = { NAME = \"UID:GID\" } or write UID:GID",
		"%s: there is no user \"%s\"", item, user);
}

int
group_find(struct msmv_stage *s, const char *option, const char *item, const char *group,
	unsigned *gid)
{
	const char *text = map_get(s, "users", group), *at = group;
	struct account a;

	*gid = 0;
	for (size_t k = 0; k < GROUPS; k++) {
		if (strcmp(group, groups[k].name) == 0) {
			*gid = groups[k].id;
			return 0;
		}
	}
	if (text) {
		/* One that is wrong is told by accounts_write. */
		if (account_parse(&a, group, text) != 0)
			return -1;
		*gid = a.gid;
		return 0;
	}
	if (id_read(&at, gid) == 0 && *at == '\0')
		return 0;
	return problem_at(s, option, item, "name one of users = { NAME = \"UID:GID\" } or write GID",
		"%s: there is no group \"%s\"", item, group);
}
