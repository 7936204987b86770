/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-unpack: foreign archives to a folder, in a process of its own.
 *
 *	msmv-unpack --strip|--keep ARCHIVE DIR REASON
 *
 * Refused: absolute paths, "..", links that leave DIR, device nodes, members
 * below a link. --strip removes a top folder that all members share. All goes to
 * a temporary folder inside DIR first, so a bad archive leaves nothing behind.
 * The cause of a failure is written to the file REASON.
 */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { READ_BLOCK = 256 * 1024 };

static const char tmp_name[] = ".msmv-unpack";

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
check_links(struct archive_entry *e, const char *path, struct err *err)
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

/* 1 to write it, 0 to leave it out, -1 if it must not be. */
static int
check_member(struct archive_entry *e, struct err *err)
{
	const char *raw = archive_entry_pathname(e);
	cleanup_free char *path = raw ? clean_path(raw) : NULL;
	mode_t type = archive_entry_filetype(e);

	if (!path)
		return err_set(err, "member '%s': its path leaves the tree", raw ? raw : "?");
	if (!*path)
		return 0;
	if (strncmp(path, tmp_name, sizeof(tmp_name) - 1) == 0)
		return err_set(err, "member '%s' has a reserved name", path);
	if (!archive_entry_hardlink(e) && type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK)
		return err_set(err, "member %s is a device or pipe", path);
	if (check_links(e, path, err) < 0)
		return -1;
	archive_entry_set_pathname(e, path);
	archive_entry_set_perm(e, archive_entry_perm(e) & 0777);
	return 1;
}

static int
copy_data(struct archive *in, struct archive *out, struct err *err)
{
	const void *p;
	size_t n;
	la_int64_t at;
	int r;

	while ((r = archive_read_data_block(in, &p, &n, &at)) == ARCHIVE_OK)
		if (archive_write_data_block(out, p, n, at) < ARCHIVE_OK)
			return err_set(err, "%s", archive_error_string(out));
	return r == ARCHIVE_EOF ? 0 : err_set(err, "%s", archive_error_string(in));
}

static int
unpack_all(struct archive *in, struct archive *out, struct err *err)
{
	struct archive_entry *e;
	size_t count = 0;
	int r;

	while ((r = archive_read_next_header(in, &e)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		int keep = check_member(e, err);

		if (keep < 0)
			return -1;
		count++;
		if (!keep)
			continue;
		if (archive_write_header(out, e) < ARCHIVE_WARN)
			return err_set(err, "member %s: %s", archive_entry_pathname(e),
				archive_error_string(out));
		if (archive_entry_size(e) > 0 && copy_data(in, out, err) < 0)
			return err_wrap(err, "member %s", archive_entry_pathname(e));
		if (archive_write_finish_entry(out) < ARCHIVE_WARN)
			return err_set(err, "%s", archive_error_string(out));
	}
	if (r != ARCHIVE_EOF)
		return err_set(err, "%s", archive_error_string(in));
	return count ? 0 : err_set(err, "the archive is empty");
}

static int
unpack_here(const char *archive, struct err *err)
{
	struct archive *in = archive_read_new();
	struct archive *out = archive_write_disk_new();
	int result;

	archive_read_support_filter_all(in);
	archive_read_support_format_tar(in);
	archive_read_support_format_cpio(in);
	archive_read_support_format_zip(in);
	archive_write_disk_set_options(out, ARCHIVE_EXTRACT_TIME |
		ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
		ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
	if (archive_read_open_filename(in, archive, READ_BLOCK) != ARCHIVE_OK)
		result = err_set(err, "%s", archive_error_string(in));
	else
		result = unpack_all(in, out, err);
	if (archive_write_close(out) != ARCHIVE_OK && result == 0)
		result = err_set(err, "%s", archive_error_string(out));
	archive_write_free(out);
	archive_read_free(in);
	return result;
}

/* The single folder in the current one, or NULL. The caller frees. */
static char *
only_folder(void)
{
	DIR *d = opendir(".");
	char *name = NULL;
	struct stat st;
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		if (streq(e->d_name, ".") || streq(e->d_name, ".."))
			continue;
		if (++n == 1)
			name = xstrdup(e->d_name);
	}
	if (d)
		closedir(d);
	if (n == 1 && lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return name;
	free(name);
	return NULL;
}

static int
move_up(const char *from, const char *to, struct err *err)
{
	DIR *d = opendir(from);

	if (!d)
		return err_errno(err, "open folder %s", from);
	for (struct dirent *e; (e = readdir(d));) {
		cleanup_free char *old = path_join(from, e->d_name);
		cleanup_free char *new = path_join(to, e->d_name);

		if (streq(e->d_name, ".") || streq(e->d_name, "..") || rename(old, new) == 0)
			continue;
		err_errno(err, "move %s", new);
		closedir(d);
		return -1;
	}
	closedir(d);
	return 0;
}

static int
unpack(const char *archive, const char *dir, bool strip, struct err *err)
{
	cleanup_free char *tmp = path_join(dir, tmp_name);
	cleanup_free char *top = NULL;
	cleanup_free char *from = NULL;

	if (fs_remove(tmp, err) < 0)
		return -1;
	if (mkdir(tmp, 0755) < 0 || chdir(tmp) < 0)
		return err_errno(err, "folder %s", tmp);
	if (unpack_here(archive, err) < 0) {
		fs_remove(tmp, NULL);
		return err_wrap(err, "%s", archive);
	}
	top = strip ? only_folder() : NULL;
	from = top ? path_join(tmp, top) : xstrdup(tmp);
	if (chdir(dir) < 0 || move_up(from, dir, err) < 0) {
		fs_remove(tmp, NULL);
		return -1;
	}
	return fs_remove(tmp, err);
}

int
main(int argc, char **argv)
{
	cleanup_err struct err err = ERR_INIT;

	if (argc != 5) {
		fputs("usage: msmv-unpack --strip|--keep ARCHIVE DIR REASON\n", stderr);
		return 2;
	}
	umask(022);
	if (unpack(argv[2], argv[3], streq(argv[1], "--strip"), &err) == 0)
		return 0;
	fs_write(argv[4], err_msg(&err), strlen(err_msg(&err)), false, NULL);
	fprintf(stderr, "%s\n", err_msg(&err));
	return 1;
}
