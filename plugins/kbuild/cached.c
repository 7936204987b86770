/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A folder in front of PATH has ccache under the compilers' names. So make sees the same
 * command lines with and without it, and objects made the one way serve the other.
 */
#include "cached.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kernel/make.h"

static int
add_link(struct msmv_stage *s, const char *folder, const char *program, const char *name)
{
	cleanup_free char *path = xformat("%s/%s", folder, name);

	if (symlink(program, path) == 0 || errno == EEXIST)
		return 0;
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
}

/* The compiler's name; one with a folder is found without PATH, so make is told. */
static int
take_compiler(struct msmv_stage *s, struct cached *c, const char *folder, struct list *argv)
{
	cleanup_free char *cc = kernel_cc(s);
	cleanup_list struct list words = { 0 };

	list_add_words(&words, cc);
	if (!words.len || strcmp(words.v[0], "ccache") == 0)
		return 0;
	if (!strchr(words.v[0], '/'))
		return add_link(s, folder, c->ccache.program, words.v[0]);
	list_addf(argv, "CC=%s %s", c->ccache.program, cc);
	return 0;
}

int
cached_open(struct msmv_stage *s, struct cached *c, struct list *argv)
{
	const char *work = s->host->workdir(s), *path = getenv("PATH");

	if (!work)
		return -1;
	cleanup_free char *stats = xformat("%s/ccache.stats", work);
	cleanup_free char *folder = xformat("%s/ccache", work);

	if (ccache_open(s, stats, &c->ccache) < 0)
		return -1;
	if (!c->ccache.program)
		return 0;
	if (mkdir(folder, 0755) < 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", folder, strerror(errno));
	for (size_t i = 0; c->ccache.env[i]; i++)
		list_add(&c->env, c->ccache.env[i]);
	list_addf(&c->env, "PATH=%s:%s", folder, path ? path : "/usr/bin:/bin");
	/* What runs during the build is compiled, too. */
	if (add_link(s, folder, c->ccache.program, "gcc") < 0)
		return -1;
	return take_compiler(s, c, folder, argv);
}

void
cached_close(struct msmv_stage *s, struct cached *c)
{
	list_release(&c->env);
	ccache_close(s, &c->ccache);
}
