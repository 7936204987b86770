/* SPDX-License-Identifier: GPL-3.0-only */
/* Child processes of a stage: argv, never a shell; output to the log, a file or a string. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "worker/worker.h"

enum { CAPTURE_MAX = 1024 * 1024, EXEC_FAILED = 126 };

struct child {
	struct worker *w;
	const struct msmv_command *c;
	pid_t pid;
	int out;               /* our end of its standard output, or -1 */
	struct str captured;   /* for c->output */
	struct str line;       /* for c->on_line */
};

/* In the child, after fork: only async-signal-safe calls. */
static void
give_up(int status)
{
	int code = errno;

	(void)!write(status, &code, sizeof(code));
	_exit(EXEC_FAILED);
}

static void
redirect(int to, const char *path, int flags, int status)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0 || dup2(fd, to) < 0)
		give_up(status);
}

static void
exec_child(const struct msmv_command *c, const char *dir, int out, int status)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	redirect(0, c->stdin_path ? c->stdin_path : "/dev/null", O_RDONLY, status);
	if (out >= 0)
		dup2(out, 1);
	else if (c->stdout_path)
		redirect(1, c->stdout_path, O_WRONLY | O_CREAT | O_TRUNC, status);
	if (chdir(dir) == 0)
		execvp(c->argv[0], (char *const *)(uintptr_t)c->argv);
	give_up(status);
}

static void
log_argv(const struct msmv_command *c)
{
	fputs("+", stderr);
	for (size_t i = 0; c->argv[i]; i++)
		fprintf(stderr, strpbrk(c->argv[i], " \t\n'\"\\$") ? " '%s'" : " %s", c->argv[i]);
	fputc('\n', stderr);
}

static void
take_lines(struct child *ch, const char *p, size_t n)
{
	for (const char *end; n && (end = memchr(p, '\n', n));) {
		str_addn(&ch->line, p, (size_t)(end - p));
		ch->c->on_line(&ch->w->stage, str_text(&ch->line), ch->c->on_line_arg);
		str_reset(&ch->line);
		n -= (size_t)(end + 1 - p);
		p = end + 1;
	}
	if (ch->line.len + n < 65536)
		str_addn(&ch->line, p, n);
}

/* 0 at the end of the child's output. */
static int
take_output(struct child *ch)
{
	char buf[16384];
	ssize_t n = read(ch->out, buf, sizeof(buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (ch->c->output) {
		size_t room = CAPTURE_MAX - ch->captured.len;

		str_addn(&ch->captured, buf, (size_t)n < room ? (size_t)n : room);
	}
	if (ch->c->on_line) {
		fs_write_all(STDOUT_FILENO, buf, (size_t)n, NULL);
		take_lines(ch, buf, (size_t)n);
	}
	return n > 0;
}

/* What is in the pipe once the child ended; who else holds it open is not waited for. */
static void
drain(struct child *ch)
{
	struct pollfd p = { ch->out, POLLIN, 0 };

	while (ch->out >= 0 && poll(&p, 1, 0) > 0 && take_output(ch))
		;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Until the child ended (not its output: a grandchild may hold that open for ever). */
static int
wait_child(struct child *ch, int *status)
{
	int pidfd = (int)syscall(SYS_pidfd_open, ch->pid, 0);
	int64_t end = ch->c->timeout_s ? now_ms() + (int64_t)ch->c->timeout_s * 1000 : 0;
	bool ended = false, timed_out = false;

	while (!ended) {
		struct pollfd p[2] = { { pidfd, POLLIN, 0 }, { ch->out, POLLIN, 0 } };
		int64_t left = end ? end - now_ms() : -1;

		if ((end && left <= 0) || worker_cancelled()) {
			timed_out = !worker_cancelled();
			kill(ch->pid, SIGKILL);
			break;
		}
		if (poll(p, 2, left > 200 || left < 0 ? 200 : (int)left) < 0)
			continue;
		if (p[1].revents && !take_output(ch)) {
			close(ch->out);
			ch->out = -1;
		}
		ended = p[0].revents & POLLIN;
	}
	drain(ch);
	waitpid(ch->pid, status, 0);
	close(pidfd);
	return timed_out ? -1 : 0;
}

static char **
put_environment(const char *const *env)
{
	for (size_t i = 0; env && env[i]; i++)
		putenv(xstrdup(env[i]));
	return environ;
}

/* Forks; the exec's errno comes back through a pipe that a good exec closes. */
static int
start(struct child *ch, const char *dir, struct err *err)
{
	const struct msmv_command *c = ch->c;
	int out[2] = { -1, -1 }, status[2], code = 0;
	bool piped = c->output || c->on_line;

	if (pipe2(status, O_CLOEXEC) < 0 || (piped && pipe2(out, O_CLOEXEC) < 0))
		return err_errno(err, "pipe");
	fflush(NULL);
	ch->pid = fork();
	if (ch->pid == 0) {
		put_environment(c->env);
		exec_child(c, dir, out[1], status[1]);
	}
	close(status[1]);
	if (piped)
		close(out[1]);
	ch->out = out[0];
	if (ch->pid < 0)
		err_errno(err, "fork");
	else if (read(status[0], &code, sizeof(code)) == (ssize_t)sizeof(code)) {
		waitpid(ch->pid, NULL, 0);
		errno = code;
		err_errno(err, "run %s", c->argv[0]);
		ch->pid = -1;
	}
	close(status[0]);
	return ch->pid > 0 ? 0 : -1;
}

static int
finish(struct child *ch, int status, int timed_out)
{
	struct msmv_stage *s = &ch->w->stage;
	const char *name = ch->c->argv[0];
	int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);

	if (worker_cancelled())
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "interrupted");
	if (timed_out)
		return s->host->fail(s, MSMV_FAIL_TOOL, "%s took longer than %u s", name,
			ch->c->timeout_s);
	if (code == 0 || ch->c->flags & MSMV_CMD_QUIET)
		return code;
	if (WIFSIGNALED(status))
		s->host->fail(s, MSMV_FAIL_TOOL, "%s was ended by signal %d (%s)", name,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		s->host->fail(s, MSMV_FAIL_TOOL, "%s ended with status %d", name, code);
	return code;
}

static int
run(struct msmv_stage *s, const struct msmv_command *c)
{
	struct child ch = { .w = worker_of(s), .c = c, .pid = -1, .out = -1 };
	struct err err = ERR_INIT;
	int status = 0, timed_out, code;

	if (!(c->flags & MSMV_CMD_QUIET))
		log_argv(c);
	if (start(&ch, c->dir ? c->dir : ch.w->request.workdir, &err) < 0) {
		if (ch.out >= 0)
			close(ch.out);
		return worker_fail(ch.w, MSMV_FAIL_TOOL, &err);
	}
	timed_out = wait_child(&ch, &status);
	if (ch.out >= 0)
		close(ch.out);
	if (c->on_line && ch.line.len)
		c->on_line(s, ch.line.p, c->on_line_arg);
	code = finish(&ch, status, timed_out);
	if (c->output) {
		char *text = str_take(&ch.captured);

		worker_keep(ch.w, text);
		*c->output = text;
	}
	str_release(&ch.line);
	str_release(&ch.captured);
	return code;
}

static int
jobs(struct msmv_stage *s)
{
	return worker_of(s)->request.jobs;
}

void
host_command_fill(struct msmv_host *h)
{
	h->run = run;
	h->jobs = jobs;
}
