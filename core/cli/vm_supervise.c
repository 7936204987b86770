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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/session.h"
#include "vm/folder.h"

enum { REPORT_FD = 3, LOCK_FD, FREE_FD, SETTLE_MS = 5000, STEP_MS = 5 };

/* Beside the worker, where all helpers are. */
static char *
supervisor_path(void)
{
	cleanup_free char *worker = session_env("MSMV_WORKER", MSMV_LIBEXECDIR "/msmv-worker");
	cleanup_free char *dir = path_dir(worker);

	return path_join(dir, "msmv-supervisor");
}

/* The descriptors that the supervisor has, and no other that somebody left open here. */
static int
keep_only(int report, int lock, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Above all numbers that they will have. */
	int high_report = fcntl(report, F_DUPFD_CLOEXEC, FREE_FD);
	int high_lock = fcntl(lock, F_DUPFD_CLOEXEC, FREE_FD);
	int high_out = fcntl(out, F_DUPFD_CLOEXEC, FREE_FD);

	if (null < 0 || high_report < 0 || high_lock < 0 || high_out < 0 ||
		dup2(null, 0) < 0 || dup2(high_out, 1) < 0 || dup2(high_out, 2) < 0 ||
		dup2(high_report, REPORT_FD) < 0 || dup2(high_lock, LOCK_FD) < 0)
		return -1;
	if (syscall(SYS_close_range, FREE_FD, ~0U, 0) < 0)
		for (long fd = sysconf(_SC_OPEN_MAX); fd >= FREE_FD; fd--)
			close((int)fd); /* a kernel before 5.9 */
	return 0;
}

/* In the child. What it says of itself goes to the VM's log. */
static void
become(const char *path, const char *root, const char *name, int report, int lock)
{
	cleanup_free char *log = vm_path(root, name, "qemu.log");
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0600);

	setsid();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (out < 0 || keep_only(report, lock, out) < 0)
		_exit(126);
	execl(path, "msmv-supervisor", root, name, "3", "4", (char *)NULL);
	dprintf(REPORT_FD, "cannot run %s: %s\n", path, strerror(errno));
	_exit(127);
}

/* It ends soon after it said that it cannot: its end frees the VM. */
static void
see_end(pid_t pid)
{
	static const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };

	for (int ms = 0; waitpid(pid, NULL, WNOHANG) == 0 && ms < SETTLE_MS; ms += STEP_MS)
		nanosleep(&step, NULL);
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
vm_supervise(const char *root, const char *name, int lock, struct err *err)
{
	cleanup_free char *path = supervisor_path();
	cleanup_close int in = -1, out = -1, held = lock;
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
		become(path, root, name, out, held);
	close(take_fd(out));
	close(take_fd(held));
	if (hear(in, err) == 0)
		return 0;
	see_end(pid);
	return -1;
}
