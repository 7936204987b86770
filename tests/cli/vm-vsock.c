/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Preloaded by tests/cli/vm_vsock.sh: a machine that has /dev/vhost-vsock. A number is held by
 * a name that goes with the last descriptor of its device, as in the kernel; those that are in
 * FAKE_TAKEN ("77 78") are always another's. Nothing goes through it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vhost.h>

static int
open_as(const char *name, const char *path, int flags, unsigned mode)
{
	int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);

	return next(strcmp(path, "/dev/vhost-vsock") == 0 ? "/dev/null" : path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	unsigned mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, unsigned) : 0;
	va_end(ap);
	return open_as("open", path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	va_list ap;
	unsigned mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, unsigned) : 0;
	va_end(ap);
	return open_as("open64", path, flags, mode);
}

int
__open_2(const char *path, int flags)
{
	return open_as("open", path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
	return open_as("open64", path, flags, 0);
}

static int
take(int device, unsigned long long cid)
{
	const char *taken = getenv("FAKE_TAKEN"), *where = getenv("FAKE_PLACE");
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char word[24];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), n;

	snprintf(word, sizeof(word), "%llu", cid);
	n = snprintf(at.sun_path + 1, sizeof(at.sun_path) - 1, "%s %llu", where ? where : "", cid);
	if ((taken && strstr(taken, word)) ||
		bind(fd, (struct sockaddr *)&at,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) < 0) {
		close(fd);
		errno = EADDRINUSE;
		return -1;
	}
	dup3(fd, device, fcntl(device, F_GETFD) & FD_CLOEXEC ? O_CLOEXEC : 0);
	close(fd);
	return 0;
}

int
ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, void *) =
		(int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
	void *argument;
	va_list ap;

	va_start(ap, request);
	argument = va_arg(ap, void *);
	va_end(ap);
	if (request == VHOST_VSOCK_SET_GUEST_CID)
		return take(fd, *(uint64_t *)argument);
	return next(fd, request, argument);
}
