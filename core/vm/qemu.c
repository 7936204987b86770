/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why sockets made here, and not named ones: a name under a deep build folder is
 * soon longer than the 107 bytes that a socket's address has, and needs cleaning up.
 *
 * The process stays in the stage's process group, so that the engine's signals
 * reach it too, and dies with this process by PR_SET_PDEATHSIG. Who has no engine gives
 * it a group of its own: then a QEMU behind a program that starts it ends with that.
 */
#include "vm/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GENTLE_MS = 2000, STEP_MS = 5, PIPE_MAX = 1 << 20, PIPE_MIN = 1 << 16 };

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
make_pair(int *ours, struct guest_wire *its)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	*ours = pair[0];
	its->fd = pair[1];
	return true;
}

bool
qemu_open(struct qemu *q, bool control)
{
	*q = (struct qemu){ .qmp = -1, .console = -1, .control = -1, .errors = -1,
		            .lock = -1,
		            .its = GUEST_SOCKETS_NONE };
	q->its.paused = true;
	return make_pair(&q->qmp, &q->its.qmp) &&
	       make_pair(&q->console, &q->its.console) &&
	       (!control || make_pair(&q->control, &q->its.control));
}

bool
qemu_listen_only(struct qemu *q)
{
	int pipe_fd[2];

	if (pipe2(pipe_fd, O_CLOEXEC) < 0)
		return false;
	/* As much as this user may have: who has many pipes gets less. */
	for (int size = PIPE_MAX; size >= PIPE_MIN; size /= 2)
		if (fcntl(pipe_fd[1], F_SETPIPE_SZ, size) >= 0)
			break;
	close_fd(&q->console);
	close_fd(&q->its.console.fd);
	q->console = pipe_fd[0];
	q->its.console.fd = pipe_fd[1];
	q->its.console.pipe = true;
	return true;
}

/* Descriptors that only QEMU is to inherit. */
static int
keep_open(int fd)
{
	return fd < 0 ? 0 : fcntl(fd, F_SETFD, 0);
}

static void
close_its(struct qemu *q)
{
	close_fd(&q->its.qmp.fd);
	close_fd(&q->its.console.fd);
	close_fd(&q->its.control.fd);
	close_fd(&q->lock);
}

/* In the child: async-signal-safe calls only. Returns errno if it returns. */
static int
become(const struct qemu *q, char *const *argv, int errors, pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return errno;
	if (getppid() != parent)
		_exit(1); /* it died before the line above: nobody is there to tell */
	if (q->group && setpgid(0, 0) < 0)
		return errno;
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(errors, 1) < 0 || dup2(errors, 2) < 0 ||
	    keep_open(q->its.qmp.fd) < 0 || keep_open(q->its.console.fd) < 0 ||
	    keep_open(q->its.control.fd) < 0 || keep_open(q->lock) < 0)
		return errno;
	execvp(argv[0], argv);
	return errno;
}

/* Reads why the child could not become QEMU; 0 when it did, and the pipe is closed. */
static int
exec_error(int fd)
{
	int error = 0;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(error) ? error : 0;
}

bool
qemu_start(struct qemu *q, char *const *argv)
{
	int errors[2] = { -1, -1 }, failed[2] = { -1, -1 }, error = 0;
	pid_t parent = getpid();

	if (pipe2(errors, O_CLOEXEC) < 0 || pipe2(failed, O_CLOEXEC) < 0 ||
	    (q->pid = fork()) < 0) {
		error = errno;
		q->pid = 0;
	} else if (q->pid == 0) {
		error = become(q, argv, errors[1], parent);
		_exit(write(failed[1], &error, sizeof(error)) > 0 ? 127 : 126);
	}
	close_fd(&failed[1]);
	if (q->pid > 0)
		error = exec_error(failed[0]);
	if (error && q->pid > 0)
		qemu_wait(q, -1);
	close_fd(&failed[0]);
	close_fd(&errors[1]);
	close_its(q);
	q->errors = errors[0];
	errno = error;
	return error == 0;
}

static void
signal_all(const struct qemu *q, int number)
{
	kill(q->group ? -q->pid : q->pid, number);
}

/* What it started ends with it. Its number is nobody else's before it is waited for. */
static void
end_group(const struct qemu *q)
{
	siginfo_t info = { .si_pid = 0 };

	if (q->group && waitid(P_PID, (id_t)q->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == q->pid)
		kill(-q->pid, SIGKILL);
}

static void
ended(struct qemu *q, int status, const struct rusage *usage)
{
	q->pid = 0;
	q->status = status;
	q->rss_kib = usage->ru_maxrss;
}

bool
qemu_wait(struct qemu *q, int milliseconds)
{
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	struct rusage usage;
	int status;

	while (q->pid > 0) {
		int flags = milliseconds < 0 && !q->group ? 0 : WNOHANG;
		pid_t pid;

		end_group(q);
		pid = wait4(q->pid, &status, flags, &usage);
		if (pid == q->pid)
			ended(q, status, &usage);
		else if (pid < 0 && errno != EINTR)
			q->pid = 0; /* someone else waited for it */
		else if (pid == 0 && milliseconds == 0)
			return false;
		else if (pid == 0) {
			nanosleep(&step, NULL);
			milliseconds -= milliseconds < 0 ? 0 : milliseconds < STEP_MS ? milliseconds : STEP_MS;
		}
	}
	return true;
}

int
qemu_kill(struct qemu *q)
{
	if (qemu_wait(q, 0))
		return 0;
	signal_all(q, SIGTERM);
	if (qemu_wait(q, GENTLE_MS))
		return SIGTERM;
	signal_all(q, SIGKILL);
	qemu_wait(q, -1);
	return SIGKILL;
}

void
qemu_release(struct qemu *q)
{
	qemu_kill(q);
	close_fd(&q->console);
	close_fd(&q->control);
	close_fd(&q->errors);
	close_its(q);
}
