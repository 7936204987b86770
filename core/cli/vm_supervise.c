/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From vm.json to a VM that runs: a supervisor in a session of its own, which no signal to
 * this terminal reaches and which outlives this program.
 */
#include "cli/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/session.h"
#include "vm/folder.h"

enum { REPORT_FD = 3 };

/* Beside the worker, where all helpers are. */
static char *
supervisor_path(void)
{
	cleanup_free char *worker = session_env("MSMV_WORKER", MSMV_LIBEXECDIR "/msmv-worker");
	cleanup_free char *dir = path_dir(worker);

	return path_join(dir, "msmv-supervisor");
}

/* In the child. What it says of itself goes to the VM's log. */
static void
become(const char *path, const char *root, const char *name, int report)
{
	cleanup_free char *log = vm_path(root, name, "qemu.log");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	setsid();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (null < 0 || out < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
		(report == REPORT_FD ? fcntl(report, F_SETFD, 0) : dup2(report, REPORT_FD)) < 0)
		_exit(126);
	execl(path, "msmv-supervisor", root, name, "3", (char *)NULL);
	dprintf(REPORT_FD, "cannot run %s: %s\n", path, strerror(errno));
	_exit(127);
}

/* "ok", or why not; the end of the pipe without either is a supervisor that was killed. */
static int
hear(int fd, struct err *err)
{
	cleanup_str struct str text = STR_INIT;
	char buffer[1024];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			str_addn(&text, buffer, (size_t)n);
	if (streq(str_text(&text), "ok\n"))
		return 0;
	if (text.len)
		text.p[strcspn(text.p, "\n")] = '\0';
	return err_set(err, "%s", text.len ? text.p : "its supervisor was killed");
}

int
vm_supervise(const char *root, const char *name, struct err *err)
{
	cleanup_free char *path = supervisor_path();
	cleanup_close int in = -1, out = -1;
	int pair[2];
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return err_errno(err, "make a pipe");
	in = pair[0];
	out = pair[1];
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return err_errno(err, "start a process");
	if (pid == 0)
		become(path, root, name, out);
	close(take_fd(out));
	return hear(in, err);
}
