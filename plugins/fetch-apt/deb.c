/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A .deb is an ar archive with a compressed tar in it. Both are read as one stream,
 * so the tar, of which the tarball is nearly all, never lies on the disk.
 */
#include "deb.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "sum.h"

enum { CHUNK = 256 * 1024 };

struct search {
	struct msmv_stage *stage;
	const char *path, *package, *out;
	struct got *got;
	int meta;
	int best;  /* rank of the tarball taken so far */
	int equal; /* another one of that rank was seen */
	char rival[256];
	char *buf;
};

static int
search_broken(struct search *s, struct archive *a)
{
	const char *why = archive_error_string(a);

	return s->stage->host->fail(s->stage, MSMV_FAIL_INPUT, "%s is damaged: %s", s->path,
		why ? why : "unreadable");
}

static int
name_is_tarball(const char *name)
{
	static const char *const ends[] = {
		".tar", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tar.lz", ".tgz"};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (n > strlen(ends[i]) && !strcmp(name + n - strlen(ends[i]), ends[i]))
			return 1;
	return 0;
}

/* 0: no tarball; 2: named like the package; 1: any other. */
static int
rank(const char *member, struct archive_entry *e, const char *package)
{
	const char *name = strrchr(member, '/');

	if (strncmp(member, "usr/src/", 8) != 0 || archive_entry_filetype(e) != AE_IFREG ||
		archive_entry_hardlink(e))
		return 0;
	name = name ? name + 1 : member;
	if (!name_is_tarball(name) || strlen(name) >= sizeof(((struct got *)0)->file))
		return 0;
	return strncmp(name, package, strlen(package)) ? 1 : 2;
}

static int
is_documentation(const char *member, struct archive_entry *e)
{
	return archive_entry_filetype(e) == AE_IFDIR ||
	       !strncmp(member, "usr/share/doc/", 14) ||
	       !strncmp(member, "usr/share/lintian/", 18);
}

static int
take_tarball(struct search *s, struct archive *a, struct archive_entry *e,
	const char *member)
{
	const struct msmv_host *host = s->stage->host;
	uint64_t total = (uint64_t)archive_entry_size(e);
	const char *name = strrchr(member, '/') + 1;
	struct sum sum;
	la_ssize_t n;

	if (sum_open(&sum, s->stage, s->out))
		return -1;
	while ((n = archive_read_data(a, s->buf, CHUNK)) > 0) {
		host->progress(s->stage, sum.size, total, name);
		if (sum_add(&sum, s->buf, (size_t)n)) {
			sum_abort(&sum);
			return -1;
		}
	}
	if (n < 0) {
		sum_abort(&sum);
		return search_broken(s, a);
	}
	s->got->size = sum.size;
	strcpy(s->got->file, name); /* rank checked that it fits */
	return sum_finish(&sum, s->got->sha256);
}

static int
search_member(struct search *s, struct archive *a, struct archive_entry *e)
{
	const char *member = archive_entry_pathname(e);
	int r;

	if (!member)
		return 0;
	while (!strncmp(member, "./", 2))
		member += 2;
	if (!is_documentation(member, e))
		s->meta = 0;
	r = rank(member, e, s->package);
	if (!r || r < s->best)
		return 0;
	if (r == s->best) {
		s->equal = 1;
		strcpy(s->rival, strrchr(member, '/') + 1);
		return 0;
	}
	s->best = r;
	s->equal = 0;
	return take_tarball(s, a, e, member);
}

static la_ssize_t
inner_read(struct archive *inner, void *arg, const void **data)
{
	struct archive *outer = arg;
	la_int64_t offset;
	size_t n = 0;
	int r = archive_read_data_block(outer, data, &n, &offset);

	if (r == ARCHIVE_EOF)
		return 0;
	if (r < ARCHIVE_WARN) {
		const char *why = archive_error_string(outer);
		archive_set_error(
			inner, archive_errno(outer), "%s", why ? why : "cut short");
		return -1;
	}
	return (la_ssize_t)n;
}

static int
search_data(struct search *s, struct archive *outer)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int r = 0, got = ARCHIVE_FATAL;

	if (!a)
		return s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM, "out of memory");
	archive_read_support_format_tar(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	if (archive_read_open(a, outer, NULL, inner_read, NULL) == ARCHIVE_OK)
		while (!r && (got = archive_read_next_header(a, &e)) >= ARCHIVE_WARN &&
			got != ARCHIVE_EOF)
			r = search_member(s, a, e);
	if (!r && got != ARCHIVE_EOF)
		r = search_broken(s, a);
	archive_read_free(a);
	return r;
}

static int
search_deb(struct search *s)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int r = 0, seen = 0;

	if (!a)
		return s->stage->host->fail(s->stage, MSMV_FAIL_SYSTEM, "out of memory");
	archive_read_support_format_ar(a);
	if (archive_read_open_filename(a, s->path, CHUNK) != ARCHIVE_OK)
		r = search_broken(s, a);
	while (!r && !seen && archive_read_next_header(a, &e) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(e);
		seen = name && !strncmp(name, "data.tar", 8);
		if (seen)
			r = search_data(s, a);
	}
	if (!r && !seen)
		r = s->stage->host->fail(
			s->stage, MSMV_FAIL_INPUT, "%s is no Debian package", s->path);
	archive_read_free(a);
	return r;
}

int
deb_extract(struct msmv_stage *stage, const char *path, const char *package,
	const char *out, struct got *got, int *meta)
{
	struct search s = {.stage = stage,
		.path = path,
		.package = package,
		.out = out,
		.got = got,
		.meta = 1};
	int r;

	s.buf = malloc(CHUNK);
	if (!s.buf)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	r = search_deb(&s);
	free(s.buf);
	if (r)
		return -1;
	if (s.equal)
		return stage->host->fail(stage, MSMV_FAIL_RECIPE,
			"package %s carries several tarballs, %s and %s among them: fetch "
			"the one meant by another way",
			package, got->file, s.rival);
	*meta = s.meta;
	return s.best > 0;
}
