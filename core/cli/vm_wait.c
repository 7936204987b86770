/* SPDX-License-Identifier: GPL-3.0-only */
/* Waiting for a VM, whose supervisor may come or go meanwhile. */
#include "cli/vm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "vm/folder.h"

enum { GRACE_MS = 2000 };

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Whether this is what is waited for, or it never will be. */
static bool
is_it(const json_t *state, bool ready)
{
	const char *s = vm_text(state, "state");

	return vm_guest_is_over(state) || streq(s, "crashed") ||
	       (ready && json_object_get(state, "ready_ms"));
}

/* One question to the supervisor. When the time is over it is asked how it is just now:
   what has happened already counts, however short the time was. */
static enum link_result
wait_once(const struct vm *vm, bool ready, int left_ms, json_t **state, struct err *err)
{
	struct link link;
	enum link_result result = link_open(&link, vm->socket, vm_answer_ms(vm), err);

	if (result == LINK_DONE)
		result = link_call(&link, "msmv-wait",
			json_pack("{s:s}", "for", ready ? "ready" : "end"), left_ms, state, err);
	if (result == LINK_TIMEOUT && link.qmp.ready)
		result = link_call(&link, "msmv-status", NULL, GRACE_MS, state, err);
	link_close(&link);
	if (result == LINK_DONE && !is_it(*state, ready)) {
		json_decref(take(*state));
		result = LINK_TIMEOUT;
	}
	return result;
}

/* Its state if it does not run any more. False while it does. */
static bool
has_ended(const struct vm *vm, json_t **state)
{
	if (vm_held(vm->root, vm->name))
		return false;
	*state = vm_state(vm->root, vm->name);
	return true;
}

static int
never_ran(const struct vm *vm, json_t **state)
{
	json_decref(take(*state));
	return vm_not_running(vm);
}

/*
 * A supervisor that begins or ends is not there to be asked, and one with many clients sends
 * the next one away: as long as somebody holds the VM it is asked once more.
 */
int
vm_wait(const struct vm *vm, bool ready, int timeout_ms, json_t **state)
{
	static const struct timespec step = { .tv_nsec = 20000000 };
	int64_t until = timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms, left;

	*state = NULL;
	do {
		cleanup_err struct err err = ERR_INIT;
		enum link_result result;

		left = until - now_ms();
		result = wait_once(vm, ready, timeout_ms < 0 ? -1 : left < 0 ? 0 : (int)left,
			state, &err);
		if (result == LINK_REFUSED)
			return vm_failed(result, &err);
		if (result == LINK_DONE && vm_is_over(*state))
			vm_settle(vm);
		if (result == LINK_DONE)
			return 0;
		if (has_ended(vm, state))
			return streq(vm_text(*state, "state"), "created") ? never_ran(vm, state) : 0;
		nanosleep(&step, NULL);
	} while (now_ms() < until);
	return complain(EXIT_TIMEOUT, "%s is not %s after %d.%d s", vm->name,
		ready ? "ready" : "at its end", timeout_ms / 1000, timeout_ms / 100 % 10);
}
