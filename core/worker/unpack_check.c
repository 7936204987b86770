/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The rules for members of foreign archives. Before a member is written its own text
 * is judged; after all are, every link is followed, since two that are fine by
 * themselves can lead out together.
 */
#include "worker/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "tree/pack.h"

/* "./a//b/" -> "a/b"; NULL if it is absolute or has "..". The caller frees. */
static char *
clean_path(const char *path)
{
	struct str out = STR_INIT;

	if (*path == '/')
		return NULL;
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && memcmp(path, "..", 2) == 0) {
			str_release(&out);
			return NULL;
		}
		if (n > 1 || (n == 1 && *path != '.')) {
			if (out.len)
				str_addc(&out, '/');
			str_addn(&out, path, n);
		}
		path += n + (path[n] == '/');
	}
	return str_take(&out);
}

/* Does a link at path (clean) with this text stay inside, read as text? */
static bool
link_stays(const char *path, const char *text)
{
	long depth = 0;

	if (*text == '/')
		return false;
	for (const char *s = path; (s = strchr(s, '/')); s++)
		depth++;
	while (*text) {
		size_t n = strcspn(text, "/");

		if (n == 2 && memcmp(text, "..", 2) == 0)
			depth--;
		else if (n > 1 || (n == 1 && *text != '.'))
			depth++;
		if (depth < 0)
			return false;
		text += n + (text[n] == '/');
	}
	return true;
}

static int
check_target(struct archive_entry *e, const char *path, struct err *err)
{
	const char *hard = archive_entry_hardlink(e);
	const char *soft = archive_entry_symlink(e);
	cleanup_free char *target = NULL;

	if (hard) {
		target = clean_path(hard);
		if (!target || !*target)
			return err_set(err, "member %s: hard link to %s leaves the tree", path, hard);
		archive_entry_set_hardlink(e, target);
	} else if (soft && !link_stays(path, soft)) {
		return err_set(err, "member %s: link to %s leaves the tree", path, soft);
	}
	return 0;
}

/* No set-id bits, and nothing that its owner could not read or remove again. */
static mode_t
safe_mode(struct archive_entry *e, mode_t type)
{
	mode_t own = type == AE_IFDIR ? 0700 : 0600;

	return (archive_entry_perm(e) & 0777) | own;
}

int
unpack_check_member(struct archive_entry *e, struct err *err)
{
	const char *raw = archive_entry_pathname(e);
	cleanup_free char *path = raw ? clean_path(raw) : NULL;
	mode_t type = archive_entry_filetype(e);

	if (!raw)
		return err_set(err, "a member's name cannot be read");
	if (!path)
		return err_set(err, "member '%s': its path leaves the tree", raw);
	if (!*path)
		return 0;
	if (strstr(path, UNPACK_TMP))
		return err_set(err, "member '%s' has a reserved name", path);
	if (!archive_entry_hardlink(e) && type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK)
		return err_set(err, "member %s is a device or pipe", path);
	if (check_target(e, path, err) < 0)
		return -1;
	archive_entry_set_pathname(e, path);
	archive_entry_set_perm(e, safe_mode(e, type));
	return 1;
}

/* EXDEV is the system's word for a way that leaves root; what dangles has no way yet. */
static bool
way_stays(int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
	cleanup_close int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd >= 0 || errno == ENOENT || errno == ELOOP || errno == ENOTDIR;
}

int
unpack_check_links(const char *dir, struct err *err)
{
	cleanup_close int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct entries e = ENTRIES_INIT;
	int result = root < 0 ? err_errno(err, "open folder %s", dir) : tree_scan(dir, &e, err);

	for (size_t i = 0; result == 0 && i < e.list.len; i++) {
		const struct entry *x = &e.list.v[i];

		if (S_ISLNK(x->mode) && (!link_stays(x->path, x->target) ||
						!way_stays(root, x->path)))
			result = err_set(err, "member %s: link to %s leaves the tree", x->path,
				x->target);
	}
	entries_release(&e);
	return result;
}
