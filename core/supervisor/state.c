/* SPDX-License-Identifier: GPL-3.0-only */
/* What is known of the VM, for state.json, for events, and for who asks. */
#include "supervisor/supervisor.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/folder.h"
#include "vm/history.h"

int64_t
clock_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

json_t *
state_json(const struct supervisor *s)
{
	json_t *o = life_json(&s->life);

	json_object_set_new(o, "v", json_integer(1));
	json_object_set_new(o, "name", json_string(s->name));
	json_object_set_new(o, "supervisor", json_integer(getpid()));
	if (s->qemu.pid > 0)
		json_object_set_new(o, "qemu", json_integer(s->qemu.pid));
	json_object_set_new(o, "boot_id", json_string(vm_boot_id()));
	json_object_set_new(o, "began", json_real(s->began));
	if (s->vsock.cid)
		json_object_set_new(o, "cid", json_integer((json_int_t)s->vsock.cid));
	if (s->ready_ms)
		json_object_set_new(o, "ready_ms", json_integer(s->ready_ms - s->began_ms));
	if (s->life.ended) {
		json_object_set_new(o, "ran_ms", json_integer(clock_now_ms() - s->began_ms));
		json_object_set_new(o, "rss_kib", json_integer(s->qemu.rss_kib));
		json_object_del(o, "supervisor");
	}
	return o;
}

void
state_save(struct supervisor *s)
{
	vm_write_state(s->folder, state_json(s), NULL);
}

void
state_news(void *owner, const char *event, json_t *more)
{
	struct supervisor *s = owner;

	if (streq(event, "ready") && s->life.asked && !s->life.forced)
		stop_ask_again(s);

	if (s->life.ready && !s->ready_ms)
		s->ready_ms = clock_now_ms();
	if (!s->life.ready)
		s->ready_ms = 0;
	if (s->ready_ms && streq(event, "ready") && more)
		json_object_set_new(more, "ready_ms",
			json_integer(s->ready_ms - s->began_ms));
	state_save(s);
	history_add(s->root, s->name, event, more);
	if (!s->life.ended) /* that is told when all else is done */
		server_news(s);
}
