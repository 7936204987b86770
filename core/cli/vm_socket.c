/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The form of the first original's VMTool: a socket and a verb, for any QEMU that was
 * started by hand with -qmp unix:PATH,server=on,wait=off. Nothing of it is remembered.
 */
#include "cli/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/json.h"

enum { STOP_MS = 10000, QUIT_MS = 5000 };

struct talk {
	const struct vm *vm;
	const struct args *args;
	struct link link;
	bool json;
};

static int
query_status(struct talk *t, json_t **status)
{
	return vm_call(t->vm, &t->link, "query-status", NULL, status);
}

static int
print_status(struct talk *t)
{
	json_t *status = NULL;
	int code = query_status(t, &status);

	if (code == 0 && t->json) {
		json_object_set_new(status, "v", json_integer(1));
		json_print(json_incref(status));
	} else if (code == 0) {
		puts(vm_text(status, "status"));
	}
	json_decref(status);
	return code;
}

/* One command, and how it is then. */
static int
order(struct talk *t, const char *command)
{
	int code = vm_call(t->vm, &t->link, command, NULL, NULL);

	return code ? code : print_status(t);
}

static int
do_resume(struct talk *t)
{
	return order(t, "cont");
}

/* A QEMU that was started with -S waits for this; one that runs is left alone. */
static int
do_start(struct talk *t)
{
	json_t *status = NULL;
	int code = query_status(t, &status);
	bool runs = json_is_true(json_object_get(status, "running"));

	json_decref(status);
	if (code)
		return code;
	return runs ? print_status(t) : order(t, "cont");
}

static int
do_pause(struct talk *t)
{
	return order(t, "stop");
}

static int
do_reset(struct talk *t)
{
	return order(t, "system_reset");
}

static double
seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - since->tv_sec) +
	       (double)(now.tv_nsec - since->tv_nsec) / 1e9;
}

static int
stopped(const struct talk *t, bool forced, double s)
{
	const char *reason = t->link.shutdown;

	if (t->json)
		json_print(json_pack("{s:i, s:s, s:b, s:f, s:s*}", "v", 1, "status", "shutdown", "forced",
			(int)forced, "seconds", s, "reason", *reason ? reason : NULL));
	else
		printf("stopped: %s %.1f s\n", forced ? "forced after" : "powered off in", s);
	return EXIT_DONE;
}

/* The last resort that a monitor has. */
static int
force(struct talk *t, const struct timespec *began)
{
	cleanup_err struct err err = ERR_INIT;
	enum link_result result = link_call(&t->link, "quit", NULL, QUIT_MS, NULL, &err);

	if (result != LINK_DONE && result != LINK_GONE)
		return vm_failed(result, &err);
	if (link_wait_end(&t->link, QUIT_MS) != LINK_DONE)
		return complain(EXIT_TIMEOUT, "%s: QEMU does not quit", t->link.path);
	return stopped(t, true, seconds_since(began));
}

/* A paused guest cannot hear its button. */
static int
press_button(struct talk *t)
{
	json_t *status = NULL;
	int code = query_status(t, &status);
	bool over = streq(vm_text(status, "status"), "shutdown");
	bool runs = json_is_true(json_object_get(status, "running"));

	json_decref(status);
	if (code == 0 && over)
		snprintf(t->link.shutdown, sizeof(t->link.shutdown), "before");
	if (code == 0 && !over && !runs)
		code = vm_call(t->vm, &t->link, "cont", NULL, NULL);
	return code || over ? code : vm_call(t->vm, &t->link, "system_powerdown", NULL, NULL);
}

static int
do_stop(struct talk *t)
{
	struct timespec began;
	int code = press_button(t);

	clock_gettime(CLOCK_MONOTONIC, &began);
	if (code)
		return code;
	if (link_wait_end(&t->link, t->vm->answer_ms) == LINK_DONE)
		return stopped(t, false, seconds_since(&began));
	return force(t, &began);
}

static const struct {
	const char *name;
	int (*run)(struct talk *);
} verbs[] = {
	{ "start", do_start }, { "stop", do_stop },   { "pause", do_pause },
	{ "resume", do_resume }, { "status", print_status }, { "reset", do_reset },
};

static int
no_such_verb(const char *word)
{
	const char *names[ARRAY_LEN(verbs)];
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		names[i] = verbs[i].name;
	near = suggest(word, names, ARRAY_LEN(names));
	return complain(EXIT_USAGE, "a socket takes start, stop, pause, resume, reset or status,"
		" not '%s'%s%s%s", word, near ? ": did you mean " : "", near ? near : "",
		near ? "?" : "");
}

int
vm_socket_verb(const struct vm *vm, const char *verb, const struct args *args)
{
	struct vm patient = *vm;
	struct talk t = { .vm = &patient, .args = args, .json = args_has(args, "json") };
	int code = vm_timeout(args, "timeout", STOP_MS, &patient.answer_ms);

	if (code)
		return code;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (!streq(verbs[i].name, verb))
			continue;
		code = vm_connect(&patient, &t.link);
		if (code == 0)
			code = verbs[i].run(&t);
		link_close(&t.link);
		return code;
	}
	return no_such_verb(verb);
}
