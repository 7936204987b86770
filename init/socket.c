/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Ways to an init that is a program of somebody's machine. The file is for those
 * who may write to its folder; the TCP port, for tools that have no such file, is
 * for all programs of this machine and for nobody beyond it.
 */
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un file;

/* -1 with errno. */
static int
listen_at(int family, const void *at, socklen_t size)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1, error;

	/* The port of one that ended a moment ago. */
	if (fd >= 0 && family == AF_INET)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (fd >= 0 && bind(fd, at, size) == 0 && listen(fd, 4) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

int
socket_at_file(const char *path)
{
	if (strlen(path) >= sizeof(file.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	file.sun_family = AF_UNIX;
	strcpy(file.sun_path, path);
	unlink(path);
	return listen_at(AF_UNIX, &file, sizeof(file));
}

int
socket_at_port(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};

	return listen_at(AF_INET, &at, sizeof(at));
}

void
socket_remove(void)
{
	if (file.sun_path[0] != '\0')
		unlink(file.sun_path);
}
