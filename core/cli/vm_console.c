/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm console: a person, or a pipe, at the guest's serial port. A person's terminal
 * is raw meanwhile, so that Ctrl-C is the guest's; Ctrl-A is the one key that is ours.
 */
#include "cli/vm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/vm_lines.h"
#include "cli/vm_stream.h"
#include "vm/folder.h"
#include "vm/local_socket.h"

enum { KEY = 1 };

struct session_console {
	struct stream stream;
	bool tty;       /* standard input is a terminal */
	bool after_key; /* Ctrl-A came, the next key is ours */
	bool json;
	struct vm_lines lines;
	struct termios before;
};

static void
make_raw(struct session_console *c)
{
	struct termios raw;

	c->tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &c->before) == 0;
	if (!c->tty)
		return;
	raw = c->before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

static void
say(const char *text)
{
	fs_write_all(STDERR_FILENO, text, strlen(text), NULL);
}

static void
command_key(struct session_console *c, char key)
{
	static const char itself = KEY;

	c->after_key = false;
	if (key == 't' || key == 'x' || key == 'd')
		c->stream.left = true;
	else if (key == 'a' || key == KEY)
		str_addn(&c->stream.typed, &itself, 1);
	else
		say("\r\nCtrl-A t leaves the console, the VM goes on; Ctrl-A a sends Ctrl-A;"
			" Ctrl-A ? is this\r\n");
}

/* A person has a key to leave; what a pipe says is the guest's as it is. */
static void
on_typed(struct stream *s, const char *p, size_t n)
{
	struct session_console *c = s->owner;
	size_t start = 0;

	for (size_t i = 0; i < n && !s->left; i++) {
		if (c->after_key) {
			command_key(c, p[i]);
			start = i + 1;
		} else if (p[i] == KEY) {
			str_addn(&s->typed, p + start, i - start);
			c->after_key = true;
			start = i + 1;
		}
	}
	if (!s->left && start < n)
		str_addn(&s->typed, p + start, n - start);
}

static void
on_printed(struct stream *s, const char *bytes, size_t n)
{
	vm_lines_feed(&((struct session_console *)s->owner)->lines, bytes, n, &s->shown);
}

static int
no_console(const struct vm *vm)
{
	if (!vm_held(vm->root, vm->name))
		return complain(EXIT_NO_VM, "%s does not run: msmv vm logs %s shows what it printed,"
			" msmv vm start %s starts it", vm->name, vm->name, vm->name);
	return complain(EXIT_FAILED, "the console of %s: %s", vm->name, strerror(errno));
}

/* A person's terminal, or the lines that a program reads. */
static void
set_up(struct session_console *c)
{
	struct stream *s = &c->stream;

	s->owner = c;
	s->on_output = c->json ? on_printed : NULL;
	make_raw(c);
	if (!c->tty)
		return;
	s->on_input = on_typed;
	say("console of the VM; Ctrl-A t leaves it, Ctrl-A ? helps\r\n");
}

int
vm_console(const struct vm *vm, int timeout_ms, bool json)
{
	cleanup_free char *path = vm_path(vm->root, vm->name, "console.sock");
	struct session_console c = { .json = json };
	int fd = local_socket_connect(path);
	bool lives;

	if (fd < 0)
		return no_console(vm);
	fflush(stdout);
	stream_open(&c.stream, fd);
	set_up(&c);
	lives = stream_run(&c.stream, timeout_ms);
	vm_lines_end(&c.lines, &c.stream.shown);
	stream_rest(&c.stream);
	if (c.tty)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c.before);
	stream_close(&c.stream);
	if (c.tty)
		fprintf(stderr, lives ? "\nleft %s\n" : "\n%s has ended\n", vm->name);
	return c.stream.interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	bool json = args_has(args, "json");
	int timeout, code = vm_timeout(args, "timeout", -1, &timeout);

	if (code == 0 && json && isatty(STDIN_FILENO))
		return complain(EXIT_USAGE, "console --json is for programs, and standard input is"
			" a person's terminal");
	if (code == 0)
		code = vm_open_named(&vm, args->words.v[0]);
	return code ? code : vm_console(&vm, timeout, json);
}

static const struct cmd_option options[] = {
	{ 0, "timeout", "SECONDS", "leave after so long (default: when it ends)" },
	{ 0, "json", NULL, "an object for each line that it prints" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_console = {
	.name = "vm console",
	.json = CMD_JSON_LINES,
	.synopsis = "NAME [OPTIONS]",
	.help = "Its serial console, both ways",
	.text = "Begins with the last 256 KB that it printed. Any number may watch and type. On a\n"
		"terminal Ctrl-A t leaves, Ctrl-A a sends Ctrl-A, and all other keys are the guest's.\n"
		"Input that is no terminal goes to the guest as it is.\n",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
