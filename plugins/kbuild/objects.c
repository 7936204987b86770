/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * kbuild rebuilds what depends on a changed option, file or command line, and
 * not what depends on anything else. So all else that can change an object is in
 * the folder's key: sources, compiler, and the date, which is also inside the
 * kernel's empty built-in initramfs that make would not build again.
 *
 * A run that is killed leaves objects that make takes for whole, if an older
 * build has left their records. make writes each object first and its record
 * (.NAME.cmd) after, so an object newer than its record is removed.
 */
#include "objects.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kernel/make.h"
#include "../kernel/text.h"

#define OBJECTS_LAYOUT "linux-objects 1"

static int
fail_errno(struct msmv_stage *s, const char *path)
{
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
}

/* The compiler's words about itself: two compilers never share objects. */
static int
key_compiler(struct msmv_stage *s, struct text *key)
{
	cleanup_free char *cc = kernel_cc(s);
	cleanup_list struct list argv = { 0 };
	char *version = NULL;

	list_add_words(&argv, cc);
	list_add(&argv, "--version");
	struct msmv_command c = { .struct_size = sizeof(c),
		.argv = (const char *const *)argv.v, .output = &version };
	if (s->host->run(s, &c) != 0)
		return -1;
	text_addf(key, "\ncompiler %s %s", cc, version ? version : "");
	return 0;
}

static int
key_make(struct msmv_stage *s, const struct kernel_tree *tree, struct text *key)
{
	static const char *const lists[] = { "profiles", "make_flags" };

	text_addf(key, OBJECTS_LAYOUT "\ntree %s\nepoch %lld", tree->key,
		(long long)s->host->epoch(s));
	/* Kernels made for different ends would undo each other's work in one folder. */
	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
		for (size_t i = 0; i < s->host->option_count(s, lists[k]); i++)
			text_addf(key, "\n%s %s", lists[k], s->host->option_at(s, lists[k], i));
	}
	return key_compiler(s, key);
}

static bool
is_newer(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

/* An object newer than its record, or an empty one: its maker did not get to the end. */
static int
repair_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	cleanup_free char *record = NULL;
	struct stat rs;

	if (type != FTW_F)
		return 0;
	record = xformat("%.*s.%s.cmd", at->base, path, path + at->base);
	if (stat(record, &rs) < 0)
		return 0;
	if (st->st_size && !is_newer(&st->st_mtim, &rs.st_mtim))
		return 0;
	return unlink(path) < 0 || unlink(record) < 0;
}

static int
repair(struct msmv_stage *s, const struct objects *o)
{
	if (access(o->busy, F_OK) < 0 || o->fresh)
		return 0;
	s->host->log(s, MSMV_LOG_INFO, "the last run was interrupted: looking for half-made "
		"objects");
	if (nftw(o->obj, repair_one, 64, FTW_PHYS) != 0)
		return fail_errno(s, o->obj);
	return 0;
}

int
objects_open(struct msmv_stage *s, const struct kernel_tree *tree, struct objects *o)
{
	cleanup_text struct text key = { 0 };
	const char *folder;

	if (key_make(s, tree, &key) < 0)
		return -1;
	folder = s->host->scratch(s, key.p);
	if (!folder)
		return -1;
	o->folder = xcopy(folder);
	o->obj = xformat("%s/obj", folder);
	o->busy = xformat("%s/busy", folder);
	o->fresh = mkdir(o->obj, 0755) == 0;
	if (!o->fresh && errno != EEXIST)
		return fail_errno(s, o->obj);
	return repair(s, o);
}

int
objects_begin(struct msmv_stage *s, const struct objects *o)
{
	return file_write(o->busy, "", 0) < 0 ? fail_errno(s, o->busy) : 0;
}

int
objects_end(struct msmv_stage *s, const struct objects *o)
{
	int fd = open(o->obj, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* After a power cut, objects shall not be empty while nothing says "busy". */
	if (fd >= 0) {
		syncfs(fd);
		close(fd);
	}
	return unlink(o->busy) < 0 ? fail_errno(s, o->busy) : 0;
}

void
objects_release(struct objects *o)
{
	free(o->folder);
	free(o->obj);
	free(o->busy);
	*o = (struct objects){ 0 };
}
