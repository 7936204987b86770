/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A disk is blank when its beginning and its end are zeros, as far as any file
 * system, partition table, array or encryption has its mark; then mkfs is run.
 * One that has anything else on it is never written to: mount says whether it
 * knows it.
 */
#include "volume.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app.h"
#include "config.h"
#include "console.h"
#include "events.h"
#include "file.h"
#include "line.h"

/* From the front btrfs is last, at 64 KB; from the end an array of md's 0.90, 128 KB. */
#define MARKS_BYTES 131072
#define MKFS_WORDS 30
#define MKFS_GRACE_MS 10000 /* to end by itself: a disk that is half made is none */

static const struct {
	const char *name;
	unsigned long flag;
} flags[] = {
	{"ro", MS_RDONLY},
	{"nosuid", MS_NOSUID},
	{"nodev", MS_NODEV},
	{"noexec", MS_NOEXEC},
	{"sync", MS_SYNCHRONOUS},
	{"dirsync", MS_DIRSYNC},
	{"noatime", MS_NOATIME},
	{"nodiratime", MS_NODIRATIME},
	{"relatime", MS_RELATIME},
	{"strictatime", MS_STRICTATIME},
	{"lazytime", 1 << 25},
	/* Of init and of nobody else. */
	{"nofail", 0},
	{"rw", 0},
};

int
volume_may_fail(const struct volume *v)
{
	for (char **o = v->options; o && *o; o++)
		if (strcmp(*o, "nofail") == 0)
			return 1;
	return 0;
}

/* The flags of the words; the file system's own go to data, with a comma between. */
static unsigned long
options(const struct volume *v, struct line *data)
{
	unsigned long all = 0;

	for (char **o = v->options; o && *o; o++) {
		size_t i = 0, n = sizeof(flags) / sizeof(flags[0]);

		while (i < n && strcmp(*o, flags[i].name) != 0)
			i++;
		if (i < n)
			all |= flags[i].flag;
		else
			line_fmt(data, "%s%s", data->len ? "," : "", *o);
	}
	return all;
}

static void
make_folders(const char *path)
{
	struct line l;

	line_clear(&l);
	for (; *path != '\0'; path++) {
		if (*path == '/' && l.len > 0)
			mkdir(l.text, 0755);
		line_byte(&l, *path);
	}
	mkdir(l.text, 0755);
}

/* 1: nothing but zeros from there to there, and all of them were read. -1 with errno. */
static int
has_zeros(int fd, off_t from, off_t to)
{
	char bytes[4096];

	while (from < to) {
		size_t want = to - from < (off_t)sizeof(bytes) ? (size_t)(to - from)
							       : sizeof(bytes);
		ssize_t n = pread(fd, bytes, want, from);

		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return -1;
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] != 0)
				return 0;
		from += n;
	}
	return 1;
}

/* 1 if it is, 0; -1 with errno. A drive without a medium has no bytes, and is not. */
static int
is_blank(const char *device)
{
	int fd = file_open(device, O_RDONLY | O_CLOEXEC, 0), blank, error;
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	off_t begin = size < MARKS_BYTES ? size : MARKS_BYTES;

	if (size <= 0) {
		blank = size < 0 ? -1 : 0;
	} else {
		blank = has_zeros(fd, 0, begin);
		if (blank > 0)
			blank = has_zeros(fd, size - begin, size);
	}
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return blank;
}

/* What somebody who looks after the disk can do, as init never will. */
static void
say_remedy(const struct volume *v, struct line *why)
{
	if (v->mkfs)
		line_fmt(why,
			"; %s is neither that nor blank: if mkfs was interrupted, fill its "
			"first and last 128 KB with zeros and it is made again", v->source);
}

/* 0, or an errno value with why. */
static int
make(const struct volume *v, struct line *why)
{
	char *argv[MKFS_WORDS + 2], *env[] = {config_path, NULL};
	struct app tool = {.name = "mkfs", .argv = argv, .env = env, .dir = "/"};
	int status, n = 0;

	for (char **w = v->mkfs; *w && n < MKFS_WORDS; w++)
		argv[n++] = *w;
	argv[n++] = v->source;
	argv[n] = NULL;
	log_msg(LOG_INFO, "%s is blank: %s", v->source, argv[0]);
	line_fmt(why, "%s %s: ", argv[0], v->source);
	if (app_start(&tool) != 0) {
		line_str(why, "it cannot be started");
		return ENOEXEC;
	}
	status = events_await(tool.pid, MKFS_GRACE_MS);
	if (status == 0) {
		line_clear(why);
		return 0;
	}
	if (status < 0)
		line_str(why, "the machine ends before it has");
	else
		line_fmt(why, "ended with %d",
			WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	line_str(why,
		"; if anything is on the disk now, fill its first and last 128 KB with "
		"zeros, or it will not be made again");
	return EIO;
}

int
volume_mount(const struct volume *v, struct line *why)
{
	struct line data;
	unsigned long all;
	int error = 0, blank;

	line_clear(&data);
	all = options(v, &data);
	make_folders(v->path);
	blank = v->mkfs ? is_blank(v->source) : 0;
	if (blank > 0)
		error = make(v, why);
	if (error != 0)
		return error;
	if (blank < 0 || mount(v->source, v->path, v->type, all, data.text) != 0) {
		error = errno;
		line_fmt(why, "mount %s %s on %s: %s", v->type, v->source, v->path,
			strerror(error));
		if (error == EINVAL)
			say_remedy(v, why);
		return error;
	}
	if (v->owned && chown(v->path, v->uid, v->gid) != 0)
		log_msg(LOG_WARN, "owner of %s: %s", v->path, strerror(errno));
	return 0;
}

/* Data that are written no more are whole, though the file system is still there. */
static void
volume_end(const struct volume *v)
{
	struct line data;

	line_clear(&data);
	/* EINVAL: it was unmounted with all others; ENOENT: so was what its path is on. */
	if (umount2(v->path, UMOUNT_NOFOLLOW) == 0 || errno == EINVAL || errno == ENOENT)
		return;
	log_msg(LOG_WARN, "unmount %s: %s; it becomes read-only", v->path,
		strerror(errno));
	if (mount(NULL, v->path, NULL, MS_REMOUNT | MS_RDONLY | options(v, &data), NULL) !=
		0)
		log_msg(LOG_WARN, "remount %s read-only: %s", v->path, strerror(errno));
}

void
volumes_end(const struct config *c)
{
	for (unsigned i = c->volume_count; i > 0; i--)
		if (c->volumes[i - 1].mounted)
			volume_end(&c->volumes[i - 1]);
}
