/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-unpack: foreign archives to a folder, in a process of its own.
 *
 *	msmv-unpack --strip|--keep ARCHIVE DIR REASON
 *
 * Refused: absolute paths, "..", links that leave DIR, device nodes, members
 * below a link, a tar that is cut off. --strip removes a top folder that all
 * members share. All goes to a temporary folder inside DIR first, so a bad archive
 * leaves nothing behind.
 * The cause of a failure is written to the file REASON.
 */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "worker/unpack.h"

enum { READ_BLOCK = 256 * 1024 };

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

/* A zip may leave the size for later. */
static bool
has_data(struct archive_entry *e)
{
	return !archive_entry_size_is_set(e) || archive_entry_size(e) > 0;
}

/*
 * libarchive takes a tar that ends behind any member. A compressed one would not have
 * ended there unnoticed; in a plain one a block of zeros must have been read.
 */
static int
check_end(struct archive *in, int64_t data_end, struct err *err)
{
	int64_t padded = (data_end + 511) & ~(int64_t)511;

	if ((archive_format(in) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR ||
	    archive_filter_code(in, 0) != ARCHIVE_FILTER_NONE ||
	    archive_filter_bytes(in, 0) >= padded + 512)
		return 0;
	return err_set(err, "the archive is cut off");
}

static int
unpack_all(struct archive *in, struct archive *out, struct err *err)
{
	struct archive_entry *e;
	size_t count = 0;
	int64_t data_end = 0;
	int r;

	while ((r = archive_read_next_header(in, &e)) == ARCHIVE_OK) {
		int keep = unpack_check_member(e, err);

		if (keep < 0)
			return -1;
		count++;
		data_end = archive_filter_bytes(in, 0);
		if (!keep)
			continue;
		if (archive_write_header(out, e) < ARCHIVE_WARN)
			return err_set(err, "member %s: %s", archive_entry_pathname(e),
				archive_error_string(out));
		if (has_data(e) && copy_data(in, out, err) < 0)
			return err_wrap(err, "member %s", archive_entry_pathname(e));
		if (archive_write_finish_entry(out) < ARCHIVE_WARN)
			return err_set(err, "%s", archive_error_string(out));
		data_end = archive_filter_bytes(in, 0);
	}
	if (r != ARCHIVE_EOF)
		return err_set(err, "%s", archive_error_string(in));
	return count ? check_end(in, data_end, err) : err_set(err, "the archive is empty");
}

static int
unpack_here(const char *archive, struct err *err)
{
	struct archive *in = archive_read_new();
	struct archive *out = archive_write_disk_new();
	int result;

	/* Those that libarchive has itself: no program is started for the others. */
	archive_read_support_filter_bzip2(in);
	archive_read_support_filter_compress(in);
	archive_read_support_filter_gzip(in);
	archive_read_support_filter_lz4(in);
	archive_read_support_filter_lzma(in);
	archive_read_support_filter_xz(in);
	archive_read_support_filter_zstd(in);
	archive_read_support_format_tar(in);
	archive_read_support_format_cpio(in);
	archive_read_support_format_zip_seekable(in); /* modes and links stand at its end */
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
	cleanup_free char *tmp = path_join(dir, UNPACK_TMP);
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
	if (unpack_check_links(from, err) < 0) {
		fs_remove(tmp, NULL);
		return err_wrap(err, "%s", archive);
	}
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
	cleanup_free char *archive = NULL;
	cleanup_free char *dir = NULL;
	cleanup_free char *reason = NULL;

	if (argc != 5) {
		fputs("usage: msmv-unpack --strip|--keep ARCHIVE DIR REASON\n", stderr);
		return 2;
	}
	archive = path_absolute(argv[2]); /* it works in a folder of its own */
	dir = path_absolute(argv[3]);
	reason = path_absolute(argv[4]);
	umask(022);
	setlocale(LC_CTYPE, "C.UTF-8"); /* or names in pax headers cannot be read */
	if (unpack(archive, dir, streq(argv[1], "--strip"), &err) == 0)
		return 0;
	fs_write(reason, err_msg(&err), strlen(err_msg(&err)), false, NULL);
	fprintf(stderr, "%s\n", err_msg(&err));
	return 1;
}
