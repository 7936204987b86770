/* SPDX-License-Identifier: GPL-3.0-only */
/* The lock beside the recipe, for every command that reads one. */
#include "base/mem.h"
#include "cli/session.h"
#include "recipe/lock.h"

int
session_lock(struct session *s, const struct args *args, struct diags *diags)
{
	enum lock_rule rule = args_has(args, "locked") ? LOCK_STRICT : LOCK_WARN;
	cleanup_free char *path = lock_path(s->pipeline.recipe);
	cleanup_lock struct lock lock = LOCK_INIT;
	int code = EXIT_DONE;

	if (s->relock)
		return EXIT_DONE;
	if (lock_read(&lock, path, diags) < 0)
		return EXIT_FAILED;
	if (!lock.found && rule == LOCK_STRICT)
		return complain(EXIT_FAILED, "--locked, but there is no %s: msmv lock writes it",
			path);
	for (size_t i = 0; lock.found && i < s->pipeline.stages.len; i++)
		if (lock_apply(&lock, s->pipeline.stages.v[i], rule, diags) < 0)
			code = EXIT_FAILED;
	return code;
}
