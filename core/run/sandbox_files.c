/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The recipe's files that a stage declares. A mount each is what it takes; bubblewrap takes
 * a few thousand words and no more, and thousands of mounts are slow. So of many files there
 * are copies, at the same places below one folder, which is mounted over the one they share.
 */
#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/sandbox_part.h"

enum { MOUNTS_MAX = 200 };

struct paths {
	VEC(const char *) list;
};

static void
collect(const struct stage *s, struct paths *p)
{
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		for (size_t k = 0; o->type == MSMV_TYPE_PATHS && k < o->count; k++)
			vec_push(&p->list, (const char *)o->values[k]);
	}
}

/* The longest folder above all of them. */
static char *
shared_folder(const struct paths *p)
{
	char *folder = path_dir(p->list.v[0]);

	for (size_t i = 1; i < p->list.len; i++) {
		while (!path_is_inside(p->list.v[i], folder)) {
			char *up = path_dir(folder);

			free(folder);
			folder = up;
		}
	}
	return folder;
}

/* A folder is a place to mount it on. */
static int
mirror_one(const char *from, const char *to, struct words *mounts, struct err *err)
{
	cleanup_free char *parent = path_dir(to);
	struct stat st;

	if (stat(from, &st) < 0)
		return err_errno(err, "%s", from);
	if (fs_mkdirs(S_ISDIR(st.st_mode) ? to : parent, 0755, err) < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return fs_exists(to) ? 0 : fs_copy(from, to, st.st_mode & 0777, err);
	words_bind(mounts, "--ro-bind", from, from);
	return 0;
}

static int
mirror(const struct paths *p, const char *copies, struct words *w, struct err *err)
{
	cleanup_free char *folder = shared_folder(p);
	struct words mounts = WORDS_INIT;
	int result = 0;

	if (streq(folder, "/"))
		return err_set(err, "files all over the machine are too many for a sandbox");
	for (size_t i = 0; result == 0 && i < p->list.len; i++) {
		cleanup_free char *to = path_join(copies, p->list.v[i] + strlen(folder) + 1);

		result = mirror_one(p->list.v[i], to, &mounts, err);
	}
	/* /tmp stays a place to write to. */
	words_bind(w, streq(folder, "/tmp") ? "--bind" : "--ro-bind", copies, folder);
	for (size_t i = 0; i < mounts.len; i++)
		vec_push(w, mounts.v[i]);
	vec_release(&mounts);
	return result;
}

int
sandbox_files(const struct stage *s, const char *copies, struct words *w, struct err *err)
{
	struct paths p = { VEC_INIT };
	int result = 0;

	collect(s, &p);
	if (p.list.len > MOUNTS_MAX)
		result = mirror(&p, copies, w, err);
	for (size_t i = 0; p.list.len <= MOUNTS_MAX && i < p.list.len; i++)
		words_bind(w, "--ro-bind", p.list.v[i], p.list.v[i]);
	vec_release(&p.list);
	return result;
}
