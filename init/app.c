/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * "Started" must mean that the program runs, not that fork worked. Init waits
 * for the exec in vfork, and the child that failed leaves in init's own memory
 * which step it was and why.
 */
#include "app.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "line.h"
#include "record.h"
#include "wait.h"

#define HELPER_FD 3 /* where the network helper finds its pipe */

enum step { STEP_FORK, STEP_CHDIR, STEP_USER, STEP_EXEC };

static const char *const step_names[] = {"fork", "chdir", "user", "exec"};

struct failure {
	enum step step;
	int error;
};

static int
become_user(const struct app *app)
{
	gid_t groups[1 + CONFIG_GROUPS] = {app->gid};

	/* Also without MULTIUSER in the kernel, where these calls do not exist. */
	if (app->uid == 0 && app->gid == 0 && app->group_count == 0)
		return 0;
	memcpy(groups + 1, app->groups, app->group_count * sizeof(app->groups[0]));
	/* The C library's own would tell other threads, with more code than all of this file. */
	if (syscall(SYS_setgroups, 1 + app->group_count, groups) != 0 ||
		syscall(SYS_setgid, app->gid) != 0)
		return -1;
	return (int)syscall(SYS_setuid, app->uid);
}

/* Puts the pipe that init listens to in its place; it may stand in the way of another. */
static void
take_pipe(const struct app *app, int pipe)
{
	if (pipe < 0)
		return;
	if (app->ready == READY_NETWORK) {
		dup2(pipe, HELPER_FD);
	} else {
		dup2(pipe, 1);
		dup2(pipe, 2);
	}
}

/* In the child, which runs in init's own memory until then. Returns the step that failed, with errno. */
static enum step
child_exec(const struct app *app, int pipe)
{
	setsid();
	if (app->tty && ioctl(0, TIOCSCTTY, 0) != 0)
		log_msg(LOG_INFO, "%s: no controlling terminal: %s", app->name,
			strerror(errno));
	if (chdir(app->dir) != 0)
		return STEP_CHDIR;
	if (become_user(app) != 0)
		return STEP_USER;
	take_pipe(app, pipe);
	/* Last: a signal that waits must find the program, not init's copy. */
	wait_close();
	execve(app->argv[0], app->argv, app->env);
	return STEP_EXEC;
}

static void __attribute__((noreturn))
child(const struct app *app, int pipe, volatile struct failure *told)
{
	told->step = child_exec(app, pipe);
	told->error = errno;
	_exit(127);
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

/* Forks and waits for the exec: 0, or -1 with *f. pipe is the child's only. */
static int
launch(struct app *app, int pipe, struct failure *f)
{
	/* What it holds after vfork was written there by the child. */
	volatile struct failure *told = f;
	pid_t pid;

	console_shared();
	/*
	 * The child never returns from child, writes to no memory but its stack, errno
	 * and *f, and is alone in this process: init has no threads.
	 */
	pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */
	if (pid == 0)
		child(app, pipe, told); /* NOLINT(clang-analyzer-unix.Vfork) */
	if (pid < 0) {
		told->error = errno;
	} else if (told->step != STEP_FORK) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		pid = -1;
	}
	app->pid = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : -1;
}

int
app_start(struct app *app)
{
	struct failure f = {STEP_FORK, 0};
	int pipe = -1, failure = 0;

	app->started_us = clock_us(CLOCK_MONOTONIC);
	if (app->ready == READY_LINE || app->ready == READY_NETWORK) {
		pipe = output_open(&app->output, app->ready_text);
		f.error = errno;
		failure = pipe < 0;
	}
	if (!failure)
		failure = launch(app, pipe, &f);
	if (pipe >= 0)
		close(pipe);
	if (failure) {
		output_close(&app->output);
		return failed(app, &f);
	}
	log_msg(LOG_INFO, "%s started: pid %d, %s", app->name, (int)app->pid, app->argv[0]);
	return 0;
}
