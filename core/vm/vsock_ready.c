/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Numbers of guests and ports are the whole machine's, not the sandbox's: boots at the same
 * time try different numbers, and the first has the port. The console decides all the
 * same.
 */
#include "vm/vsock_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vhost.h>
#include <linux/vm_sockets.h>

enum { READY_PORT = 1025, CID_FIRST = 3, CID_RANGE = 0x7fffffff - CID_FIRST, TRIES = 64 };

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Numbers of 2^31 and more are left alone: some kernels' tools do not take them. */
static uint32_t
number_at(uint32_t start, uint32_t i)
{
	return CID_FIRST + (start - CID_FIRST + i) % CID_RANGE;
}

uint32_t
vsock_number(int device, uint32_t wish, int (*set)(int device, uint64_t cid))
{
	uint32_t start = wish;

	for (uint32_t i = 0; i < TRIES; i++) {
		uint32_t cid;

		if (!wish && getrandom(&start, sizeof(start), 0) != sizeof(start))
			return 0;
		cid = number_at(start, wish ? i : 0);
		if (set(device, cid) == 0)
			return cid;
		if (errno != EADDRINUSE)
			return 0;
	}
	return 0;
}

/* The device keeps the number as long as it is open, and QEMU gets it open. */
static int
set_number(int device, uint64_t cid)
{
	return ioctl(device, VHOST_VSOCK_SET_GUEST_CID, &cid);
}

static int
listen_on(uint32_t port)
{
	struct sockaddr_vm at = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY,
		                  .svm_port = port };
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	    listen(fd, 4) == 0)
		return fd;
	close_fd(&fd);
	return -1;
}

void
vsock_ready_open(struct vsock_ready *v, uint32_t wish)
{
	*v = (struct vsock_ready){ .listener = -1, .peer = -1 };
	v->device = open("/dev/vhost-vsock", O_RDWR | O_CLOEXEC);
	if (v->device < 0)
		return;
	v->cid = vsock_number(v->device, wish, set_number);
	if (v->cid) {
		v->listener = listen_on(READY_PORT);
		return;
	}
	close_fd(&v->device);
}

/* A guest of somebody else's may call as well. */
static void
take_call(struct vsock_ready *v)
{
	struct sockaddr_vm from = { .svm_family = AF_UNSPEC };
	socklen_t size = sizeof(from);
	int fd = accept4(v->listener, (struct sockaddr *)&from, &size,
	                 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0 && v->peer < 0 && (from.svm_family != AF_VSOCK || from.svm_cid == v->cid))
		v->peer = fd;
	else
		close_fd(&fd);
}

static void
on_line(void *owner, char *line)
{
	struct vsock_ready *v = owner;
	struct record r;

	if (v->on_line)
		v->on_line(v->owner, line);
	else if (record_parse(line, &r) && strcmp(r.type, "ready") == 0)
		v->ready = true;
}

bool
vsock_ready_hear(struct vsock_ready *v)
{
	bool before = v->ready;
	char data[1024];
	ssize_t n;

	v->lines.on_line = on_line;
	v->lines.owner = v;
	if (v->listener >= 0 && v->peer < 0)
		take_call(v);
	while (v->peer >= 0 && (n = recv(v->peer, data, sizeof(data), MSG_DONTWAIT)) >= 0) {
		if (n > 0)
			console_feed(&v->lines, data, (size_t)n);
		else
			close_fd(&v->peer);
	}
	return v->ready && !before;
}

void
vsock_ready_close(struct vsock_ready *v)
{
	close_fd(&v->peer);
	close_fd(&v->listener);
	close_fd(&v->device);
}
