/* SPDX-License-Identifier: GPL-3.0-only */
/* A worker runs foreign code, so whatever arrives here may be nonsense. */
#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

/* MSG_NOSIGNAL: a worker that died must not take the engine with it. */
static int
send_all(int fd, const char *p, size_t n, struct err *err)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_errno(err, "send");
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

int
wire_send(int fd, const struct record *r, struct err *err)
{
	cleanup_str struct str s = STR_INIT;
	size_t n;

	str_addn(&s, "\0\0\0\0", 4);
	record_write(r, &s);
	n = s.len - 4;
	if (n > WIRE_FRAME_MAX)
		return err_set(err, "frame of %zu bytes is too large", n);
	for (int i = 0; i < 4; i++)
		s.p[i] = (char)(n >> (8 * i) & 255);
	return send_all(fd, s.p, s.len, err);
}

/* Drops what was taken, once it is most of the buffer. */
static void
compact(struct wire_reader *w)
{
	if (!w->start || w->start * 2 < w->buf.len)
		return;
	w->buf.len -= w->start;
	memmove(w->buf.p, w->buf.p + w->start, w->buf.len);
	w->start = 0;
}

ssize_t
wire_read(struct wire_reader *w, int fd)
{
	char chunk[65536];
	ssize_t n;

	do {
		n = recv(fd, chunk, sizeof(chunk), 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		compact(w);
		str_addn(&w->buf, chunk, (size_t)n);
	}
	return n;
}

int
wire_next(struct wire_reader *w, struct record *r, struct err *err)
{
	size_t have = w->buf.len - w->start, n;
	const unsigned char *p;

	if (have < 4)
		return 0;
	p = (const unsigned char *)w->buf.p + w->start;
	n = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	if (n > WIRE_FRAME_MAX)
		return err_set(err, "frame of %zu bytes is too large", n);
	if (have - 4 < n)
		return 0;
	w->start += 4 + n;
	return record_parse(r, (const char *)p + 4, n, err) < 0 ? -1 : 1;
}

void
wire_release(struct wire_reader *w)
{
	str_release(&w->buf);
	w->start = 0;
}
