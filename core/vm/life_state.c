/* SPDX-License-Identifier: GPL-3.0-only */
/* What the facts come to: a state, the reason of an end, and all of it as an object. */
#include "vm/life_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

void
life_tell(const struct life *l, const char *event, json_t *more)
{
	if (l->tell)
		l->tell(l->owner, event, more);
	else
		json_decref(more);
}

void
life_only_ascii(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			*text = '?';
}

void
life_say(char *to, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(to, size, fmt, ap);
	va_end(ap);
	life_only_ascii(to);
}

enum life_state
life_state(const struct life *l)
{
	const struct {
		bool holds;
		enum life_state state;
	} table[] = {
		{ l->ended, l->failed ? LIFE_DEAD : LIFE_STOPPED },
		{ !l->up, LIFE_STARTING },
		{ l->asked || l->forced, LIFE_STOPPING },
		{ l->off, LIFE_SHUTDOWN },
		{ l->trouble[0] != '\0', LIFE_CRASHED },
		{ l->paused, LIFE_PAUSED },
		{ l->ready, LIFE_READY },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].holds)
			return table[i].state;
	return LIFE_RUNNING;
}

const char *
life_state_name(enum life_state state)
{
	static const char *const names[] = {
		[LIFE_STARTING] = "starting", [LIFE_RUNNING] = "running",
		[LIFE_READY] = "ready",       [LIFE_PAUSED] = "paused",
		[LIFE_CRASHED] = "crashed",   [LIFE_STOPPING] = "stopping",
		[LIFE_STOPPED] = "stopped",   [LIFE_DEAD] = "dead",
		[LIFE_SHUTDOWN] = "shutdown",
	};

	return names[state];
}

/* What QEMU's reason for its end means; failed: no guest ends so that is well. */
static void
by_reason(struct life *l)
{
	static const struct {
		const char *reason, *words;
		bool failed;
	} table[] = {
		{ "guest-shutdown", "the guest powered off", false },
		{ "guest-reset", "the guest reset itself", false },
		{ "guest-panic", "the guest's kernel panicked", true },
		{ "host-qmp-quit", "QEMU was told to quit", false },
		{ "host-signal", "QEMU got a signal to end", true },
		{ "host-error", "QEMU gave up on an error of the host", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].reason, l->shutdown) == 0) {
			life_say(l->why, sizeof(l->why), "%s", table[i].words);
			l->failed = table[i].failed;
			return;
		}
	life_say(l->why, sizeof(l->why), "QEMU ended%s%s", l->shutdown[0] ? ": " : "", l->shutdown);
}

/* An init that said it is ready also says when it ends. */
static void
in_order(struct life *l)
{
	by_reason(l);
	if (l->failed)
		return;
	if (l->ready && !l->halted && strcmp(l->shutdown, "guest-reset") == 0) {
		l->failed = true;
		life_say(l->why, sizeof(l->why), "the guest reset itself without ending in order");
	} else if (l->halted && l->app[0] && l->code != 0) {
		life_say(l->why, sizeof(l->why), "application %s ended with status %lld", l->app,
		    (long long)l->app_code);
	} else if (l->halted && l->app[0] && strcmp(l->halt_reason, "exit") == 0) {
		life_say(l->why, sizeof(l->why), "application %s ended with 0", l->app);
	} else if (l->halted && strcmp(l->shutdown, "guest-reset") == 0) {
		life_say(l->why, sizeof(l->why), "the guest ended in order");
	}
}

void
life_end(struct life *l, const char *qemu, int status, const char *words)
{
	const char *between = *words ? ": " : "";

	l->ended = true;
	if (l->forced) {
		life_say(l->why, sizeof(l->why), "it was forced");
	} else if (WIFSIGNALED(status)) {
		l->failed = true;
		life_say(l->why, sizeof(l->why), "%s was ended by signal %d (%s)%s%s", qemu,
		    WTERMSIG(status), strsignal(WTERMSIG(status)), between, words);
	} else if (WEXITSTATUS(status) != 0) {
		l->failed = true;
		life_say(l->why, sizeof(l->why), "%s ended with status %d%s%s", qemu,
		    WEXITSTATUS(status), between, words);
	} else if (l->trouble[0]) {
		l->failed = true;
		life_say(l->why, sizeof(l->why), "%s", l->trouble);
	} else {
		in_order(l);
	}
	life_tell(l, l->failed ? "died" : "stopped", json_pack("{s:s}", "why", l->why));
}

json_t *
life_json(const struct life *l)
{
	json_t *o = json_pack("{s:s}", "state", life_state_name(life_state(l)));
	struct life off = *l;
	const struct {
		const char *name, *text;
	} texts[] = {
		{ "why", l->ended ? l->why : l->trouble[0] ? l->trouble : l->off ? off.why
			: l->paused ? l->io_error : "" },
		{ "control", l->control },
		{ "app", l->app },
		{ "halt", l->halt },
		{ "shutdown", l->shutdown },
	};

	in_order(&off); /* as it will be told of when QEMU has gone */
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].text[0])
			json_object_set_new(o, texts[i].name, json_string(texts[i].text));
	if (l->boottime_us)
		json_object_set_new(o, "boottime_us", json_integer((json_int_t)l->boottime_us));
	if (l->app[0]) {
		json_object_set_new(o, "app_code", json_integer((json_int_t)l->app_code));
		json_object_set_new(o, "app_signal", json_integer((json_int_t)l->app_signal));
	}
	if (l->code >= 0)
		json_object_set_new(o, "code", json_integer((json_int_t)l->code));
	if (l->ended)
		json_object_set_new(o, "forced", json_boolean(l->forced));
	return o;
}
