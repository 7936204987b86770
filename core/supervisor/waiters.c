/* SPDX-License-Identifier: GPL-3.0-only */
/* Clients of qmp.sock that are answered when something has happened. */
#include "supervisor/supervisor.h"

#include "base/mem.h"

void
server_wait(struct supervisor *s, struct client *c, json_t *id, enum wait_kind what)
{
	struct waiter w = { c->serial, json_incref(id), what };

	c->asked++;
	vec_push(&s->waiters, w);
	server_news(s);
}

static json_t *
news(const struct supervisor *s)
{
	json_t *state = state_json(s);

	if (s->asked_ms)
		json_object_set_new(state, "stop_ms",
			json_integer(clock_now_ms() - s->asked_ms));
	if (s->unasked)
		json_object_set_new(state, "unasked", json_true());
	return state;
}

/* A crash, or a guest that is off in a QEMU that stays, ends each wait but that of who ends the VM. */
static bool
is_due(const struct supervisor *s, const struct waiter *w)
{
	const struct life *l = &s->life;

	if (l->ended)
		return true;
	if (w->what == WAIT_GONE)
		return false;
	return ((l->trouble[0] || l->off) && !s->asked_ms) || (w->what == WAIT_READY && l->ready);
}

void
server_news(struct supervisor *s)
{
	for (size_t i = 0; i < s->waiters.len;) {
		struct waiter w = s->waiters.v[i];
		struct client *c = server_find(s, w.client);

		if (!is_due(s, &w)) {
			i++;
			continue;
		}
		s->waiters.v[i] = s->waiters.v[--s->waiters.len];
		if (c)
			c->asked--;
		server_answer(s, w.client, w.id, "return", news(s));
	}
}

void
server_forget_waiters(struct supervisor *s, long long client)
{
	for (size_t i = 0; i < s->waiters.len;) {
		if (s->waiters.v[i].client != client) {
			i++;
			continue;
		}
		json_decref(s->waiters.v[i].id);
		s->waiters.v[i] = s->waiters.v[--s->waiters.len];
	}
}
