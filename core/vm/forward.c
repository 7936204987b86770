/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why a port is reserved and not just found: what was free a moment ago may be another
 * machine's when QEMU comes to listen. Linux lets two sockets have one address if both
 * ask for SO_REUSEADDR and at most one listens, and QEMU does ask. For UDP it does not.
 *
 * A turn is an abstract socket's name: these are per network namespace, as ports are, and
 * go with who had them.
 */
#include "vm/forward.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool
port_number(const char *text, size_t n, int *port)
{
	*port = 0;
	if (n == 0 || n > 5)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*port = *port * 10 + (text[i] - '0');
	}
	return *port <= 65535;
}

/* "/udp" at the end; n becomes the length without it. */
static bool
take_protocol(const char *text, size_t *n, bool *udp)
{
	const char *slash = strchr(text, '/');

	*udp = false;
	*n = strlen(text);
	if (!slash)
		return true;
	*n = (size_t)(slash - text);
	*udp = strcmp(slash, "/udp") == 0;
	return *udp || strcmp(slash, "/tcp") == 0;
}

/* Where the last part of text[0..n) begins, behind a colon. */
static size_t
last_part(const char *text, size_t n)
{
	while (n > 0 && text[n - 1] != ':')
		n--;
	return n;
}

static bool
take_address(const char *text, size_t n, char address[FORWARD_ADDRESS_MAX])
{
	struct in_addr ip;

	if (n == 0 || n >= FORWARD_ADDRESS_MAX)
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	return inet_pton(AF_INET, address, &ip) == 1;
}

bool
forward_parse(const char *text, char address[FORWARD_ADDRESS_MAX], struct guest_forward *f,
              const char **why)
{
	size_t n, guest, host;

	*f = (struct guest_forward){ .address = NULL };
	*why = NULL;
	if (!take_protocol(text, &n, &f->udp)) {
		*why = "only /tcp and /udp may stand behind it";
		return false;
	}
	guest = last_part(text, n);
	host = guest ? last_part(text, guest - 1) : 0;
	if (!port_number(text + guest, n - guest, &f->guest) || f->guest == 0)
		*why = "the guest's port is no number from 1 to 65535";
	else if (guest && !port_number(text + host, guest - 1 - host, &f->host))
		*why = "this machine's port is no number from 0 to 65535";
	else if (host && !take_address(text, host - 1, address))
		*why = "what stands before the ports is no IPv4 address";
	else if (host)
		f->address = address;
	return !*why;
}

static int
close_kept(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static socklen_t
turn_name(const struct guest_forward *f, struct sockaddr_un *name)
{
	int n;

	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "msmv-port-%s-%d",
	             f->udp ? "udp" : "tcp", f->host);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

/* Who holds a port for good listens at its name, and answers nobody. */
static bool
is_held(const struct sockaddr_un *name, socklen_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool held = fd >= 0 && (connect(fd, (const struct sockaddr *)name, size) == 0 ||
	                        errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return held;
}

int
forward_turn(const struct guest_forward *f)
{
	struct sockaddr_un name;
	socklen_t size = turn_name(f, &name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, size) == 0)
		return fd;
	if (errno == EADDRINUSE)
		errno = is_held(&name, size) ? EBUSY : EADDRINUSE;
	return close_kept(fd);
}

int
forward_hold(const struct guest_forward *f)
{
	int fd = forward_turn(f);

	return fd < 0 || listen(fd, 1) == 0 ? fd : close_kept(fd);
}

int
forward_reserve(struct guest_forward *f)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	int fd, one = 1;

	inet_pton(AF_INET, f->address ? f->address : "127.0.0.1", &at.sin_addr);
	fd = socket(AF_INET, (f->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
		f->host = ntohs(at.sin_port);
		f->chosen = true;
		return fd;
	}
	return close_kept(fd);
}
