/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * "Started" must mean that the program runs, not that fork worked. The child
 * holds a pipe that exec closes: end of file tells the parent that exec
 * succeeded, and two numbers tell it which step failed and why.
 */
#include "app.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "line.h"
#include "record.h"

enum step { STEP_FORK, STEP_CHDIR, STEP_USER, STEP_EXEC };

static const char *const step_names[] = {"fork", "chdir", "user", "exec"};

struct failure {
	int step, error;
};

static int
become_user(const struct app *app)
{
	gid_t gid = app->gid;

	/* Also without MULTIUSER in the kernel, where these calls do not exist. */
	if (app->uid == 0 && app->gid == 0)
		return 0;
	if (setgroups(1, &gid) != 0 || setgid(gid) != 0)
		return -1;
	return setuid(app->uid);
}

/* In the child. Returns the step that failed, with errno. */
static int
child_exec(const struct app *app)
{
	sigset_t none;

	sigemptyset(&none);
	setsid();
	if (app->tty && ioctl(0, TIOCSCTTY, 0) != 0)
		log_msg(LOG_INFO, "%s: no controlling terminal: %s", app->name,
			strerror(errno));
	if (chdir(app->dir) != 0)
		return STEP_CHDIR;
	if (become_user(app) != 0)
		return STEP_USER;
	/* Last: a signal that waits must find the program, not init's copy. */
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(app->argv[0], app->argv, app->env);
	return STEP_EXEC;
}

static void __attribute__((noreturn)) child(const struct app *app, int report)
{
	struct failure f;

	f.step = child_exec(app);
	f.error = errno;
	/* Less than PIPE_BUF: all of it or nothing. */
	if (write(report, &f, sizeof(f)) < 0)
		_exit(126);
	_exit(127);
}

static ssize_t
read_whole(int fd, void *to, size_t size)
{
	ssize_t n;

	do
		n = read(fd, to, size);
	while (n < 0 && errno == EINTR);
	return n;
}

static int
failed(const struct app *app, const struct failure *f)
{
	const char *what = f->step == STEP_EXEC    ? app->argv[0]
			   : f->step == STEP_CHDIR ? app->dir
						   : app->name;
	struct line why;

	line_clear(&why);
	line_fmt(&why, "%s: %s", what, strerror(f->error));
	record_fail(step_names[f->step], app->name, f->error, why.text);
	return -1;
}

int
app_start(struct app *app)
{
	struct failure f = {STEP_FORK, 0};
	int report[2];
	pid_t pid;

	app->started_us = clock_us(CLOCK_MONOTONIC);
	if (pipe2(report, O_CLOEXEC) != 0) {
		f.error = errno;
		return failed(app, &f);
	}
	console_shared();
	pid = fork();
	if (pid == 0)
		child(app, report[1]);
	f.error = errno;
	close(report[1]);
	if (pid > 0 && read_whole(report[0], &f, sizeof(f)) == (ssize_t)sizeof(f)) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		pid = -1;
	}
	close(report[0]);
	if (pid < 0)
		return failed(app, &f);
	app->pid = pid;
	log_msg(LOG_INFO, "%s started: pid %d, %s", app->name, (int)pid, app->argv[0]);
	return 0;
}
