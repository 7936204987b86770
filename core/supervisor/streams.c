/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What goes between QEMU and its supervisor besides the monitor: the console, the control
 * port, and QEMU's own words. QEMU gets its descriptors under fixed numbers, so that vm.json
 * can hold its command line before there is one.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/folder.h"

enum { PIPE_MAX = 1 << 20, PIPE_MIN = 1 << 16 };

/* Moves a descriptor to a number that nobody else has. */
static int
move_fd(int *fd, int number)
{
	if (dup3(*fd, number, O_CLOEXEC) < 0)
		return -1;
	close(*fd);
	*fd = number;
	return 0;
}

/* A named pipe, opened for both ways: it has no end while this process lives. */
static int
open_fifo(const char *name)
{
	int fd = -1;

	if ((unlink(name) == 0 || errno == ENOENT) && mkfifo(name, 0600) == 0)
		fd = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	for (int size = PIPE_MAX; fd >= 0 && size >= PIPE_MIN; size /= 2)
		if (fcntl(fd, F_SETPIPE_SZ, size) >= 0)
			break;
	return fd;
}

/*
 * QEMU hands over what a guest prints byte by byte, and a socket is full after some 300 of
 * these. The guest's serial driver does not wait for long: it would lose text, and records.
 */
static int
open_console(struct supervisor *s, struct err *err)
{
	close(s->qemu.console);
	close(s->qemu.its.console.fd);
	s->qemu.its.console.fd = -1;
	s->qemu.console = open_fifo("console.out");
	s->console_in = open_fifo("console.in");
	if (s->qemu.console < 0 || s->console_in < 0)
		return err_errno(err, "make the console's pipes in %s", s->folder);
	return 0;
}

int
streams_open(struct supervisor *s, struct err *err)
{
	if (!qemu_open(&s->qemu, true))
		return err_errno(err, "make QEMU's sockets");
	if (open_console(s, err) < 0)
		return -1;
	if (move_fd(&s->qemu.its.qmp.fd, VM_FD_QMP) < 0 ||
		move_fd(&s->qemu.its.control.fd, VM_FD_CONTROL) < 0 ||
		dup3(s->lock, VM_FD_LOCK, O_CLOEXEC) < 0)
		return err_errno(err, "number QEMU's sockets");
	s->qemu.lock = VM_FD_LOCK;
	s->qemu.group = true;
	return 0;
}

/* Up to 64 KiB of what is there. False at the end of the stream. */
static bool
take_some(int *fd, char *buffer, size_t size, size_t *n)
{
	ssize_t got = recv(*fd, buffer, size, MSG_DONTWAIT);

	if (got < 0 && errno == ENOTSOCK)
		got = read(*fd, buffer, size);
	*n = got > 0 ? (size_t)got : 0;
	if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

void
streams_on_console(struct supervisor *s, void *item, short events)
{
	char buffer[16384];
	size_t n;

	(void)item;
	(void)events;
	if (!take_some(&s->qemu.console, buffer, sizeof(buffer), &n))
		return;
	ring_write(&s->ring, buffer, n);
	journal_write(&s->console_log, buffer, n);
	console_feed(&s->console, buffer, n);
}

void
streams_hear_guest(struct supervisor *s)
{
	uint64_t seen;

	do {
		seen = s->ring.end;
		if (s->qemu.console >= 0)
			streams_on_console(s, NULL, POLLIN);
	} while (seen != s->ring.end);
}

/* False if nothing was there. */
static bool
hear_errors(struct supervisor *s)
{
	char buffer[4096];
	size_t n;

	if (!take_some(&s->qemu.errors, buffer, sizeof(buffer), &n) || n == 0)
		return false;
	journal_write(&s->qemu_log, buffer, n);
	console_feed(&s->errors, buffer, n);
	return true;
}

void
streams_on_errors(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	hear_errors(s);
}

void
streams_on_port(struct supervisor *s, void *item, short events)
{
	char buffer[4096];
	size_t n;

	(void)item;
	(void)events;
	if (take_some(&s->qemu.control, buffer, sizeof(buffer), &n))
		console_feed(&s->port, buffer, n);
}

void
streams_on_room(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	streams_type(s);
}

void
streams_type(struct supervisor *s)
{
	ssize_t n = -1;

	if (s->typed.len)
		n = write(s->console_in, s->typed.p, s->typed.len);
	if (n <= 0)
		return;
	memmove(s->typed.p, s->typed.p + n, s->typed.len - (size_t)n);
	s->typed.len -= (size_t)n;
}

void
streams_drain(struct supervisor *s)
{
	streams_hear_guest(s);
	console_flush(&s->console);
	if (s->qemu.control >= 0)
		streams_on_port(s, NULL, POLLIN);
	while (s->qemu.errors >= 0 && hear_errors(s))
		;
	console_flush(&s->errors);
}
