/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm console: a person, or a pipe, at the guest's serial port. A person's terminal
 * is raw meanwhile, so that Ctrl-C is the guest's; Ctrl-A is the one key that is ours.
 */
#include "cli/vm.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/folder.h"
#include "vm/local_socket.h"

/* Each way holds so much of what is not taken yet; then its source is not read. A pipe that
   poll says has room takes a page of bytes at once. */
enum { KEY = 1, CONSOLE_BYTES = 16384, HELD_MAX = 65536, PAGE = 4096,
	REST_MS = 2000 };

struct session_console {
	int fd;
	bool tty;           /* standard input is a terminal */
	bool after_key;     /* Ctrl-A came, the next key is ours */
	bool left;          /* the person wants to go */
	bool interrupted;
	int input;          /* -1: its end came */
	struct str typed;   /* for the guest, not taken yet */
	struct str shown;   /* for standard output, not taken yet */
	int signals;
	sigset_t mask;      /* before */
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

/* Signals are read like all else, so that the terminal is put right whatever ends this. */
static void
take_signals(struct session_console *c)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, &c->mask);
	c->signals = signalfd(-1, &set, SFD_CLOEXEC);
}

static void
restore(struct session_console *c)
{
	if (c->tty)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->before);
	if (c->signals >= 0)
		close(c->signals);
	/* What came is answered by now: it shall not end this program below. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	sigprocmask(SIG_SETMASK, &c->mask, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	close(c->fd);
}

static void
say(const char *text)
{
	fs_write_all(STDERR_FILENO, text, strlen(text), NULL);
}

static void
cut(struct str *s, size_t n)
{
	memmove(s->p, s->p + n, s->len - n);
	s->len -= n;
}

/* What is typed goes as far as the supervisor takes it, which is as far as the guest does. */
static void
send_typed(struct session_console *c)
{
	ssize_t n = c->typed.len ? send(c->fd, c->typed.p, c->typed.len,
		MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

	if (n > 0)
		cut(&c->typed, (size_t)n);
}

/* False if nobody reads any more. */
static bool
write_shown(struct session_console *c)
{
	size_t size = c->shown.len < PAGE ? c->shown.len : PAGE;
	ssize_t n = size ? write(STDOUT_FILENO, c->shown.p, size) : 0;

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	cut(&c->shown, (size_t)n);
	return true;
}

static void
command_key(struct session_console *c, char key)
{
	static const char itself = KEY;

	c->after_key = false;
	if (key == 't' || key == 'x' || key == 'd')
		c->left = true;
	else if (key == 'a' || key == KEY)
		str_addn(&c->typed, &itself, 1);
	else
		say("\r\nCtrl-A t leaves the console, the VM goes on; Ctrl-A a sends Ctrl-A;"
			" Ctrl-A ? is this\r\n");
}

/* What a pipe says is the guest's as it is; a person has a key to leave. */
static void
typed(struct session_console *c, const char *p, size_t n)
{
	size_t start = 0;

	for (size_t i = 0; c->tty && i < n && !c->left; i++) {
		if (c->after_key) {
			command_key(c, p[i]);
			start = i + 1;
		} else if (p[i] == KEY) {
			str_addn(&c->typed, p + start, i - start);
			c->after_key = true;
			start = i + 1;
		}
	}
	if (!c->left && start < n)
		str_addn(&c->typed, p + start, n - start);
}

static void
take_input(struct session_console *c)
{
	char buffer[CONSOLE_BYTES];
	ssize_t n = read(c->input, buffer, sizeof(buffer));

	if (n > 0)
		typed(c, buffer, (size_t)n);
	else if (n == 0 || errno != EINTR)
		c->input = -1;
}

/* False at the end of the VM. */
static bool
take_output(struct session_console *c)
{
	char buffer[CONSOLE_BYTES];
	ssize_t n = recv(c->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n > 0)
		str_addn(&c->shown, buffer, (size_t)n);
	return n > 0;
}

static int
left_of(const struct timespec *since, int timeout_ms)
{
	struct timespec now;
	int64_t gone;

	if (timeout_ms < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	gone = (int64_t)(now.tv_sec - since->tv_sec) * 1000 +
	       (now.tv_nsec - since->tv_nsec) / 1000000;
	return gone >= timeout_ms ? 0 : (int)(timeout_ms - gone);
}

/* Waits for what can go on. A descriptor whose turn it is not is none: its end would be told
   each time. */
static bool
wait_for_some(struct session_console *c, struct pollfd p[4], int left)
{
	short wire = (short)((c->shown.len < HELD_MAX ? POLLIN : 0) |
		(c->typed.len ? POLLOUT : 0));

	p[0] = (struct pollfd){ wire ? c->fd : -1, wire, 0 };
	p[1] = (struct pollfd){ c->typed.len < HELD_MAX ? c->input : -1, POLLIN, 0 };
	p[2] = (struct pollfd){ c->signals, POLLIN, 0 };
	p[3] = (struct pollfd){ c->shown.len ? STDOUT_FILENO : -1, POLLOUT, 0 };
	return poll(p, 4, left) >= 0;
}

/* False when the VM ended, or nobody reads what it prints. */
static bool
relay(struct session_console *c, int timeout_ms)
{
	struct timespec began;
	int left;

	clock_gettime(CLOCK_MONOTONIC, &began);
	while (!c->left && (left = left_of(&began, timeout_ms)) != 0) {
		struct pollfd p[4];

		if (!wait_for_some(c, p, left)) {
			if (errno == EINTR)
				continue;
			return true;
		}
		if (p[2].revents)
			c->left = c->interrupted = true;
		if (p[1].revents)
			take_input(c);
		send_typed(c);
		if (p[3].revents && !write_shown(c))
			return false;
		if ((p[0].revents & ~POLLOUT) && c->shown.len < HELD_MAX && !take_output(c))
			return false;
	}
	return true;
}

/* The rest, as long as somebody takes it: a signal ends that, too. */
static void
show_rest(struct session_console *c)
{
	while (c->shown.len) {
		struct pollfd p[] = { { STDOUT_FILENO, POLLOUT, 0 }, { c->signals, POLLIN, 0 } };

		if (poll(p, 2, REST_MS) <= 0 || p[1].revents || !write_shown(c))
			return;
	}
}

static int
no_console(const struct vm *vm)
{
	if (!vm_held(vm->root, vm->name))
		return complain(EXIT_NO_VM, "%s does not run: msmv vm logs %s shows what it printed,"
			" msmv vm start %s starts it", vm->name, vm->name, vm->name);
	return complain(EXIT_FAILED, "the console of %s: %s", vm->name, strerror(errno));
}

int
vm_console(const struct vm *vm, int timeout_ms)
{
	cleanup_free char *path = vm_path(vm->root, vm->name, "console.sock");
	struct session_console c = { .fd = local_socket_connect(path), .input = STDIN_FILENO };
	bool lives;

	if (c.fd < 0)
		return no_console(vm);
	fflush(stdout);
	take_signals(&c);
	make_raw(&c);
	if (c.tty)
		say("console of the VM; Ctrl-A t leaves it, Ctrl-A ? helps\r\n");
	lives = relay(&c, timeout_ms);
	show_rest(&c);
	restore(&c);
	str_release(&c.typed);
	str_release(&c.shown);
	if (c.tty)
		fprintf(stderr, lives ? "\nleft %s\n" : "\n%s has ended\n", vm->name);
	return c.interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	int timeout, code = vm_timeout(args, "timeout", -1, &timeout);

	if (code == 0)
		code = vm_open_named(&vm, args->words.v[0]);
	return code ? code : vm_console(&vm, timeout);
}

static const struct cmd_option options[] = {
	{ 0, "timeout", "SECONDS", "leave after so long (default: when it ends)" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_console = {
	.name = "vm console",
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
