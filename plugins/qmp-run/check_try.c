/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One try of a check. None of them waits: the guest talks meanwhile, and a console that
 * nobody reads stops it.
 */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boot.h"
#include "ports.h"

void
check_came(struct check *c, const char *before, const char *text)
{
	size_t n = (size_t)snprintf(c->came, sizeof(c->came), "%s", before);

	for (; *text && n + 1 < sizeof(c->came); text++)
		c->came[n++] = (unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f
		                       ? ' ' : *text;
	while (n > 0 && c->came[n - 1] == ' ')
		n--;
	c->came[n] = '\0';
}

void
check_came_nothing(struct check *c, const char *text)
{
	if (!c->came[0])
		check_came(c, "", text);
}

/* ---- The console ------------------------------------------------------- */

static bool
try_console(struct boot *b, struct check *c, int64_t deadline)
{
	while (!c->seen && !boot_over(b) && boot_now() < deadline)
		boot_listen_for(b, CHECK_TURN_MS);
	if (!c->seen)
		check_came(c, "no such line, but at last: ", b->last[0] ? b->last : "(none)");
	return c->seen;
}

/* ---- A process ---------------------------------------------------------- */

struct child {
	pid_t pid;
	int fd; /* what it prints */
	char text[CHECK_ANSWER_MAX];
	size_t used;
};

static void
set_ports(const struct guest *g)
{
	char name[32], value[16];

	for (size_t i = 0; i < g->nic_count; i++)
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			const struct guest_forward *f = &g->nics[i].forwards[k];

			if (!port_is_local(f))
				continue;
			snprintf(name, sizeof(name), "MSMV_PORT_%s%d", f->udp ? "UDP_" : "",
			         f->guest);
			snprintf(value, sizeof(value), "%d", f->host);
			setenv(name, value, 1);
		}
}

/* A group of its own, so that it ends with all that it started. */
static void
child_main(struct boot *b, const struct check *c, int fd, int64_t left)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	dup2(null, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (c->kind == CHECK_HTTP) {
		int status = check_http(c, port_local(b->guest, c->port), left);

		fflush(stdout);
		_exit(status);
	}
	signal(SIGPIPE, SIG_DFL);
	set_ports(b->guest);
	execl("/bin/sh", "sh", "-c", c->what, (char *)NULL);
	_exit(127);
}

static bool
child_start(struct boot *b, const struct check *c, struct child *child, int64_t left)
{
	int pipe_fd[2];

	child->used = 0;
	if (pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return false;
	fcntl(pipe_fd[1], F_SETFL, 0);
	child->pid = fork();
	if (child->pid == 0)
		child_main(b, c, pipe_fd[1], left);
	close(pipe_fd[1]);
	child->fd = pipe_fd[0];
	if (child->pid > 0)
		setpgid(child->pid, child->pid);
	else
		close(child->fd);
	return child->pid > 0;
}

/* What comes when the room is full is dropped, so that the process goes on. */
static void
child_read(struct child *child)
{
	char dropped[4096];

	for (;;) {
		size_t room = sizeof(child->text) - 1 - child->used;
		ssize_t n = room ? read(child->fd, child->text + child->used, room)
		                 : read(child->fd, dropped, sizeof(dropped));

		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		if (n > 0 && room)
			child->used += (size_t)n;
	}
	for (size_t i = 0; i < child->used; i++)
		if (!child->text[i])
			child->text[i] = ' ';
	child->text[child->used] = '\0';
}

/* Its status as waitpid has it; -1 when its time was over, or the guest's. */
static int
child_wait(struct boot *b, struct child *child, int64_t deadline)
{
	int status = -1;
	bool over = false;

	for (;;) {
		pid_t pid = waitpid(child->pid, &status, over ? 0 : WNOHANG);

		if (pid == child->pid || (pid < 0 && errno != EINTR))
			break;
		child_read(child);
		over = boot_over(b) || boot_now() >= deadline ||
		       b->stage->host->cancelled(b->stage);
		if (over)
			kill(-child->pid, SIGKILL);
		else
			boot_listen_for(b, CHECK_TURN_MS);
	}
	child_read(child);
	kill(-child->pid, SIGKILL); /* what it left behind */
	close(child->fd);
	return over ? -1 : status;
}

static bool
try_http(struct boot *b, struct check *c, int64_t deadline)
{
	static struct child child;
	int status;

	if (!child_start(b, c, &child, deadline - boot_now()))
		return false;
	status = child_wait(b, &child, deadline);
	if (child.used)
		check_came(c, "", child.text);
	else
		check_came_nothing(c, "no answer in time");
	return status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
try_command(struct boot *b, struct check *c, int64_t deadline)
{
	static struct child child;
	char before[64];
	int status, code = -1;

	if (!child_start(b, c, &child, deadline - boot_now()))
		return false;
	status = child_wait(b, &child, deadline);
	if (status < 0) {
		check_came_nothing(c, "no end of it");
		return false;
	}
	if (WIFEXITED(status)) {
		code = WEXITSTATUS(status);
		snprintf(before, sizeof(before), "exit status %d", code);
	} else {
		snprintf(before, sizeof(before), "signal %d", WTERMSIG(status));
	}
	if (child.used)
		strcat(before, ": ");
	check_came(c, before, child.text);
	return code == c->exit_code && check_text(c, child.text);
}

/* ---- Any of them ---------------------------------------------------------- */

bool
check_try(struct boot *b, struct check *c, int64_t deadline)
{
	static bool (*const table[])(struct boot *, struct check *, int64_t) = {
		[CHECK_CONSOLE] = try_console,
		[CHECK_TCP] = check_tcp,
		[CHECK_HTTP] = try_http,
		[CHECK_COMMAND] = try_command,
	};

	return table[c->kind](b, c, deadline);
}
