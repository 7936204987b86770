/* SPDX-License-Identifier: GPL-3.0-only */
/* What linux/vm_sockets.h says: a C library alone does not bring the kernel's headers. */
#include "vsock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "file.h"

#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#define CID_ANY 0xffffffffu
#define GET_LOCAL_CID 0x7b9 /* IOCTL_VM_SOCKETS_GET_LOCAL_CID, _IO(7, 0xb9) */

struct sockaddr_vm {
	sa_family_t family;
	unsigned short reserved;
	unsigned port, cid;
	unsigned char zero[4];
};

int
vsock_is_there(void)
{
	int fd = file_open("/dev/vsock", O_RDONLY | O_CLOEXEC, 0);
	unsigned cid = CID_ANY;

	if (fd < 0)
		return 0;
	/* Without a device it is any, or 1 if the kernel can talk to itself. */
	if (ioctl(fd, GET_LOCAL_CID, &cid) != 0)
		cid = CID_ANY;
	close(fd);
	return cid != CID_ANY && cid > VSOCK_HOST;
}

static int
close_failed(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

static int
vsock_open(void)
{
	return socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int
vsock_listen(unsigned port)
{
	struct sockaddr_vm at = {.family = AF_VSOCK, .port = port, .cid = CID_ANY};
	int fd = vsock_open();

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 4) != 0)
		return close_failed(fd);
	return fd;
}

int
vsock_accept(int listener)
{
	struct sockaddr_vm from = {.family = 0};
	socklen_t size = sizeof(from);
	int fd = accept4(
		listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0 && from.family == AF_VSOCK && from.cid != VSOCK_HOST) {
		errno = EPERM;
		return close_failed(fd);
	}
	return fd;
}

int
vsock_connect(unsigned cid, unsigned port)
{
	struct sockaddr_vm to = {.family = AF_VSOCK, .port = port, .cid = cid};
	int fd = vsock_open();

	if (fd < 0 || (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 &&
			      errno != EINPROGRESS))
		return close_failed(fd);
	return fd;
}
