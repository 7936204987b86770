/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Trees, initramfs and packages: libarchive reads both side by side. Names come first,
 * then what is said of a member, then its bytes, which may be a file of a kind again.
 */
#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "differ/differ.h"

enum { DEPTH_MAX = 3, SHOWN_MAX = 5 };

#define MEMBER_MAX (1LL << 30)

struct side {
	struct archive *archive;
	struct archive_entry *entry;
	unsigned char *data; /* of the member, owned */
	size_t size;
};

static bool
side_open(struct side *s, struct bytes b)
{
	s->archive = archive_read_new();
	archive_read_support_filter_all(s->archive);
	archive_read_support_format_tar(s->archive);
	archive_read_support_format_cpio(s->archive);
	return archive_read_open_memory(s->archive, b.p, b.n) == ARCHIVE_OK;
}

static void
side_close(struct side *s)
{
	archive_read_free(s->archive);
	free(s->data);
}

/* 1: a member, 0: the end, -1: no archive, or a damaged one. */
static int
side_next(struct side *s)
{
	int r = archive_read_next_header(s->archive, &s->entry);
	int64_t size;

	free(s->data);
	s->data = NULL;
	s->size = 0;
	if (r == ARCHIVE_EOF)
		return 0;
	size = r == ARCHIVE_OK || r == ARCHIVE_WARN ? archive_entry_size(s->entry) : -1;
	if (size < 0 || size > MEMBER_MAX)
		return -1;
	s->data = xmalloc((size_t)size + 1);
	while (s->size < (size_t)size) {
		ssize_t n = archive_read_data(s->archive, s->data + s->size,
			(size_t)size - s->size);

		if (n <= 0)
			return -1;
		s->size += (size_t)n;
	}
	return 1;
}

static void
add_number(struct str *out, const char *what, int64_t a, int64_t b, const char *format)
{
	cleanup_str struct str x = STR_INIT, y = STR_INIT;

	if (a == b)
		return;
	str_addf(&x, streq(format, "o") ? "%" PRIo64 : "%" PRId64, a);
	str_addf(&y, streq(format, "o") ? "%" PRIo64 : "%" PRId64, b);
	str_addf(out, "%s%s %s or %s", out->len ? ", " : "", what, x.p, y.p);
}

static void
add_text(struct str *out, const char *what, const char *a, const char *b)
{
	if (!streq(a ? a : "", b ? b : ""))
		str_addf(out, "%s%s %s or %s", out->len ? ", " : "", what, a ? a : "none",
			b ? b : "none");
}

static void
compare_entries(struct archive_entry *a, struct archive_entry *b, struct str *out)
{
	add_number(out, "mode", archive_entry_mode(a), archive_entry_mode(b), "o");
	add_number(out, "user", archive_entry_uid(a), archive_entry_uid(b), "d");
	add_number(out, "group", archive_entry_gid(a), archive_entry_gid(b), "d");
	add_number(out, "time", archive_entry_mtime(a), archive_entry_mtime(b), "d");
	add_number(out, "device", (int64_t)archive_entry_rdev(a), (int64_t)archive_entry_rdev(b),
		"d");
	add_text(out, "link to", archive_entry_symlink(a), archive_entry_symlink(b));
	add_text(out, "the same file as", archive_entry_hardlink(a), archive_entry_hardlink(b));
}

/* One line for a member that differs; "" if it does not. */
static void
compare_members(const struct side *a, const struct side *b, int depth, struct str *out)
{
	struct bytes x = { a->data, a->size }, y = { b->data, b->size };
	cleanup_str struct str inner = STR_INIT;

	compare_entries(a->entry, b->entry, out);
	if (bytes_same(x, y))
		return;
	if (depth < DEPTH_MAX)
		differ(x, y, depth + 1, &inner);
	else
		differ_plain(x, y, &inner);
	str_addf(out, "%s%s", out->len ? "; " : "", str_text(&inner));
}

static void
add_line(struct str *out, size_t *found, const char *path, const char *text)
{
	if ((*found)++ < SHOWN_MAX)
		str_addf(out, "%s%s: %s", *found > 1 ? "\n" : "", path, text);
}

/* False if they are no archives. */
static bool
compare(struct side *a, struct side *b, int depth, struct str *out)
{
	size_t found = 0, members = 0;

	for (;; members++) {
		cleanup_str struct str text = STR_INIT;
		int x = side_next(a), y = side_next(b);

		if (x < 0 || y < 0)
			return members > 0 && found > 0;
		if (!x && !y)
			break;
		if (!x || !y || !streq(archive_entry_pathname(a->entry),
				       archive_entry_pathname(b->entry))) {
			str_addf(&text, "is where the other has %s",
				x && y ? archive_entry_pathname(b->entry) : "its end");
			add_line(out, &found, archive_entry_pathname(x ? a->entry : b->entry),
				text.p);
			break;
		}
		compare_members(a, b, depth, &text);
		if (text.len)
			add_line(out, &found, archive_entry_pathname(a->entry), text.p);
	}
	if (found > SHOWN_MAX)
		str_addf(out, "\nand %zu more", found - SHOWN_MAX);
	if (!found && members)
		str_add(out, "the members are the same, but packed differently");
	return members > 0;
}

bool
differ_archive(struct bytes a, struct bytes b, int depth, struct str *out)
{
	struct side x = { .archive = NULL }, y = { .archive = NULL };
	bool found = side_open(&x, a) && side_open(&y, b) && compare(&x, &y, depth, out);

	side_close(&x);
	if (y.archive)
		side_close(&y);
	return found;
}
