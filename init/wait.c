/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Signals come through a signalfd, so that they wait in line with everything
 * else that is polled. The smallest kernels leave signalfd out: there signals
 * stay blocked except while ppoll sleeps, and a handler notes what came.
 */
#include "wait.h"

#include <poll.h>
#include <signal.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "console.h"

#define FDS_MAX 64

static struct pollfd fds[FDS_MAX];
static struct {
	void (*came)(void *arg, short events);
	void *arg;
} calls[FDS_MAX];
static nfds_t fd_count;
static int is_machine; /* and not a program on somebody's */

/* The signalfd, where the kernel has it. It is made for the first wait: until then signals
 * stay blocked, and none is lost. */
#define UNOPENED -2
static int signals = UNOPENED;
static volatile sig_atomic_t noted[NSIG];

#define BIT(signal) (UINT64_C(1) << ((signal) - 1))

/* All but those that a fault raises; as the kernel has it, whose calls are made directly:
 * a C library's own sets are code that a guest would run this once. */
static const uint64_t taken = ~(BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGILL) | BIT(SIGFPE) |
				BIT(SIGABRT) | BIT(SIGSYS));

static void
block(const uint64_t *set)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, set, NULL, sizeof(*set));
}

void
wait_block(int machine)
{
	is_machine = machine;
	block(&taken);
}

static void
note(int signal)
{
	noted[signal] = 1;
}

/* For all signals that are blocked; the C library refuses its own. */
static void
handle_all(void (*handler)(int))
{
	struct sigaction act = {.sa_handler = handler};

	for (int s = 1; s < NSIG; s++)
		if (taken & BIT(s))
			sigaction(s, &act, NULL);
}

static void
signals_open(void)
{
	signals = (int)syscall(
		SYS_signalfd4, -1, &taken, sizeof(taken), SFD_NONBLOCK | SFD_CLOEXEC);
	if (signals < 0)
		handle_all(note);
	/* Ctrl-Alt-Del comes as SIGINT instead of an unclean restart. */
	if (is_machine)
		reboot(RB_DISABLE_CAD);
}

void
wait_close(void)
{
	static const uint64_t none;

	/* A signal that waits must find the program, not a handler of init's copy. */
	if (signals == -1)
		handle_all(SIG_DFL);
	block(&none);
}

int
wait_signal(void)
{
	struct signalfd_siginfo info;

	if (signals >= 0)
		return read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)
			       ? (int)info.ssi_signo
			       : 0;
	for (int s = 1; s < NSIG; s++) {
		if (noted[s]) {
			noted[s] = 0;
			return s;
		}
	}
	return 0;
}

void
wait_fd(int fd, short events, void (*came)(void *arg, short events), void *arg)
{
	if (fd < 0 || fd_count == FDS_MAX)
		return;
	fds[fd_count] = (struct pollfd){.fd = fd, .events = events};
	calls[fd_count].came = came;
	calls[fd_count++].arg = arg;
}

void
wait_at(uint64_t *due, uint64_t at)
{
	if (at != 0 && (*due == 0 || at < *due))
		*due = at;
}

static void
signal_ready(void *arg, short events)
{
	/* wait_signal takes them. */
	(void)arg;
	(void)events;
}

void
wait_until(uint64_t due_us)
{
	uint64_t now = clock_us(CLOCK_MONOTONIC);
	uint64_t us = due_us > now ? due_us - now : 0;
	struct timespec left = {
		.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};
	nfds_t n;
	sigset_t open;
	int got;

	if (signals == UNOPENED)
		signals_open();
	wait_fd(signals, POLLIN, signal_ready, NULL);
	sigemptyset(&open);
	got = ppoll(fds, fd_count, due_us ? &left : NULL, signals < 0 ? &open : NULL);
	n = got > 0 ? fd_count : 0;
	fd_count = 0;
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents != 0)
			calls[i].came(calls[i].arg, fds[i].revents);
}
