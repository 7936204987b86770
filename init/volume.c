/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A disk is blank when its beginning is zeros, as far as any file system,
 * partition table or encryption has its mark; then mkfs is run. One that has
 * anything else on it is never written to: mount says whether it knows it.
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
#include "line.h"

#define MARKS_BYTES 131072 /* btrfs is last, at 64 KB */
#define MKFS_WORDS 30

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

/* 1: nothing but zeros. -1 with errno. */
static int
is_blank(const char *device)
{
	char bytes[4096];
	int fd = open(device, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;
	size_t zeros = 0;

	while (n > 0 && zeros < MARKS_BYTES) {
		n = read(fd, bytes, sizeof(bytes));
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] != 0) {
				close(fd);
				return 0;
			}
		zeros += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 1;
}

/* 0, or an errno value with why. */
static int
make(const struct volume *v, struct line *why)
{
	char *argv[MKFS_WORDS + 2], *env[] = {config_path, NULL};
	struct app tool = {.name = "mkfs", .argv = argv, .env = env, .dir = "/"};
	int status = 0, n = 0;

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
	while (waitpid(tool.pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status == 0) {
		line_clear(why);
		return 0;
	}
	line_fmt(why, "ended with %d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
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
		return error;
	}
	if (v->owned && chown(v->path, v->uid, v->gid) != 0)
		log_msg(LOG_WARN, "owner of %s: %s", v->path, strerror(errno));
	return 0;
}
