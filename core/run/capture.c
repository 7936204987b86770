/* SPDX-License-Identifier: GPL-3.0-only */
/* Standard output and standard error are one text: a complaint is an answer too. */
#include "run/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MAX = 4 * 1024 * 1024, EXEC_FAILED = 127 };

/* The alarm survives exec, and no program that we ask has one of its own. */
static void
become(const char *const *argv, unsigned seconds, int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(out, 1);
	dup2(out, 2);
	alarm(seconds);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	dprintf(2, "cannot start %s: %s\n", argv[0], strerror(errno));
	_exit(EXEC_FAILED);
}

int
capture(const char *const *argv, unsigned seconds, struct str *out, struct err *err)
{
	int fds[2], status = 0;
	char buf[16384];
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "pipe");
	pid = fork();
	if (pid == 0)
		become(argv, seconds, fds[1]);
	close(fds[1]);
	while (pid > 0 && (n = read(fds[0], buf, sizeof(buf))) > 0)
		if (out->len < ANSWER_MAX)
			str_addn(out, buf, (size_t)n);
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return err_errno(err, "fork");
	if (status && out->len && out->p[out->len - 1] == '\n') /* a complaint is a line */
		out->p[--out->len] = '\0';
	return status;
}
