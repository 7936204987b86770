/* SPDX-License-Identifier: GPL-3.0-only */
/* See vm_plug.h. */
#include "cli/vm_plug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/json.h"
#include "vm/folder.h"
#include "vm/history.h"

enum { REMOVE_MS = 10000, BACK_MS = 5000, PLUGS_MAX = 64 };

int
plug_call(struct plug *p, const char *command, json_t *arguments, json_t **value)
{
	return vm_call(&p->vm, &p->link, command, arguments, value);
}

/* ---- What is there ---------------------------------------------------------- */

/* Whether QEMU has a device of this name. An exit code. */
static int
find(struct plug *p, const char *id, bool *there)
{
	json_t *list = NULL, *o;
	size_t i;
	int code = plug_call(p, "qom-list", json_pack("{s:s}", "path", "/machine/peripheral"), &list);

	*there = false;
	json_array_foreach(list, i, o)
		*there |= streq(vm_text(o, "name"), id);
	json_decref(list);
	return code;
}

/* The first name that nobody has. */
static int
take_id(struct plug *p)
{
	bool there = true;
	int code = 0;

	for (int i = 0; code == 0 && there && i < PLUGS_MAX; i++) {
		snprintf(p->id, sizeof(p->id), "%s%d", p->noun->ids, i);
		code = find(p, p->id, &there);
	}
	return code == 0 && there ? complain(EXIT_FAILED, "too many") : code;
}

static void
print_row(const json_t *row)
{
	if (json_object_get(row, "file"))
		printf("%-16s %s, %s%s\n", vm_text(row, "id"), vm_text(row, "file"),
			vm_text(row, "format"),
			json_is_true(json_object_get(row, "readonly")) ? ", readonly" : "");
	else
		printf("%-16s %s\n", vm_text(row, "id"), vm_text(row, "mac"));
}

static int
list(struct plug *p)
{
	json_t *told = NULL, *o, *rows = json_array();
	size_t i;
	int code = plug_call(p, p->noun->query, NULL, &told);

	json_array_foreach(told, i, o) {
		json_t *row = p->noun->row(o);

		if (row)
			json_array_append_new(rows, row);
	}
	if (code == 0 && p->json)
		json_print(json_pack("{s:i, s:O}", "v", 1, p->noun->plural, rows));
	else if (code == 0)
		json_array_foreach(rows, i, o)
			print_row(o);
	json_decref(rows);
	json_decref(told);
	return code;
}

/* ---- add -------------------------------------------------------------------- */

/* pc has its root bus for that, q35 and virt a slot each. */
static int
check_machine(const struct plug *p)
{
	const char *machine = vm_text(p->config, "machine");

	if (streq(machine, "pc") || vm_number(p->config, "slots", 0) > 0)
		return 0;
	if (streq(machine, "q35") || streq(machine, "virt"))
		return complain(EXIT_FAILED, "%s has no slot for it: msmv vm start --slots N gives it N",
			p->vm.name);
	return complain(EXIT_FAILED, "%s is a %s, into which nothing can be plugged while it runs: q35"
		" and virt with --slots N, and pc, can", p->vm.name, machine);
}

static bool
is_in_use(const struct err *err)
{
	return strstr(err_msg(err), "in use") != NULL;
}

/* In the first slot that is free. device is released. */
static int
plug_in(struct plug *p, json_t *device)
{
	int slots = (int)vm_number(p->config, "slots", 0);
	enum link_result result = LINK_REFUSED;
	cleanup_err struct err err = ERR_INIT;
	char bus[16];

	for (int i = 0; result == LINK_REFUSED && (i < slots || (i == 0 && !slots)); i++) {
		snprintf(bus, sizeof(bus), "slot%d", i);
		if (slots) { /* at any other address it would be seen by nobody */
			json_object_set_new(device, "bus", json_string(bus));
			json_object_set_new(device, "addr", json_string("0"));
		}
		err_clear(&err);
		result = link_call(&p->link, "device_add", json_incref(device), p->timeout_ms, NULL,
			&err);
		if (result == LINK_REFUSED && !is_in_use(&err))
			break;
	}
	json_decref(device);
	if (result == LINK_REFUSED && slots && is_in_use(&err) && strstr(err_msg(&err), "PCI"))
		return complain(EXIT_QMP, "no slot of %s is free", p->vm.name);
	return result == LINK_DONE ? 0 : vm_failed(result, &err);
}

/* QEMU lets go of a device a moment after it is gone. */
static int
remove_back(struct plug *p)
{
	static const struct timespec step = { .tv_nsec = 20000000 };
	enum link_result result = LINK_REFUSED;
	cleanup_err struct err err = ERR_INIT;

	for (int ms = 0; result == LINK_REFUSED && ms <= BACK_MS; ms += 20) {
		err_clear(&err);
		result = link_call(&p->link, p->noun->remove, json_pack("{s:s}",
			p->noun->remove_key, p->id), p->timeout_ms, NULL, &err);
		if (result == LINK_REFUSED && !is_in_use(&err))
			break;
		if (result == LINK_REFUSED)
			nanosleep(&step, NULL);
	}
	return result == LINK_DONE ? 0 : vm_failed(result, &err);
}

/* A card's own address comes of the VM's name and its own; of the plan nothing else counts. */
static int
add(struct plug *p)
{
	json_t *device;
	struct vm named = { .root = p->vm.root };
	struct vm_plan plan = VM_PLAN_INIT(&named, NULL);
	int code = check_machine(p);

	if (code == 0)
		code = take_id(p);
	if (code)
		return code;
	named.name = xasprintf("%s %s", p->vm.name, p->id);
	device = json_pack("{s:s, s:s}", "driver", p->noun->driver, "id", p->id);
	code = p->noun->back(p, &plan, device);
	if (code == 0) {
		code = plug_in(p, device);
		if (code)
			remove_back(p);
	} else {
		json_decref(device);
	}
	plan_release(&plan);
	free(named.name);
	return code;
}

/* ---- rm --------------------------------------------------------------------- */

/* The guest lets go of it in its own time. */
static int
await_removal(struct plug *p)
{
	static const struct timespec step = { .tv_nsec = 20000000 };
	bool there = true;
	int code = 0;

	for (int ms = 0; code == 0 && there && ms <= p->timeout_ms; ms += 20) {
		code = find(p, p->id, &there);
		if (there)
			nanosleep(&step, NULL);
	}
	if (code == 0 && there)
		return complain(EXIT_TIMEOUT, "the guest of %s has not let go of %s in %d.%d s",
			p->vm.name, p->id, p->timeout_ms / 1000, p->timeout_ms / 100 % 10);
	return code;
}

static int
take_away(struct plug *p)
{
	bool there;
	int code;

	snprintf(p->id, sizeof(p->id), "%s", p->text);
	if (!str_starts(p->text, p->noun->ids) || !json_can_hold(p->id))
		return complain(EXIT_USAGE, "'%s' was not plugged in: msmv vm %s list %s tells what was,"
			" %s...", p->text, p->noun->name, p->vm.name, p->noun->ids);
	code = find(p, p->id, &there);
	if (code == 0 && !there)
		code = complain(EXIT_FAILED, "%s has no %s (msmv vm %s list %s)", p->vm.name, p->id,
			p->noun->name, p->vm.name);
	if (code == 0)
		code = plug_call(p, "device_del", json_pack("{s:s}", "id", p->id), NULL);
	if (code == 0)
		code = await_removal(p);
	return code ? code : remove_back(p);
}

/* ---- The verbs -------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct plug *p);
	size_t words;
	const char *event; /* that tells of it, behind the noun */
	const char *done;
} verbs[] = {
	{ "add", add, 3, "added", "is there" },
	{ "rm", take_away, 3, "removed", "is gone" },
	{ "list", list, 2, NULL, NULL },
};

static int
find_verb(const struct noun *noun, const struct args *args)
{
	const char *word = args->words.v[0], *names[ARRAY_LEN(verbs)], *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		names[i] = verbs[i].name;
		if (streq(verbs[i].name, word) && args->words.len == verbs[i].words)
			return (int)i;
		if (streq(verbs[i].name, word)) {
			complain(EXIT_USAGE, "usage: msmv vm %s add NAME %s, rm NAME ID, or list NAME",
				noun->name, noun->what);
			return -1;
		}
	}
	near = suggest(word, names, ARRAY_LEN(names));
	complain(EXIT_USAGE, "%s takes add, rm or list, not '%s'%s%s%s", noun->name, word,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
	return -1;
}

static void
tell(const struct plug *p, int verb)
{
	cleanup_free char *event = xasprintf("%s-%s", p->noun->name, verbs[verb].event);

	history_add(p->vm.root, p->vm.name, event, json_pack("{s:s}", "id", p->id));
	if (p->json)
		json_print(json_pack("{s:i, s:s, s:s, s:s}", "v", 1, "name", p->vm.name, "id", p->id,
			"done", verbs[verb].name));
	else
		printf("%s of %s %s\n", p->id, p->vm.name, verbs[verb].done);
}

int
plug_run(const struct noun *noun, const struct args *args)
{
	struct plug p = { .noun = noun, .json = args_has(args, "json") };
	int verb = find_verb(noun, args);
	int code = vm_timeout(args, "timeout", REMOVE_MS, &p.timeout_ms);

	if (verb < 0 || code)
		return EXIT_USAGE;
	p.text = args->words.len > 2 ? args->words.v[2] : "";
	code = vm_open_named(&p.vm, args->words.v[1]);
	if (code == 0) {
		p.config = vm_read(p.vm.root, p.vm.name, "vm.json");
		code = vm_connect(&p.vm, &p.link);
		if (code == 0)
			code = verbs[verb].run(&p);
		if (code == 0 && verbs[verb].event)
			tell(&p, verb);
		link_close(&p.link);
	}
	json_decref(p.config);
	vm_release(&p.vm);
	return code;
}

const struct cmd_option plug_options[] = {
	{ 0, "timeout", "SECONDS", "of rm: for the guest to let go (default 10)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};
