/* SPDX-License-Identifier: GPL-3.0-only */
/* See vm.h. */
#include "cli/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "cli/text.h"
#include "vm/folder.h"

enum { ANSWER_MS = 10000, SETTLE_MS = 5000, TAIL_LINES = 12, TAIL_BYTES = 16384 };

int
vm_open_root(struct vm *vm)
{
	*vm = (struct vm)VM_INIT;
	vm->root = vm_root();
	if (vm->root)
		return 0;
	return complain(EXIT_FAILED, "HOME is not set, so there is no place for VMs: say one in"
		" MSMV_VM_DIR");
}

static int
no_such_vm(const struct vm *vm, const char *name)
{
	cleanup_err struct err err = ERR_INIT;
	struct vm_names names;
	const char *near;

	if (vm_names(vm->root, &names, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	near = suggest(name, (const char *const *)names.v, names.len);
	if (near)
		complain(EXIT_NO_VM, "there is no VM %s: did you mean %s?", name, near);
	else if (names.len)
		complain(EXIT_NO_VM, "there is no VM %s (msmv vm list shows what there is)", name);
	else
		complain(EXIT_NO_VM, "there is no VM %s, and no other: msmv vm start makes one",
			name);
	vm_names_release(&names);
	return EXIT_NO_VM;
}

int
vm_open_named(struct vm *vm, const char *word)
{
	int code = vm_open_root(vm);

	if (code)
		return code;
	if (!vm_is_there(vm->root, word))
		return no_such_vm(vm, word);
	vm->name = xstrdup(word);
	vm->socket = vm_path(vm->root, word, "qmp.sock");
	return 0;
}

int
vm_open(struct vm *vm, const char *word)
{
	if (!strchr(word, '/'))
		return vm_open_named(vm, word);
	*vm = (struct vm){ NULL, NULL, xstrdup(word), 0 };
	return 0;
}

void
vm_release(struct vm *vm)
{
	free(vm->root);
	free(vm->name);
	free(vm->socket);
	*vm = (struct vm)VM_INIT;
}

int
vm_failed(enum link_result result, const struct err *err)
{
	static const int codes[] = {
		[LINK_DONE] = EXIT_DONE,       [LINK_NONE] = EXIT_NO_VM,
		[LINK_REFUSED] = EXIT_QMP,     [LINK_TIMEOUT] = EXIT_TIMEOUT,
		[LINK_GONE] = EXIT_QMP,
	};

	return complain(codes[result], "%s", err_msg(err));
}

int
vm_not_running(const struct vm *vm)
{
	json_t *state = vm_state(vm->root, vm->name);
	const char *why = vm_text(state, "why");
	int code = complain(EXIT_NO_VM, "%s does not run (%s%s%s): msmv vm start %s starts it",
		vm->name, vm_text(state, "state"), *why ? ": " : "", why, vm->name);

	json_decref(state);
	return code;
}

int
vm_answer_ms(const struct vm *vm)
{
	return vm->answer_ms ? vm->answer_ms : ANSWER_MS;
}

int
vm_connect(const struct vm *vm, struct link *link)
{
	cleanup_err struct err err = ERR_INIT;
	enum link_result result = link_open(link, vm->socket, vm_answer_ms(vm), &err);

	if (result == LINK_DONE)
		return 0;
	if (result == LINK_NONE && vm->name && !vm_held(vm->root, vm->name))
		return vm_not_running(vm);
	return vm_failed(result, &err);
}

int
vm_call(const struct vm *vm, struct link *link, const char *command, json_t *arguments,
	json_t **value)
{
	cleanup_err struct err err = ERR_INIT;
	enum link_result result = link_call(link, command, arguments, vm_answer_ms(vm), value, &err);

	return result == LINK_DONE ? 0 : vm_failed(result, &err);
}

int
vm_timeout(const struct args *args, const char *option, int fallback, int *ms)
{
	const char *text = args_get(args, option, 0);
	char *end;
	double s;

	*ms = fallback;
	if (!text)
		return 0;
	s = strtod(text, &end);
	if (*end || !(s >= 0) || s > 1000000)
		return complain(EXIT_USAGE, "--%s wants seconds, not '%s'", option, text);
	*ms = (int)(s * 1000);
	return 0;
}

const char *
vm_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

int64_t
vm_number(const json_t *o, const char *key, int64_t other)
{
	json_t *n = json_object_get(o, key);

	return json_is_number(n) ? (int64_t)json_number_value(n) : other;
}

bool
vm_is_over(const json_t *state)
{
	const char *s = vm_text(state, "state");

	return streq(s, "stopped") || streq(s, "dead") || streq(s, "created");
}

bool
vm_guest_is_over(const json_t *state)
{
	return vm_is_over(state) || streq(vm_text(state, "state"), "shutdown");
}

int
vm_end_code(const json_t *state)
{
	const char *s = vm_text(state, "state");

	return streq(s, "dead") || streq(s, "crashed") || vm_number(state, "code", 0) > 0
		? EXIT_GUEST : EXIT_DONE;
}

void
vm_print_end(const struct vm *vm, const json_t *state)
{
	const char *why = vm_text(state, "why");
	int64_t code = vm_number(state, "code", -1);

	printf("%s is %s%s%s", vm->name, vm_text(state, "state"), *why ? ": " : "", why);
	if (code >= 0)
		printf(" (guest's code %lld)", (long long)code);
	putchar('\n');
}

/* The last lines of a file, "" if there is none. */
static void
read_tail(const char *path, struct str *out)
{
	cleanup_str struct str all = STR_INIT;
	const char *p, *text;
	size_t lines = 0;
	FILE *f = fopen(path, "re");
	char buffer[TAIL_BYTES];
	size_t n;

	if (!f)
		return;
	if (fseek(f, -TAIL_BYTES, SEEK_END) < 0)
		rewind(f);
	n = fread(buffer, 1, sizeof(buffer), f);
	fclose(f);
	for (size_t i = 0; i < n; i++)
		if (buffer[i] && buffer[i] != '\r')
			str_addc(&all, buffer[i]);
	text = str_text(&all);
	for (p = text + all.len; p > text; p--)
		if (p[-1] == '\n' && p < text + all.len && ++lines == TAIL_LINES)
			break;
	text_clean_lines(out, p);
}

void
vm_print_tail(const struct vm *vm)
{
	cleanup_free char *path = vm_path(vm->root, vm->name, "console.log");
	cleanup_str struct str tail = STR_INIT;

	read_tail(path, &tail);
	if (!tail.len)
		return;
	fprintf(stderr, "the last lines of its console:\n%s%s", tail.p,
		str_ends(tail.p, "\n") ? "" : "\n");
}

void
vm_settle(const struct vm *vm)
{
	static const struct timespec step = { .tv_nsec = 10000000 };

	for (int ms = 0; vm_held(vm->root, vm->name) && ms < SETTLE_MS; ms += 10)
		nanosleep(&step, NULL);
}
