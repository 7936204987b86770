/* SPDX-License-Identifier: GPL-3.0-only */
/* QMP from a stranger: whatever comes, each command is answered once, and in any pieces the
   same is heard. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../core/vm/qmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ASKED = 3, PIECES_MAX = 16384 };

struct heard {
	struct qmp qmp;
	size_t events, replies, asked;
};

static void
on_event(void *owner, const char *name, json_t *data)
{
	struct heard *h = owner;

	(void)data;
	h->events += 1 + strlen(name);
}

static void
on_reply(void *owner, json_t *value, json_t *error)
{
	struct heard *h = owner;

	if (value && error)
		abort();
	h->replies++;
}

static void
on_ready(void *owner)
{
	struct heard *h = owner;

	while (h->asked < ASKED && qmp_ask(&h->qmp, "query-status", NULL, on_reply, h))
		h->asked++;
}

static void
hear(struct heard *h, const uint8_t *data, size_t size, size_t piece)
{
	char drain[4096];
	int pair[2];

	*h = (struct heard){ .events = 0 };
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		abort();
	qmp_init(&h->qmp, pair[0]);
	h->qmp.owner = h;
	h->qmp.event = on_event;
	h->qmp.on_ready = on_ready;
	for (size_t at = 0; at < size && h->qmp.fd >= 0; at += piece) {
		size_t n = size - at < piece ? size - at : piece;

		if (write(pair[1], data + at, n) != (ssize_t)n)
			abort();
		qmp_read(&h->qmp);
		while (recv(pair[1], drain, sizeof(drain), MSG_DONTWAIT) > 0)
			;
	}
	qmp_release(&h->qmp);
	close(pair[1]);
	if (h->replies != h->asked)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard whole, pieces;

	if (size > PIECES_MAX)
		return 0;
	hear(&whole, data, size, size ? size : 1);
	hear(&pieces, data, size, 7);
	if (whole.events != pieces.events || whole.asked != pieces.asked)
		abort();
	return 0;
}
