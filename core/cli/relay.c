/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The bytes are passed on by a process of its own, as the engine waits for the stage
 * meanwhile. It ends when nobody has the stage's terminal open any more.
 */
#include "cli/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

static volatile sig_atomic_t resized;

static void
on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

static void
copy_size(int master)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
}

/* False at the end: nobody has the other side open, or nobody reads this one. */
static bool
pass(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	return n > 0 && fs_write_all(to, buf, (size_t)n, NULL) == 0;
}

/* SIGWINCH comes only while ppoll waits, so none is missed. */
static void
pass_all(int master, const sigset_t *waiting)
{
	struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { master, POLLIN, 0 } };

	for (;;) {
		if (ppoll(fds, 2, NULL, waiting) < 0) {
			if (errno != EINTR)
				return;
			if (resized)
				copy_size(master);
			resized = 0;
			continue;
		}
		if (fds[1].revents && !pass(master, STDOUT_FILENO))
			return;
		if (fds[0].revents && !pass(STDIN_FILENO, master))
			return;
	}
}

/* Keys that make signals are bytes here; a signal from elsewhere is the engine's to
   answer, and it ends this process by closing the stage's terminal. */
static void
child(int master)
{
	struct sigaction sa = { .sa_handler = on_resize };
	sigset_t winch, waiting;

	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	sigprocmask(SIG_BLOCK, &winch, &waiting);
	sigdelset(&waiting, SIGWINCH);
	sigaction(SIGWINCH, &sa, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	copy_size(master);
	pass_all(master, &waiting);
	_exit(0);
}

static int
open_pair(struct relay *r, struct err *err)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	const char *name;

	if (master < 0)
		return err_errno(err, "open a pseudo terminal");
	if (grantpt(master) < 0 || unlockpt(master) < 0 || !(name = ptsname(master)) ||
	    (r->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 ||
	    symlink(name, r->tty) < 0) {
		err_errno(err, "open the other side of a pseudo terminal");
		close(master);
		return -1;
	}
	return master;
}

static int
start(struct relay *r, struct err *err)
{
	struct termios raw = r->before;
	int master = open_pair(r, err);

	if (master < 0)
		return -1;
	cfmakeraw(&raw);
	r->pid = fork();
	if (r->pid == 0) {
		close(r->slave);
		child(master);
	}
	close(master);
	if (r->pid < 0)
		return err_errno(err, "start a process");
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	return 0;
}

int
relay_open(struct relay *r, struct err *err)
{
	char dir[] = "/tmp/msmv-tty.XXXXXX";

	*r = (struct relay)RELAY_INIT;
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &r->before) < 0)
		return err_set(err, "this needs a terminal, for its input and its output");
	if (!mkdtemp(dir))
		return err_errno(err, "create %s", dir);
	r->dir = xstrdup(dir);
	r->tty = xasprintf("%s/tty", dir);
	if (start(r, err) == 0)
		return 0;
	relay_close(r);
	return -1;
}

void
relay_close(struct relay *r)
{
	if (r->slave >= 0)
		close(r->slave);
	if (r->pid > 0) {
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &r->before);
	}
	if (r->dir)
		fs_remove(r->dir, NULL);
	free(r->dir);
	free(r->tty);
	*r = (struct relay)RELAY_INIT;
}
