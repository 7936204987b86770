/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm snapshot: memory, devices and disks at one moment, kept inside its qcow2 disks.
 * QEMU does it as a job: its end has to be asked for.
 */
#include "cli/vm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/json.h"

enum { JOB_MS = 600000 };

/* The disks that take part. */
struct nodes {
	json_t *names;  /* of all that can be written to */
	const char *raw; /* one that cannot hold a snapshot */
	json_t *blocks; /* QEMU's answer, which raw points into */
};

static void
nodes_release(struct nodes *n)
{
	json_decref(n->names);
	json_decref(n->blocks);
}

static void
take_node(struct nodes *n, json_t *block)
{
	json_t *inserted = json_object_get(block, "inserted");
	json_t *name = json_object_get(inserted, "node-name");

	if (!inserted || json_is_true(json_object_get(inserted, "ro")))
		return;
	if (!streq(vm_text(inserted, "drv"), "qcow2"))
		n->raw = vm_text(inserted, "file");
	json_array_append(n->names, name);
}

static int
find_nodes(struct link *link, const struct vm *vm, struct nodes *n)
{
	json_t *block;
	size_t i;
	int code;

	*n = (struct nodes){ json_array(), NULL, NULL };
	code = vm_call(vm, link, "query-block", NULL, &n->blocks);
	json_array_foreach(n->blocks, i, block)
		take_node(n, block);
	if (code == 0 && n->raw)
		return complain(EXIT_QMP, "%s can hold no snapshot: only qcow2 disks can (qemu-img"
			" convert -O qcow2)", n->raw);
	if (code == 0 && !json_array_size(n->names))
		return complain(EXIT_QMP, "%s has no disk to keep a snapshot in: start it with"
			" --disk FILE.qcow2", vm->name ? vm->name : vm->socket);
	return code;
}

/* 1: it goes on; 0 with the reason of a failure in why (owned by jobs), or NULL. */
static int
job_state(json_t *jobs, const char *id, const char **why)
{
	json_t *job;
	size_t i;

	*why = NULL;
	json_array_foreach(jobs, i, job) {
		if (!streq(vm_text(job, "id"), id))
			continue;
		if (!streq(vm_text(job, "status"), "concluded"))
			return 1;
		if (json_object_get(job, "error"))
			*why = vm_text(job, "error");
	}
	return 0;
}

static int
await_job(const struct vm *vm, struct link *link, const char *id)
{
	static const struct timespec step = { .tv_nsec = 20000000 };
	json_t *jobs = NULL;
	const char *why = NULL;
	int code = 0, goes_on = 1;

	for (int ms = 0; code == 0 && goes_on && ms < JOB_MS; ms += 20) {
		json_decref(take(jobs));
		code = vm_call(vm, link, "query-jobs", NULL, &jobs);
		goes_on = job_state(jobs, id, &why);
		if (goes_on)
			nanosleep(&step, NULL);
	}
	if (code == 0 && goes_on)
		code = complain(EXIT_TIMEOUT, "QEMU is still at it after %d s", JOB_MS / 1000);
	else if (code == 0 && why)
		code = complain(EXIT_QMP, "QEMU cannot: %s", why);
	json_decref(jobs);
	if (!goes_on)
		vm_call(vm, link, "job-dismiss", json_pack("{s:s}", "id", id), NULL);
	return code;
}

static int
run_job(struct link *link, const struct vm *vm, const char *command, const char *tag, bool state)
{
	cleanup_free char *id = xasprintf("msmv-%d", (int)getpid());
	struct nodes n;
	int code = find_nodes(link, vm, &n);
	json_t *arguments = json_pack("{s:s, s:s, s:O}", "job-id", id, "tag", tag, "devices",
		n.names);

	if (state)
		json_object_set(arguments, "vmstate", json_array_get(n.names, 0));
	if (code == 0)
		code = vm_call(vm, link, command, json_incref(arguments), NULL);
	if (code == 0)
		code = await_job(vm, link, id);
	json_decref(arguments);
	nodes_release(&n);
	return code;
}

/* Loading stops the guest first, and lets it go on if it ran. */
static int
load(struct link *link, const struct vm *vm, const char *tag)
{
	json_t *status = NULL;
	int code = vm_call(vm, link, "query-status", NULL, &status);
	bool ran = json_is_true(json_object_get(status, "running"));

	json_decref(status);
	if (code == 0 && ran)
		code = vm_call(vm, link, "stop", NULL, NULL);
	if (code)
		return code;
	code = run_job(link, vm, "snapshot-load", tag, true);
	if (ran && vm_call(vm, link, "cont", NULL, NULL) != 0)
		return EXIT_QMP;
	return code;
}

static void
print_snapshots(json_t *list, bool json)
{
	json_t *s;
	size_t i;

	if (json) {
		json_print(json_pack("{s:i, s:O}", "v", 1, "snapshots", list));
		return;
	}
	json_array_foreach(list, i, s) {
		time_t date = (time_t)vm_number(s, "date-sec", 0);
		char text[32];
		struct tm tm;

		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", localtime_r(&date, &tm));
		printf("%-20s %s  %6lld MB\n", vm_text(s, "name"), text,
			(long long)(vm_number(s, "vm-state-size", 0) >> 20));
	}
	if (!json_array_size(list))
		puts("no snapshots");
}

/* Those of the first disk: it holds the memory, so each has its part there. */
static int
list(struct link *link, const struct vm *vm, bool json)
{
	struct nodes n;
	int code = find_nodes(link, vm, &n);
	json_t *block, *found = NULL, *empty = json_array();
	size_t i;

	json_array_foreach(n.blocks, i, block) {
		json_t *inserted = json_object_get(block, "inserted");
		json_t *image = json_object_get(inserted, "image");

		if (!found && inserted && !json_is_true(json_object_get(inserted, "ro")))
			found = json_object_get(image, "snapshots");
	}
	if (code == 0)
		print_snapshots(found ? found : empty, json);
	json_decref(empty);
	nodes_release(&n);
	return code;
}

static const struct {
	const char *name, *command;
	bool state;
} verbs[] = {
	{ "save", "snapshot-save", true },
	{ "load", NULL, true },
	{ "rm", "snapshot-delete", false },
	{ "list", NULL, false },
};

static int
find_verb(const char *word)
{
	const char *names[ARRAY_LEN(verbs)];
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (streq(verbs[i].name, word))
			return (int)i;
		names[i] = verbs[i].name;
	}
	near = suggest(word, names, ARRAY_LEN(names));
	complain(EXIT_USAGE, "snapshot takes save, load, list or rm, not '%s'%s%s%s", word,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
	return -1;
}

static int
act(struct link *link, const struct vm *vm, int verb, const char *tag, bool json)
{
	int code;

	if (streq(verbs[verb].name, "list"))
		return list(link, vm, json);
	code = streq(verbs[verb].name, "load")
		? load(link, vm, tag)
		: run_job(link, vm, verbs[verb].command, tag, verbs[verb].state);
	if (code == 0 && json)
		json_print(json_pack("{s:i, s:s, s:s}", "v", 1, "done", verbs[verb].name, "tag", tag));
	else if (code == 0)
		printf("%s: %s done\n", tag, verbs[verb].name);
	return code;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	struct link link;
	int verb = find_verb(args->words.v[0]), code;
	bool tagged = args->words.len == 3;

	if (verb < 0)
		return EXIT_USAGE;
	if (tagged == streq(verbs[verb].name, "list"))
		return complain(EXIT_USAGE, "usage: msmv vm snapshot save|load|rm NAME TAG, or list NAME");
	if (tagged && !json_can_hold(args->words.v[2]))
		return complain(EXIT_FAILED, "'%s' is no UTF-8, and so no name for QEMU",
			args->words.v[2]);
	code = vm_open(&vm, args->words.v[1]);
	if (code)
		return code;
	code = vm_connect(&vm, &link);
	if (code == 0)
		code = act(&link, &vm, verb, tagged ? args->words.v[2] : NULL,
			args_has(args, "json"));
	link_close(&link);
	return code;
}

static const struct cmd_option options[] = {
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_snapshot = {
	.name = "vm snapshot",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "save|load|list|rm NAME|SOCKET [TAG] [OPTIONS]",
	.help = "Keep its memory and disks at a moment, and go back there",
	.text = "Snapshots are kept in its qcow2 disks; all disks that it can write to must be such.\n",
	.options = options,
	.min_words = 2,
	.max_words = 3,
	.run = run,
};
