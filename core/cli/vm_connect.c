/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm connect: standard input and output at a port that somebody in the guest listens
 * on. QEMU's guests are reached by their numbers; those of Firecracker and Cloud Hypervisor,
 * which msmv does not start, by the unix socket that such a monitor has on this machine.
 */
#include "cli/vm.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/vm_stream.h"
#include "vm/folder.h"
#include "vm/local_socket.h"
#include "vm/vsock.h"

enum { CONNECT_MS = 10000, REST_MAX = 64 };

struct reach {
	const struct vm *vm;
	uint32_t port;
	int timeout_ms;
	int fd;
	char rest[REST_MAX]; /* what the guest said before anybody listened */
	size_t rest_size;
};

static int
not_reached(const struct reach *r)
{
	const char *name = r->vm->name ? r->vm->name : r->vm->socket;

	if (errno == ETIMEDOUT)
		return complain(EXIT_TIMEOUT, "no answer from port %u of %s in %d.%d s", r->port, name,
			r->timeout_ms / 1000, r->timeout_ms / 100 % 10);
	if (errno == EPIPE || errno == ECONNRESET || errno == ECONNREFUSED)
		return complain(EXIT_GUEST, "nobody in %s listens on vsock port %u", name, r->port);
	if (errno == EPROTO)
		return complain(EXIT_QMP, "%s is no vsock socket of Firecracker or Cloud Hypervisor,"
			" or refuses port %u", name, r->port);
	return complain(EXIT_FAILED, "port %u of %s: %s", r->port, name, strerror(errno));
}

/* A connection that is under way is there, or failed. -1 with errno. */
static int
await(int fd, int timeout_ms)
{
	struct pollfd p = { fd, POLLOUT, 0 };
	socklen_t size = sizeof(int);
	int n = poll(&p, 1, timeout_ms), error = 0;

	if (n == 0)
		errno = ETIMEDOUT;
	if (n <= 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -1;
	if (error)
		errno = error;
	return error ? -1 : 0;
}

static int
by_number(struct reach *r)
{
	json_t *state = vm_state(r->vm->root, r->vm->name);
	uint32_t cid = (uint32_t)vm_number(state, "cid", 0);
	bool over = vm_is_over(state);

	json_decref(state);
	if (over)
		return complain(EXIT_NO_VM, "%s does not run: msmv vm start %s starts it", r->vm->name,
			r->vm->name);
	if (!cid)
		return complain(EXIT_FAILED, "%s has no vsock, as this machine had no /dev/vhost-vsock"
			" for it", r->vm->name);
	r->fd = vsock_connect(cid, r->port);
	return r->fd < 0 || await(r->fd, r->timeout_ms) < 0 ? not_reached(r) : 0;
}

static int
by_socket(struct reach *r)
{
	r->fd = local_socket_connect(r->vm->socket);
	if (r->fd < 0)
		return complain(EXIT_NO_VM, "%s: %s", r->vm->socket, strerror(errno));
	r->rest_size = sizeof(r->rest);
	return vsock_handshake(r->fd, r->port, r->timeout_ms, r->rest, &r->rest_size) < 0
		? not_reached(r) : 0;
}

static int
take_port(const char *text, uint32_t *port)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	*port = (uint32_t)n;
	if (*text < '0' || *text > '9' || *end || errno || n >= UINT32_MAX)
		return complain(EXIT_USAGE, "a vsock port is a number up to %u, not '%s'",
			UINT32_MAX - 1, text);
	return 0;
}

/* Either side may end its half first; all is over when the guest has ended its own. */
static int
talk(struct reach *r)
{
	struct stream s;

	stream_open(&s, take_fd(r->fd));
	s.ends = true;
	str_addn(&s.shown, r->rest, r->rest_size);
	stream_run(&s, -1);
	stream_rest(&s);
	stream_close(&s);
	return s.interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	struct reach r = { .vm = &vm, .fd = -1 };
	int code = take_port(args->words.v[1], &r.port);

	if (code == 0)
		code = vm_timeout(args, "timeout", CONNECT_MS, &r.timeout_ms);
	if (code == 0)
		code = vm_open(&vm, args->words.v[0]);
	if (code == 0)
		code = vm.name ? by_number(&r) : by_socket(&r);
	if (code == 0)
		code = talk(&r);
	if (r.fd >= 0)
		close(r.fd);
	return code;
}

static const struct cmd_option options[] = {
	{ 0, "timeout", "SECONDS", "for the connection to be made (default 10)" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_connect = {
	.name = "vm connect",
	.synopsis = "NAME|SOCKET PORT [OPTIONS]",
	.help = "Standard input and output at a vsock port of the guest",
	.text = "SOCKET, with a slash, is the vsock socket of a Firecracker or Cloud Hypervisor. Ends\n"
		"when the guest closes the connection. Exit status 6: nobody listens there.\n",
	.options = options,
	.min_words = 2,
	.max_words = 2,
	.run = run,
};
