/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The folder is opened and named as /proc/self/fd/N, which is short. No chdir: other
 * threads, and whoever calls this, keep their folder.
 */
#include "vm/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 64 };

/* Opens the folder of path; *name is what follows in it. -1 with errno. */
static int
open_folder(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int fd;

	*name = slash ? slash + 1 : path;
	if (!slash)
		return open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (!dir)
		return -1;
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	return fd;
}

static int
address(struct sockaddr_un *a, int folder, const char *name)
{
	int n;

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/%s", folder, name);
	if (*name && n > 0 && (size_t)n < sizeof(a->sun_path))
		return 0;
	errno = *name ? ENAMETOOLONG : ENOENT;
	return -1;
}

static void
close_keeping_errno(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/* connect(2) says ECONNREFUSED of a file that is no socket, which misleads. */
static int
no_other_file(int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, 0) < 0)
		return errno == ENOENT ? 0 : -1;
	if (S_ISSOCK(st.st_mode))
		return 0;
	errno = ENOTSOCK;
	return -1;
}

static int
connect_in(int folder, const char *name)
{
	struct sockaddr_un a;
	int fd, rc;

	if (address(&a, folder, name) < 0 || no_other_file(folder, name) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	do
		rc = connect(fd, (const struct sockaddr *)&a, sizeof(a));
	while (rc < 0 && errno == EINTR);
	if (rc == 0)
		return fd;
	close_keeping_errno(fd);
	return -1;
}

int
local_socket_connect(const char *path)
{
	const char *name;
	int folder = open_folder(path, &name);
	int fd = folder < 0 ? -1 : connect_in(folder, name);

	close_keeping_errno(folder);
	return fd;
}

static int
listen_in(int folder, const char *name)
{
	struct sockaddr_un a;
	int fd;

	if (address(&a, folder, name) < 0 || no_other_file(folder, name) < 0)
		return -1;
	if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	/* The mode before it listens: nobody connects in between. */
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 &&
	    fchmodat(folder, name, 0600, 0) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close_keeping_errno(fd);
	return -1;
}

int
local_socket_listen(const char *path)
{
	const char *name;
	int folder = open_folder(path, &name);
	int fd = folder < 0 ? -1 : listen_in(folder, name);

	close_keeping_errno(folder);
	return fd;
}
