/* SPDX-License-Identifier: GPL-3.0-only */
/* See vm_stream.h. */
#include "cli/vm_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* Each way holds so much of what is not taken yet; then its source is not read. A pipe that
   poll says has room takes a page of bytes at once. */
enum { CHUNK = 16384, HELD_MAX = 65536, PAGE = 4096, REST_MS = 2000 };

static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };

void
stream_open(struct stream *s, int fd)
{
	sigset_t set;

	*s = (struct stream){ .fd = fd, .input = STDIN_FILENO };
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &s->mask);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
}

void
stream_close(struct stream *s)
{
	if (s->signals >= 0)
		close(s->signals);
	/* What came is answered by now: it shall not end this program below. */
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		signal(signals[i], SIG_IGN);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		signal(signals[i], SIG_DFL);
	close(s->fd);
	str_release(&s->typed);
	str_release(&s->shown);
}

static void
cut(struct str *s, size_t n)
{
	memmove(s->p, s->p + n, s->len - n);
	s->len -= n;
}

/* What is typed goes as far as the other side takes it, which is as far as the guest does. */
static void
send_typed(struct stream *s)
{
	ssize_t n = s->typed.len ? send(s->fd, s->typed.p, s->typed.len,
		MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

	if (n > 0)
		cut(&s->typed, (size_t)n);
	if (!s->ends || s->input >= 0 || s->typed.len)
		return;
	shutdown(s->fd, SHUT_WR);
	s->ends = false;
}

/* False if nobody reads any more. */
static bool
write_shown(struct stream *s)
{
	size_t size = s->shown.len < PAGE ? s->shown.len : PAGE;
	ssize_t n = size ? write(STDOUT_FILENO, s->shown.p, size) : 0;

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	cut(&s->shown, (size_t)n);
	return true;
}

static void
take_input(struct stream *s)
{
	char buffer[CHUNK];
	ssize_t n = read(s->input, buffer, sizeof(buffer));

	if (n > 0)
		s->on_input ? s->on_input(s, buffer, (size_t)n)
			    : str_addn(&s->typed, buffer, (size_t)n);
	else if (n == 0 || errno != EINTR)
		s->input = -1;
}

/* False at the end of the other side. */
static bool
take_output(struct stream *s)
{
	char buffer[CHUNK];
	ssize_t n = recv(s->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n > 0)
		s->on_output ? s->on_output(s, buffer, (size_t)n)
			     : str_addn(&s->shown, buffer, (size_t)n);
	return n > 0;
}

static int
left_of(const struct timespec *since, int timeout_ms)
{
	struct timespec now;
	int64_t gone;

	if (timeout_ms < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	gone = (int64_t)(now.tv_sec - since->tv_sec) * 1000 +
	       (now.tv_nsec - since->tv_nsec) / 1000000;
	return gone >= timeout_ms ? 0 : (int)(timeout_ms - gone);
}

/* Waits for what can go on. A descriptor whose turn it is not is none: its end would be told
   each time. */
static bool
wait_for_some(struct stream *s, struct pollfd p[4], int left)
{
	short wire = (short)((s->shown.len < HELD_MAX ? POLLIN : 0) |
		(s->typed.len ? POLLOUT : 0));

	p[0] = (struct pollfd){ wire ? s->fd : -1, wire, 0 };
	p[1] = (struct pollfd){ s->typed.len < HELD_MAX ? s->input : -1, POLLIN, 0 };
	p[2] = (struct pollfd){ s->signals, POLLIN, 0 };
	p[3] = (struct pollfd){ s->shown.len ? STDOUT_FILENO : -1, POLLOUT, 0 };
	return poll(p, 4, left) >= 0;
}

bool
stream_run(struct stream *s, int timeout_ms)
{
	struct timespec began;
	int left;

	clock_gettime(CLOCK_MONOTONIC, &began);
	while (!s->left && (left = left_of(&began, timeout_ms)) != 0) {
		struct pollfd p[4];

		if (!wait_for_some(s, p, left)) {
			if (errno == EINTR)
				continue;
			return true;
		}
		if (p[2].revents)
			s->left = s->interrupted = true;
		if (p[1].revents)
			take_input(s);
		send_typed(s);
		if (p[3].revents && !write_shown(s))
			return false;
		if ((p[0].revents & ~POLLOUT) && s->shown.len < HELD_MAX && !take_output(s))
			return false;
	}
	return true;
}

/* A signal ends that, too. */
void
stream_rest(struct stream *s)
{
	while (s->shown.len) {
		struct pollfd p[] = { { STDOUT_FILENO, POLLOUT, 0 }, { s->signals, POLLIN, 0 } };

		if (poll(p, 2, REST_MS) <= 0 || p[1].revents || !write_shown(s))
			return;
	}
}

