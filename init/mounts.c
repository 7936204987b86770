/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The smallest kernels have no sysfs, no devpts or no tmpfs, so each mount is
 * tried by itself and none is a reason to stop. What somebody mounted before
 * (the kernel its devtmpfs, a runtime its proc) is left as it is.
 */
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "console.h"
#include "file.h"
#include "volume.h"

#define MOUNTS_BYTES 16384 /* of /proc/self/mounts that are looked at, the last ones */

struct mount_row {
	const char *type, *parent, *path, *options;
	unsigned long flags;
	mode_t mode; /* of the folder, which is made; 0: only the kernel can */
};

/* The first is needed before all others, and a parent before what lies in it. */
static const struct mount_row rows[] = {
	{"devtmpfs", "/", "/dev", "mode=0755", MS_NOSUID, 0755},
	{"proc", "/", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 0555},
	{"sysfs", "/", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 0555},
	{"tmpfs", "/", "/run", "mode=0755", MS_NOSUID | MS_NODEV, 0755},
	{"tmpfs", "/", "/tmp", "mode=1777", MS_NOSUID | MS_NODEV, 01777},
	{"devpts", "/dev", "/dev/pts", "gid=5,mode=0620,ptmxmode=0666",
		MS_NOSUID | MS_NOEXEC, 0755},
	{"tmpfs", "/dev", "/dev/shm", "mode=1777", MS_NOSUID | MS_NODEV, 01777},
	{"cgroup2", "/sys/fs", "/sys/fs/cgroup", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 0},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* For a kernel without devtmpfs and an image that does not bring them. */
static const struct {
	const char *path;
	unsigned short mode, major, minor;
} nodes[] = {
	{"/dev/null", 0666, 1, 3},
	{"/dev/zero", 0666, 1, 5},
	{"/dev/full", 0666, 1, 7},
	{"/dev/random", 0666, 1, 8},
	{"/dev/urandom", 0666, 1, 9},
	{"/dev/tty", 0666, 5, 0},
	{"/dev/ptmx", 0666, 5, 2},
};

static const struct {
	const char *path, *target;
} links[] = {
	{"/dev/fd", "/proc/self/fd"},
	{"/dev/stdin", "/proc/self/fd/0"},
	{"/dev/stdout", "/proc/self/fd/1"},
	{"/dev/stderr", "/proc/self/fd/2"},
};

static int dev_error;

/* Several rows in turn have the same one. */
static dev_t
device_of(const char *parent)
{
	static const char *last;
	static dev_t device;
	struct stat st;

	if (last != parent && stat(parent, &st) == 0) {
		last = parent;
		device = st.st_dev;
	}
	return device;
}

/* Asked before its folder is, which takes the kernel longer to say that there is none. */
static int
is_known(const char *type)
{
	long fd = syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */);

	if (fd >= 0)
		close((int)fd);
	return fd >= 0 || errno != ENODEV;
}

/* 0 or an errno value. */
static int
mount_row(const struct mount_row *row)
{
	struct stat st;
	int error;

	if (row->mode == 0 && !is_known(row->type))
		return ENODEV;
	if (stat(row->path, &st) == 0) {
		if (st.st_dev != device_of(row->parent))
			return 0;
	} else if (row->mode == 0) {
		return ENODEV;
	} else if (mkdir(row->path, row->mode) != 0) {
		return errno;
	}
	if (mount(row->type, row->path, row->type, row->flags, row->options) == 0)
		return 0;
	error = errno;
	/* Without a file system of its own the folder serves, if others may use it. */
	if (row->mode != 0)
		chmod(row->path, row->mode);
	return error;
}

static int
report(const struct mount_row *row, int error)
{
	/* ENODEV: the kernel was built without; that was a choice. */
	int bad = error != 0 && error != ENODEV;

	if (error != 0)
		log_msg(bad ? LOG_WARN : LOG_INFO, "mount %s on %s: %s", row->type, row->path,
			strerror(error));
	return bad;
}

void
mounts_dev(void)
{
	dev_error = mount_row(&rows[0]);
}

int
mounts_rest(void)
{
	int bad = report(&rows[0], dev_error);

	for (size_t i = 1; i < ROW_COUNT; i++)
		bad += report(&rows[i], mount_row(&rows[i]));
	for (size_t i = 0; dev_error != 0 && i < sizeof(nodes) / sizeof(nodes[0]); i++)
		/* umask would take the right of others to write. */
		if (mknod(nodes[i].path, S_IFCHR, makedev(nodes[i].major, nodes[i].minor)) == 0)
			chmod(nodes[i].path, nodes[i].mode);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i].target, links[i].path) != 0 && errno != EEXIST)
			log_msg(LOG_INFO, "link %s: %s", links[i].path, strerror(errno));
	return bad;
}

/* /proc/self/mounts writes blanks and backslashes as three octal digits. */
static void
unescape(char *s)
{
	char *to = s;

	while (*s != '\0') {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
			s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
			*to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 +
				       (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

/* The second field of a line, or NULL. */
static char *
mount_point(char *line)
{
	char *path = strchr(line, ' ');
	char *end = path ? strchr(path + 1, ' ') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	unescape(path + 1);
	return path + 1;
}

static int
is_kernels(const char *path)
{
	return strcmp(path, "/") == 0 || strcmp(path, "/proc") == 0 ||
	       strcmp(path, "/sys") == 0 || strcmp(path, "/dev") == 0;
}

/* Nothing is lost there, and a console or terminal may be open. */
static int
is_in_dev(const char *path)
{
	return strncmp(path, "/dev/", 5) == 0;
}

/* The end of the list, from the beginning of a line on. Returns its size. */
static size_t
mounts_read(char text[MOUNTS_BYTES])
{
	int fd = file_open("/proc/self/mounts", O_RDONLY | O_CLOEXEC, 0);
	size_t size = 0, half = MOUNTS_BYTES / 2;
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0) {
		if (size > half) {
			memmove(text, text + size - half, half);
			size = half;
		}
		n = read(fd, text + size, MOUNTS_BYTES - 1 - size);
		size += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	text[size] = '\0';
	return size;
}

/* Last mounted goes first, as it may lie inside an earlier one. How many were unmounted;
 * last: says which are not. */
static int
unmount_all(int last)
{
	static char text[MOUNTS_BYTES];
	size_t size = mounts_read(text);
	int done = 0;

	while (size > 0) {
		char *path;

		for (size--; size > 0 && text[size - 1] != '\n'; size--)
			;
		path = mount_point(text + size);
		/* The first line may be the rest of one. */
		if (!path || *path != '/' || is_kernels(path))
			continue;
		if (umount2(path, UMOUNT_NOFOLLOW) == 0)
			done++;
		else if (last)
			log_msg(is_in_dev(path) ? LOG_INFO : LOG_WARN, "unmount %s: %s",
				path, strerror(errno));
	}
	return done;
}

void
mounts_end(const struct config *c)
{
	sync();
	while (unmount_all(0) > 0)
		;
	unmount_all(1);
	/* What is busy, and all of them where there is no list. */
	volumes_end(c);
	/* EINVAL: / is no mount of its own, as in a chroot. */
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0 && errno != EINVAL)
		log_msg(LOG_WARN, "remount / read-only: %s", strerror(errno));
	sync();
}
