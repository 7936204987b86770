/* SPDX-License-Identifier: GPL-3.0-only */
/* See lists.h: `apt-get update` into a folder of ours, and when to do it again. */
#include "lists.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LISTS_FRESH_S 3600

struct collect {
	struct msmv_stage *stage;
	struct text oneline, deb822;
	int source;
};

static int
collect_file(const char *path, void *arg)
{
	struct collect *c = arg;

	if (!sources_rewrite(path, c->source ? "deb-src" : "deb",
		    c->source ? "Sources" : "Packages", &c->oneline, &c->deb822))
		return 0;
	return c->stage->host->fail(
		c->stage, MSMV_FAIL_SYSTEM, "reading %s: %s", path, strerror(errno));
}

/* NAME='value' lines, as apt-config writes them. */
static void
shell_value(const char *text, const char *name, char *buf, size_t n)
{
	const char *p = text ? strstr(text, name) : NULL;

	buf[0] = '\0';
	if (!p || !(p = strchr(p, '\'')))
		return;
	p++;
	if (strcspn(p, "'\n") < n)
		snprintf(buf, n, "%.*s", (int)strcspn(p, "'\n"), p);
}

int
lists_place(struct apt *a, struct sources_place *place, char *lists, size_t n)
{
	static const char *const argv[] = {"apt-config", "shell", "MSMV_ARCH",
		"APT::Architecture", "MSMV_LIST", "Dir::Etc::sourcelist/f", "MSMV_PARTS",
		"Dir::Etc::sourceparts/d", "MSMV_STATE", "Dir::State::lists/d", NULL};
	struct apt bare;
	char *out;
	int status;

	apt_bare(&bare, a->stage, 0);
	out = apt_ask(&bare, &status, argv);
	if (status < 0)
		return -1;
	if (status)
		return a->stage->host->fail(a->stage, MSMV_FAIL_TOOL,
			"apt-config failed: apt: urls need a Debian or Ubuntu machine");
	shell_value(out, "MSMV_ARCH=", a->arch, sizeof(a->arch));
	shell_value(out, "MSMV_LIST=", place->list, sizeof(place->list));
	shell_value(out, "MSMV_PARTS=", place->parts, sizeof(place->parts));
	shell_value(out, "MSMV_STATE=", lists, n);
	return 0;
}

/* The entries to use, rewritten: the recipe's if it has any, else the machine's. */
static int
collect_entries(struct collect *c, struct apt *a)
{
	const struct msmv_host *host = c->stage->host;
	size_t n = host->option_count(c->stage, "sources");
	struct sources_place place;
	char state[512];
	int r = lists_place(a, &place, state, sizeof(state));

	for (size_t i = 0; !r && i < n; i++)
		r = collect_file(host->option_at(c->stage, "sources", i), c);
	if (!r && !n)
		r = sources_each(&place, collect_file, c);
	if (r)
		return -1;
	fflush(c->oneline.out);
	fflush(c->deb822.out);
	if (c->oneline.n + c->deb822.n)
		return 0;
	return host->fail(c->stage, MSMV_FAIL_RECIPE,
		n ? "the files of option sources hold no enabled entry" :
		    "no package source is set up on this machine (%s, %s)",
		place.list, place.parts);
}

/* 1 if the lists were made from these entries less than an hour ago. */
static int
stamp_holds(const char *path, const struct collect *c)
{
	size_t want = c->oneline.n + c->deb822.n;
	char *was = malloc(want + 1);
	FILE *f = fopen(path, "re");
	time_t now = time(NULL);
	struct stat st;
	int ok = was && f && !fstat(fileno(f), &st) && st.st_size == (off_t)want &&
		 st.st_mtime <= now && now - st.st_mtime < LISTS_FRESH_S &&
		 fread(was, 1, want, f) == want &&
		 !memcmp(was, c->oneline.p, c->oneline.n) &&
		 !memcmp(was + c->oneline.n, c->deb822.p, c->deb822.n);

	if (f)
		fclose(f);
	free(was);
	return ok;
}

/* The stamp is written last, so that a refresh cut short is done again. */
static int
lists_refresh(struct apt *a, const struct collect *c, const char *stamp)
{
	static const char *const argv[] = {"apt-get", "update", NULL};
	char path[600], *all = NULL;
	int status, r;

	unlink(stamp);
	snprintf(path, sizeof(path), "%s/msmv.list", a->parts);
	r = text_write(a->stage, path, c->oneline.p);
	snprintf(path, sizeof(path), "%s/msmv.sources", a->parts);
	if (r || text_write(a->stage, path, c->deb822.p))
		return -1;
	a->label = "package lists";
	a->total = 0;
	status = apt_transfer(a, a->parts, argv);
	if (status < 0)
		return -1;
	a->lists_failed = status != 0;
	if (a->lists_failed)
		return 0;
	if (asprintf(&all, "%s%s", c->oneline.p, c->deb822.p) < 0)
		return a->stage->host->fail(a->stage, MSMV_FAIL_SYSTEM, "out of memory");
	r = text_write(a->stage, stamp, all);
	free(all);
	return r;
}

/* Lists made from other entries live in another folder, or they would fight over it. */
static const char *
lists_folder(struct apt *a)
{
	static const char *const names[] = {
		"lists", "lists/partial", "lists/auxfiles", "parts", NULL};
	const struct msmv_host *host = a->stage->host;
	const char *first = host->option(a->stage, "sources");
	char key[4200];
	const char *dir;

	snprintf(key, sizeof(key), "fetch-apt-lists-%s-%s", a->source ? "src" : "deb",
		first ? first : "machine");
	dir = host->scratch(a->stage, key);
	if (!dir || folders_make(a->stage, dir, names))
		return NULL;
	if (snprintf(a->lists, sizeof(a->lists), "%s/lists", dir) <
			(int)sizeof(a->lists) &&
		snprintf(a->parts, sizeof(a->parts), "%s/parts", dir) <
			(int)sizeof(a->parts))
		return dir;
	host->fail(a->stage, MSMV_FAIL_SYSTEM, "the scratch folder's name is too long: %s",
		dir);
	return NULL;
}

int
lists_own(struct apt *a, struct msmv_stage *stage, int source, int fresh,
	int *fetched)
{
	struct collect c = {.stage = stage, .source = source};
	char stamp[600];
	const char *dir;
	int r;

	if (apt_system(a, stage, source))
		return -1;
	dir = lists_folder(a);
	if (!dir)
		return -1;
	if (text_open(&c.oneline) || text_open(&c.deb822))
		r = stage->host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	else
		r = collect_entries(&c, a);
	snprintf(stamp, sizeof(stamp), "%s/stamp", dir);
	*fetched = !r && (fresh || !stamp_holds(stamp, &c));
	if (*fetched)
		r = lists_refresh(a, &c, stamp);
	text_release(&c.oneline);
	text_release(&c.deb822);
	return r;
}
