/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The image as a whole: every path is one thing, nothing lies below what is no folder,
 * and init keeps what is its own. In the order of sort() all that is below a path
 * follows it, so that one look at each is enough.
 */
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../problem/problem.h"

struct member {
	const char *path; /* without / in front; reaches over len characters */
	size_t len;
	const char *option, *item; /* that it comes from; NULL: in every guest */
	const char *name;          /* of the option, as the recipe has it */
	const char *what;          /* in words; NULL: a folder */
	size_t turn;               /* the order they came in */
};

struct layout {
	struct msmv_stage *stage;
	struct member *v;
	size_t n;
};

static const struct {
	const char *option, *name, *what;
} sources[] = {
	{"file_source", "source", "a file"},
	{"file_text", "text", "a file"},
	{"file_link", "link", "a link"},
	{"file_dir", "dir", NULL},
	{"file_node", "node", "a device"},
	{"dirs", "dirs", NULL},
	{"symlinks", "symlinks", "a link"},
};

/* guest-init brings the first three, and init and msmv-net read the others. */
static const char *const owned[] = {
	"init", "sbin/init", "sbin/msmv-net", "etc/msmv/init.ini", "etc/msmv/net.ini"};

#define SOURCES (sizeof(sources) / sizeof(sources[0]))
#define OWNED (sizeof(owned) / sizeof(owned[0]))
#define SKELETON_MAX 64
static const char init_own[] = "init's own";

static void
add(struct layout *l, struct member m)
{
	m.turn = l->n;
	l->v[l->n++] = m;
}

static void
add_skeleton(void *arg, const char *path, unsigned mode)
{
	struct layout *l = arg;
	const char *what = mode == S_IFDIR   ? NULL
			   : mode == S_IFLNK ? "a link of every guest"
			   : mode == S_IFREG ? "a file of every guest"
					     : "a device of every guest";

	if (l->n < SKELETON_MAX)
		add(l, (struct member){.path = path,
			       .len = strlen(path),
			       .name = what ? what : "a folder of every guest",
			       .what = what});
}

/* A folder's text may have its mode behind it. */
static size_t
path_length(const char *option, const char *text)
{
	const char *colon = strcmp(option, "dirs") == 0 ? strrchr(text, ':') : NULL;

	return colon ? (size_t)(colon - text) : strlen(text);
}

static void
add_option(struct layout *l, size_t k)
{
	const struct msmv_host *host = l->stage->host;
	const char *option = sources[k].option;
	size_t n = host->option_count(l->stage, option);

	for (size_t i = 0; i < n; i++) {
		const char *item = strcmp(option, "dirs") == 0
					   ? host->option_at(l->stage, option, i)
					   : host->option_key(l->stage, option, i);

		/* What is no path is told by whoever writes it. */
		if (item[0] != '/')
			continue;
		add(l, (struct member){.path = item + 1,
			       .len = path_length(option, item) - 1,
			       .option = option,
			       .item = item,
			       .name = sources[k].name,
			       .what = sources[k].what});
	}
}

/* Where a path ends or goes on with / comes before all other characters. */
static int
order(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;

	for (size_t i = 0; i < n; i++) {
		int p = x->path[i] == '/' ? 0 : (unsigned char)x->path[i];
		int q = y->path[i] == '/' ? 0 : (unsigned char)y->path[i];

		if (p != q)
			return p - q;
	}
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->turn < y->turn ? -1 : 1;
}

static int
same(const struct member *a, const struct member *b)
{
	return a->len == b->len && memcmp(a->path, b->path, a->len) == 0;
}

static int
below(const struct member *m, const struct member *top)
{
	return m->len > top->len && m->path[top->len] == '/' &&
	       memcmp(m->path, top->path, top->len) == 0;
}

static int
two_things(struct layout *l, const struct member *a, const struct member *b)
{
	if (a->name == init_own)
		return problem_at(l->stage, b->option, b->item,
			"[init] says what it does; its source = \"FOLDER\" builds another",
			"/%.*s is init's own", (int)b->len, b->path);
	return problem_at(l->stage, b->option, b->item, NULL, "/%.*s is two things: %s and %s",
		(int)b->len, b->path, a->name, b->name);
}

static int
covered(struct layout *l, const struct member *m, const struct member *top)
{
	const struct member *at = m->option ? m : top;

	/* The skeleton's folder is told, and what is in it follows from that. */
	if (!m->option && m->name != init_own)
		return 0;
	return problem_at(l->stage, at->option, at->item, NULL,
		"%s/%.*s lies below /%.*s, which is %s", m->option ? "" : "init's own ",
		(int)m->len, m->path, (int)top->len, top->path, top->what);
}

static int
walk(struct layout *l)
{
	const struct member *top = NULL; /* the last that is no folder */
	int bad = 0;

	qsort(l->v, l->n, sizeof(*l->v), order);
	for (size_t i = 0; i < l->n; i++) {
		const struct member *m = &l->v[i], *before = i ? m - 1 : NULL;

		if (before && same(before, m) && (before->what || m->what))
			bad |= two_things(l, before, m);
		else if (top && below(m, top))
			bad |= covered(l, m, top);
		if (m->what && !(top && below(m, top)))
			top = m;
	}
	return bad;
}

int
layout_check(struct msmv_stage *s)
{
	struct layout l = {.stage = s};
	size_t room = SKELETON_MAX + OWNED;
	int bad;

	for (size_t k = 0; k < SOURCES; k++)
		room += s->host->option_count(s, sources[k].option);
	l.v = calloc(room, sizeof(*l.v));
	if (!l.v)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "out of memory");
	skeleton_each(s, add_skeleton, &l);
	for (size_t i = 0; i < OWNED; i++)
		add(&l, (struct member){.path = owned[i],
				.len = strlen(owned[i]),
				.name = init_own,
				.what = init_own});
	for (size_t k = 0; k < SOURCES; k++)
		add_option(&l, k);
	bad = walk(&l);
	free(l.v);
	return bad;
}
