/* SPDX-License-Identifier: GPL-3.0-only */
/* --sandbox, $MSMV_SANDBOX, msmv.conf: the first of them that says something counts. */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/path.h"
#include "cli/session.h"

static int
choose(struct session *s, const char *from, const char *word)
{
	if (!streq(word, "on") && !streq(word, "off"))
		return complain(EXIT_USAGE, "%s is on or off, not '%s'", from, word);
	s->ctx.sandbox = streq(word, "on");
	return 0;
}

/* What a person lets every stage see: a toolchain that is not the system's. */
static void
add_paths(struct session *s)
{
	for (const char *p = s->conf.sandbox_read; p && *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		vec_push(&s->ctx.see, xstrndup(p, n));
		p += n;
	}
}

/* Installed it lies beside the worker, in a build tree where libtool puts it. */
static char *
choose_preload(const char *worker)
{
	cleanup_free char *dir = path_dir(worker);
	char *path = path_join(dir, "msmv-elsewhere.so");

	if (fs_exists(path))
		return path;
	free(path);
	return path_join(dir, "worker/.libs/msmv-elsewhere.so");
}

int
session_sandbox(struct session *s, const struct args *args)
{
	const char *option = args_get(args, "sandbox", 0), *env = getenv("MSMV_SANDBOX");

	s->ctx.preload = choose_preload(s->ctx.worker);
	s->ctx.bwrap = fs_which("bwrap", STAGE_PATH);
	s->ctx.sandbox = s->conf.sandbox >= 0;
	add_paths(s);
	if (option)
		return choose(s, "--sandbox", option);
	return env && *env ? choose(s, "$MSMV_SANDBOX", env) : 0;
}
