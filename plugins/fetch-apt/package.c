/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A name such as linux-source stands for "the current one": a package that holds
 * nothing and depends on linux-source-6.1. So the search walks from the package named
 * along the Depends of those that hold nothing but documentation.
 */
#include "package.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "deb.h"

#define WALK_MAX 8
#define DEPENDS_MAX 4096
#define META_SIZE_MAX 65536 /* a .deb larger than this holds something */

struct step {
	char name[128], version[128];
	char depends[DEPENDS_MAX];
	uint64_t size;
};

struct walk {
	struct dependency at[WALK_MAX];
	size_t n;
};

static void
walk_add(struct walk *w, const char *name, const char *version)
{
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->at[i].name, name))
			return;
	if (w->n == WALK_MAX || !name[0])
		return;
	snprintf(w->at[w->n].name, sizeof(w->at[0].name), "%s", name);
	snprintf(w->at[w->n].version, sizeof(w->at[0].version), "%s", version);
	w->n++;
}

static void
walk_depends(struct walk *w, const char *depends)
{
	struct dependency d;

	while ((depends = control_dependency(depends, &d)))
		walk_add(w, d.name, d.version);
}

/* What the lists say of one package. 1 found, 0 not, -1 recorded failure. */
static int
step_look_up(struct apt *a, const struct dependency *d, struct step *s)
{
	char spec[260], size[32];
	const char *argv[] = {"apt-cache", "show", "--no-all-versions",
		request_spec(d->name, d->version, spec, sizeof(spec)), NULL};
	int status;
	char *out = apt_ask(a, &status, argv);

	memset(s, 0, sizeof(*s));
	if (status < 0)
		return -1;
	if (status || !out || !control_field(out, "Package", s->name, sizeof(s->name)) ||
		!control_field(out, "Version", s->version, sizeof(s->version)) ||
		!control_field(out, "Size", size, sizeof(size)))
		return 0;
	control_field(out, "Depends", s->depends, sizeof(s->depends));
	s->size = strtoull(size, NULL, 10);
	return 1;
}

/* The .deb in dir, into path; older ones are removed when keep is 0. */
static int
deb_in(const char *dir, char *path, size_t n, int keep)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int found = 0;

	while (d && (e = readdir(d))) {
		size_t len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 4, ".deb") != 0)
			continue;
		if (snprintf(path, n, "%s/%s", dir, e->d_name) >= (int)n)
			continue;
		if (keep)
			found = 1;
		else
			unlink(path);
	}
	if (d)
		closedir(d);
	return found;
}

static enum found
step_fetch(struct apt *a, const struct step *s, const char *dir, const char *out,
	struct got *got, int *meta)
{
	const struct msmv_host *host = a->stage->host;
	char spec[260], path[4096];
	const char *argv[] = {"apt-get", "download",
		request_spec(s->name, s->version, spec, sizeof(spec)), NULL};
	int status, r;

	deb_in(dir, path, sizeof(path), 0);
	a->label = s->name;
	a->total = s->size;
	host->progress(a->stage, 0, s->size, s->name);
	status = apt_transfer(a, dir, argv);
	if (status < 0)
		return FOUND_FAILED;
	if (status || !deb_in(dir, path, sizeof(path), 1))
		return FOUND_STUCK;
	r = deb_extract(a->stage, path, s->name, out, got, meta);
	unlink(path);
	if (r < 0)
		return FOUND_FAILED;
	snprintf(got->what, sizeof(got->what), "%s %s", s->name, s->version);
	return r ? FOUND : FOUND_NOT;
}

static enum found
nothing_there(struct apt *a, const struct request *r, const struct walk *w)
{
	char names[1024] = "";
	size_t at = 0;

	for (size_t i = 0; i < w->n && at < sizeof(names); i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s",
			i ? ", " : "", w->at[i].name);
	a->stage->host->fail(a->stage, MSMV_FAIL_RECIPE,
		"apt:%s carries no usr/src/*.tar.* (looked into %s); for the upstream "
		"source of a package write apt-src:%s",
		r->name, names, r->name);
	return FOUND_FAILED;
}

enum found
package_fetch(struct apt *a, const struct request *r, const char *dir, const char *out,
	struct got *got)
{
	struct walk w = {.n = 0};

	walk_add(&w, r->name, r->version);
	for (size_t i = 0; i < w.n; i++) {
		struct step s;
		int meta = 0, known = step_look_up(a, &w.at[i], &s);

		if (known < 0)
			return FOUND_FAILED;
		if (!known && i == 0)
			return FOUND_NOT;
		if (!known) /* a virtual package, or of another archive */
			continue;
		enum found f = step_fetch(a, &s, dir, out, got, &meta);
		if (f != FOUND_NOT)
			return f;
		if (meta)
			walk_depends(&w, s.depends);
	}
	return nothing_there(a, r, &w);
}

/*
 * A dependency on an exact version adds nothing to the version of the package itself,
 * which is Debian's case; Ubuntu's linux-source leaves it open.
 */
int
package_candidate(struct apt *a, const struct request *r, char *buf, size_t n)
{
	struct walk w = {.n = 0};
	size_t at = 0;

	snprintf(buf, n, "unknown");
	walk_add(&w, r->name, "");
	for (size_t i = 0; i < w.n; i++) {
		struct step s;
		int known = step_look_up(a, &w.at[i], &s);

		if (known < 0)
			return -1;
		if (!known || w.at[i].version[0])
			continue;
		if (at < n)
			at += (size_t)snprintf(buf + at, n - at, "%s%s %s", at ? ", " : "",
				s.name, s.version);
		if (s.size > META_SIZE_MAX)
			continue;
		struct dependency d;
		for (const char *p = s.depends; (p = control_dependency(p, &d));)
			if (!d.version[0])
				walk_add(&w, d.name, "");
	}
	return 0;
}
