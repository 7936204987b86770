/* SPDX-License-Identifier: GPL-3.0-only */
/* The one who tries to get out of the sandbox before any stage runs in it. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "worker/worker.h"

static bool
can_call(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	cleanup_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;
}

static bool
can_write(const char *path)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		unlink(path);
	return fd >= 0;
}

static int
leak(const char *what)
{
	puts(what);
	return 1;
}

int
prove(int port, const char *path)
{
	cleanup_free char *mine = xasprintf("/usr/.msmv-%ld", (long)getpid());

	if (port && can_call(port))
		return leak("the machine's network can be reached from inside");
	if (access(path, F_OK) == 0)
		return leak("files of the machine can be seen from inside");
	if (can_write(mine))
		return leak("the machine's /usr can be written to from inside");
	return 0;
}
