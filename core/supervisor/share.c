/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The virtiofsd beside QEMU, one for each folder that is shared so. It listens on a socket
 * that was made here and QEMU inherits the other end of a connection to it: nobody waits for
 * anybody, and a path of any length will do. Each ends when QEMU hangs up.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/local_socket.h"

/* In the child. What it says goes to QEMU's log. */
static void
become(const struct supervisor *s, const char *program, const char *path, int listener, pid_t parent)
{
	cleanup_free char *fd = xasprintf("--fd=%d", listener);
	cleanup_free char *source = xasprintf("source=%s", path);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent || null < 0 ||
		dup2(null, 0) < 0 || dup2(s->qemu_log.fd, 1) < 0 || dup2(s->qemu_log.fd, 2) < 0 ||
		fcntl(listener, F_SETFD, 0) < 0)
		_exit(126);
	execl(program, program, "-f", fd, "-o", source, (char *)NULL);
	dprintf(2, "cannot run %s: %s\n", program, strerror(errno));
	_exit(127);
}

/* The end that QEMU will have; -1 with err. */
static int
start_one(struct supervisor *s, const json_t *share, struct err *err)
{
	static const char name[] = "share.sock";
	const char *program = json_string_value(json_object_get(share, "virtiofsd"));
	const char *path = json_string_value(json_object_get(share, "path"));
	cleanup_close int listener = local_socket_listen(name), fd = -1;
	pid_t pid, parent = getpid();

	if (listener >= 0)
		fd = local_socket_connect(name);
	unlink(name);
	if (fd < 0)
		return err_errno(err, "make a socket for %s", program);
	pid = fork();
	if (pid == 0)
		become(s, program, path ? path : "", listener, parent);
	if (pid < 0)
		return err_errno(err, "start %s", program);
	vec_push(&s->daemons, pid);
	return take_fd(fd);
}

int
share_start(struct supervisor *s, struct err *err)
{
	json_t *shares = json_object_get(s->config, "shares"), *share;
	size_t i;

	json_array_foreach(shares, i, share) {
		cleanup_close int fd = -1;
		int number = (int)json_integer_value(json_object_get(share, "fd"));

		if (!json_is_string(json_object_get(share, "virtiofsd")))
			continue;
		fd = start_one(s, share, err);
		if (fd < 0)
			return -1;
		if (dup3(fd, number, O_CLOEXEC) < 0)
			return err_errno(err, "number a socket");
	}
	return 0;
}

void
share_hand_over(const struct supervisor *s, bool over)
{
	json_t *shares = json_object_get(s->config, "shares"), *share;
	size_t i;

	json_array_foreach(shares, i, share) {
		int number = (int)json_integer_value(json_object_get(share, "fd"));

		if (!json_is_string(json_object_get(share, "virtiofsd")))
			continue;
		if (over)
			fcntl(number, F_SETFD, 0);
		else
			close(number);
	}
}

void
share_end(struct supervisor *s)
{
	for (size_t i = 0; i < s->daemons.len; i++)
		kill(s->daemons.v[i], SIGTERM);
	vec_release(&s->daemons);
}
