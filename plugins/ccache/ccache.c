/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * How ccache is called. Folders keep their names: with its base_dir it would turn them
 * into relative ones, which __FILE__ shows, and then the cache would change bytes.
 */
#include "ccache.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 1, 2))) static char *
format(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}

/* In PATH, absolute, or NULL. */
static char *
find(const char *program)
{
	const char *path = getenv("PATH");

	for (const char *at = path ? path : "/usr/bin:/bin"; *at;) {
		size_t len = strcspn(at, ":");
		char *full = format("%.*s/%s", (int)len, at, program);

		if (len && access(full, X_OK) == 0)
			return full;
		free(full);
		at += len + (at[len] == ':');
	}
	return NULL;
}

int
ccache_open(struct msmv_stage *stage, const char *stats, struct ccache *c)
{
	const char *folder = stage->host->option(stage, "ccache");

	*c = (struct ccache){0};
	if (!folder || !*folder)
		return 0;
	c->program = find("ccache");
	if (!c->program)
		return stage->host->fail(stage, MSMV_FAIL_TOOL,
			"ccache is asked for (--ccache, or [run] ccache in msmv.conf) and is "
			"not installed: install the package ccache, or go without");
	c->stats = format("%s", stats);
	c->env[0] = format("CCACHE_DIR=%s", folder);
	c->env[1] = format("CCACHE_STATSLOG=%s", stats);
	/* A compiler is known by its bytes; nothing of a person's settings may weaken that. */
	c->env[2] = format("CCACHE_COMPILERCHECK=content");
	c->env[3] = format("CCACHE_SLOPPINESS=");
	c->env[4] = format("CCACHE_BASEDIR=");
	return 0;
}

/* Lines are "# FILE", then what came of it. */
static void
count(const char *stats, size_t *hits, size_t *calls)
{
	FILE *file = fopen(stats, "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		bool hit = strncmp(line, "direct_cache_hit", 16) == 0 ||
		           strncmp(line, "preprocessed_cache_hit", 22) == 0;

		*hits += hit;
		*calls += hit || strcmp(line, "cache_miss\n") == 0;
	}
	if (file)
		fclose(file);
}

void
ccache_close(struct msmv_stage *stage, struct ccache *c)
{
	size_t hits = 0, calls = 0;

	if (c->program) {
		count(c->stats, &hits, &calls);
		stage->host->log(stage, MSMV_LOG_INFO,
			"ccache: %zu of %zu compilations were in the cache", hits, calls);
	}
	for (size_t i = 0; i < CCACHE_ENV; i++)
		free(c->env[i]);
	free(c->program);
	free(c->stats);
	*c = (struct ccache){0};
}
