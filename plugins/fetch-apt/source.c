/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * apt chooses the version and checks the download; which of a source package's files
 * is upstream's tarball is decided here, by the names that the archive's policy fixes.
 */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "sum.h"

struct files {
	char tarball[256]; /* NAME_1.2.orig.tar.xz, or NAME_1.2.tar.xz of a native one */
	char version[128]; /* with the archive's revision */
	uint64_t size;
	int orig;
};

static int
ends(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && !strcmp(s + n - e, end);
}

/* Looks at one name; the .dsc tells the version. */
static void
files_take(struct files *f, const char *package, const char *name, uint64_t size)
{
	size_t n = strlen(package);
	int orig = strstr(name, ".orig.tar.") != NULL;

	if (strncmp(name, package, n) != 0 || name[n] != '_' ||
		strlen(name) >= sizeof(f->tarball))
		return;
	if (ends(name, ".dsc")) {
		snprintf(f->version, sizeof(f->version), "%.*s",
			(int)(strlen(name) - n - 5), name + n + 1);
		return;
	}
	if (!strstr(name, ".tar.") || strstr(name, ".debian.tar.") || ends(name, ".asc") ||
		ends(name, ".sig") || (!orig && strstr(name, ".orig-")) ||
		(f->orig && !orig))
		return;
	snprintf(f->tarball, sizeof(f->tarball), "%s", name);
	f->orig = orig;
	f->size = size;
}

/* Lines of the form 'URI' NAME SIZE HASH; others are notes to a person. */
static void
files_parse(struct files *f, const char *package, char *text)
{
	char *save = NULL;

	memset(f, 0, sizeof(*f));
	for (char *line = strtok_r(text, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		char *uri_end = line[0] == '\'' ? strchr(line + 1, '\'') : NULL;
		char *name, *size, *more = NULL;
		if (!uri_end)
			continue;
		name = strtok_r(uri_end + 1, " ", &more);
		size = name ? strtok_r(NULL, " ", &more) : NULL;
		if (size)
			files_take(f, package, name, strtoull(size, NULL, 10));
	}
}

enum found
source_fetch(struct apt *a, const struct request *r, const char *dir, const char *out,
	struct got *got)
{
	const struct msmv_host *host = a->stage->host;
	char spec[260], path[4096];
	const char *ask[] = {"apt-get", "source", "--only-source", "--print-uris",
		request_spec(r->name, r->version, spec, sizeof(spec)), NULL};
	const char *fetch[] = {
		"apt-get", "source", "--only-source", "--download-only", "--tar-only", spec, NULL};
	struct files f;
	int status;
	char *text = apt_ask(a, &status, ask);

	if (status < 0)
		return FOUND_FAILED;
	if (status || !text)
		return FOUND_NOT;
	files_parse(&f, r->name, text);
	if (!f.tarball[0]) {
		host->fail(a->stage, MSMV_FAIL_RECIPE,
			"source package %s has no upstream tarball", r->name);
		return FOUND_FAILED;
	}
	a->label = f.tarball;
	a->total = f.size;
	status = apt_transfer(a, dir, fetch);
	if (status < 0)
		return FOUND_FAILED;
	snprintf(path, sizeof(path), "%s/%s", dir, f.tarball);
	if (status || access(path, R_OK))
		return FOUND_STUCK;
	snprintf(got->what, sizeof(got->what), "%s %s", r->name, f.version);
	snprintf(got->file, sizeof(got->file), "%s", f.tarball);
	status = sum_copy(a->stage, path, out, &got->size, got->sha256);
	unlink(path);
	return status ? FOUND_FAILED : FOUND;
}

/* Lists without source packages still name the version of a binary one. */
static int
binary_candidate(struct apt *a, const struct request *r, char *buf, size_t n)
{
	const char *argv[] = {"apt-cache", "show", "--no-all-versions", r->name, NULL};
	char version[128], source[256] = "";
	int status;
	char *out = apt_ask(a, &status, argv);

	if (status < 0)
		return -1;
	if (status || !out || !control_field(out, "Version", version, sizeof(version)))
		return 0;
	if (control_field(out, "Source", source, sizeof(source)) && strcmp(source, r->name) != 0)
		return 0; /* another source package builds the binary of this name */
	snprintf(buf, n, "%s %s", r->name, version);
	return 0;
}

int
source_candidate(struct apt *a, const struct request *r, char *buf, size_t n)
{
	const char *argv[] = {
		"apt-get", "source", "--only-source", "--print-uris", r->name, NULL};
	struct files f;
	int status;
	char *text = apt_ask(a, &status, argv);

	snprintf(buf, n, "unknown");
	if (status < 0)
		return -1;
	if (status || !text)
		return binary_candidate(a, r, buf, n);
	files_parse(&f, r->name, text);
	snprintf(buf, n, "%s %s", r->name, f.version);
	return 0;
}
