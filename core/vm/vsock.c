/* SPDX-License-Identifier: GPL-3.0-only */
/* See vsock.h. */
#include "vm/vsock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

/* Numbers from 2^31 on are left alone: QEMU takes them, some kernels' tools do not. */
enum { CID_RANGE = 0x7fffffff - VSOCK_CID_FIRST, ANSWER_MAX = 64 };

static bool
is_taken(uint32_t cid, const uint32_t *taken, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (taken[i] == cid)
			return true;
	return false;
}

uint32_t
vsock_cid(const char *name, const uint32_t *taken, size_t count)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (const char *p = name; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	hash %= CID_RANGE;
	while (is_taken(VSOCK_CID_FIRST + hash, taken, count))
		hash = (hash + 1) % CID_RANGE;
	return VSOCK_CID_FIRST + hash;
}

_Bool
vsock_usable(void)
{
	int fd = open("/dev/vhost-vsock", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

char *
vsock_word(const char *word, uint32_t cid, uint32_t number, int device)
{
	static const char kind[] = "vhost-vsock-";
	const char *comma = strchr(word, ',');
	char ours[32], *text = NULL;

	snprintf(ours, sizeof(ours), ",guest-cid=%u", cid);
	if (strncmp(word, kind, sizeof(kind) - 1) != 0 || !comma || strcmp(comma, ours) != 0)
		return NULL;
	if (asprintf(&text, "%.*s,guest-cid=%u,vhostfd=%d", (int)(comma - word), word, number,
		device) < 0)
		return NULL;
	return text;
}

int
vsock_connect(uint32_t cid, uint32_t port)
{
	struct sockaddr_vm a = { .svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = port };
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 ||
		errno == EINPROGRESS)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads some; -1 with errno, ETIMEDOUT when the time is over, EPIPE at the end. */
static ssize_t
read_some(int fd, char *to, size_t size, int64_t until)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int64_t left = until - now_ms();
	ssize_t n;

	if (left <= 0 || poll(&p, 1, (int)left) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	n = read(fd, to, size);
	if (n == 0)
		errno = EPIPE;
	return n > 0 ? n : n < 0 && errno == EINTR ? 0 : -1;
}

static int
judge(const char *answer, size_t line, size_t used, char *rest, size_t *size)
{
	size_t behind = used - line;

	if (strncmp(answer, "OK", 2) != 0 || (answer[2] != ' ' && answer[2] != '\n')) {
		errno = EPROTO;
		return -1;
	}
	if (behind > *size) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(rest, answer + line, behind);
	*size = behind;
	return 0;
}

int
vsock_handshake(int fd, uint32_t port, int timeout_ms, char *rest, size_t *size)
{
	int64_t until = now_ms() + timeout_ms;
	char answer[ANSWER_MAX], ask[32];
	size_t used = 0;
	int n = snprintf(ask, sizeof(ask), "CONNECT %u\n", port);

	if (send(fd, ask, (size_t)n, MSG_NOSIGNAL) != n)
		return -1;
	while (used < sizeof(answer)) {
		ssize_t got = read_some(fd, answer + used, sizeof(answer) - used, until);
		const char *end;

		if (got < 0)
			return -1;
		used += (size_t)got;
		end = memchr(answer, '\n', used);
		if (end)
			return judge(answer, (size_t)(end + 1 - answer), used, rest, size);
	}
	errno = EPROTO;
	return -1;
}
