/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The console for any number of readers at a time: each first gets what was printed
 * before it came, as far as that is kept, and whatever any of them types goes to the
 * guest. A reader that does not read loses the oldest, and holds up nobody.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum { VIEWERS_MAX = 64, TYPED_MAX = 64 << 10 };

void
viewers_accept(struct supervisor *s, void *item, short events)
{
	int fd = accept4(s->console_listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct viewer *v;

	(void)item;
	(void)events;
	if (fd < 0)
		return;
	if (s->viewers.len >= VIEWERS_MAX) {
		close(fd);
		return;
	}
	v = xcalloc(1, sizeof(*v));
	v->fd = fd;
	v->place = ring_start(&s->ring);
	vec_push(&s->viewers, v);
}

bool
viewer_waits(const struct supervisor *s, const struct viewer *v)
{
	return v->place != s->ring.end;
}

short
viewer_events(const struct supervisor *s, const struct viewer *v)
{
	return (short)((s->typed.len > TYPED_MAX ? 0 : POLLIN) |
		(viewer_waits(s, v) ? POLLOUT : 0));
}

static void
show(const struct supervisor *s, struct viewer *v)
{
	while (viewer_waits(s, v)) {
		size_t size;
		const char *p = ring_read(&s->ring, &v->place, &size);
		ssize_t n = send(v->fd, p, size, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			v->gone = true;
			return;
		}
		v->place += (uint64_t)n;
	}
}

void
viewers_on_viewer(struct supervisor *s, void *item, short events)
{
	struct viewer *v = item;
	char buffer[4096];
	ssize_t n;

	if (events & POLLOUT)
		show(s, v);
	/* The guest does not read: nor is more taken. */
	if (v->gone || !(events & ~POLLOUT) || s->typed.len > TYPED_MAX)
		return;
	n = recv(v->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		v->gone = true;
		return;
	}
	str_addn(&s->typed, buffer, (size_t)n);
	streams_type(s);
}

void
viewers_sweep(struct supervisor *s)
{
	for (size_t i = 0; i < s->viewers.len;) {
		struct viewer *v = s->viewers.v[i];

		if (!v->gone) {
			i++;
			continue;
		}
		close(v->fd);
		free(v);
		s->viewers.v[i] = s->viewers.v[--s->viewers.len];
	}
}
