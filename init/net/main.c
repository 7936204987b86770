/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-net: everything that a guest's network needs which takes time. It is a process of
 * its own, so that nothing a server sends is ever read by process 1.
 *
 *   msmv-net [NET.INI [FOLDER [LEVEL]]]     /etc/msmv/net.ini and /run if not given; what
 *                                          is said, from 0 to 3, if it is not net.ini's
 *
 * On descriptor 3, if it is open, one line goes to init: "ready" as soon as the guest may
 * go on, or "limit" when it need not wait any longer. SIGTERM ends it: leases are given back. One loop, no threads, no allocation, no wake-up without a cause.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "error.h"
#include "files.h"
#include "log.h"
#include "nics.h"
#include "out.h"

#define READY_FD 3
#define AT_TIMER 0
#define AT_CHANGES 1
#define AT_END 2
#define AT_NICS 3

static struct config config;
static uint64_t limit; /* when init is told to go on; TIME_NEVER: it was told */
static uint64_t started;
static int waited_for; /* descriptor 3 was open when this program began */

static void
on_link(void *arg, const struct kernel_link *l)
{
	nics_link(l, *(const uint64_t *)arg);
}

static void
on_address(void *arg, const struct kernel_address *a)
{
	nics_address(a, *(const uint64_t *)arg);
}

static void
tell(const char *line)
{
	limit = TIME_NEVER;
	if (!waited_for)
		return;
	if (write(READY_FD, line, strlen(line)) < 0)
		net_log(NET_DEBUG, "nobody waits for the network any more");
	close(READY_FD);
}

static void
check_ready(uint64_t now)
{
	int ready = limit == TIME_NEVER ? 0 : nics_ready(now - started);

	if (ready > 0) {
		net_log(NET_INFO, "ready after %u ms", (unsigned)(now - started));
		tell("ready\n");
	} else if (ready < 0 && now < limit) {
		net_log(NET_WARN, "no interface has a carrier, the guest goes on");
		tell("limit\n");
	} else if (now >= limit) {
		net_log(NET_WARN, "not ready after %u ms, the guest goes on", config.wait_ms);
		tell("limit\n");
	}
}

/* poll's own limit would stand still while the machine sleeps. */
static void
timer_set(int fd, uint64_t until)
{
	struct itimerspec at = {.it_value = {0}};

	if (until != TIME_NEVER) {
		at.it_value.tv_sec = (time_t)(until / 1000);
		/* A nanosecond more, as all zeros would stop it. */
		at.it_value.tv_nsec = (long)(until % 1000) * 1000000 + 1;
	}
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void
list_all(void)
{
	uint64_t now = clock_now();
	const struct kernel_visitor v = {&now, on_link, on_address};
	int error;

	nics_list_begin();
	error = kernel_list(&v);
	if (!error)
		nics_list_end();
	else
		net_log(NET_ERROR, "the interfaces cannot be listed: %s", error_text(error));
}

static void
changes(int fd)
{
	uint64_t now = clock_now();
	const struct kernel_visitor v = {&now, on_link, on_address};

	if (kernel_changes(fd, &v) == ENOBUFS) {
		net_log(NET_INFO, "changes were lost, all interfaces are listed again");
		list_all();
	}
}

static uint64_t
next_deadline(uint64_t now)
{
	uint64_t until = time_first(nics_deadline(), limit);

	if (limit != TIME_NEVER && now < started + CARRIER_MS)
		until = time_first(until, started + (now < started + SETTLE_MS ? SETTLE_MS
										: CARRIER_MS));
	return until;
}

static void
loop(int timer, int events, int end)
{
	static struct pollfd fds[AT_NICS + NICS * NIC_SOCKETS];

	for (;;) {
		uint64_t now = clock_now();
		unsigned count;

		nics_timeout(now);
		nics_files();
		check_ready(now);
		fds[AT_TIMER] = (struct pollfd){.fd = timer, .events = POLLIN};
		fds[AT_CHANGES] = (struct pollfd){.fd = events, .events = POLLIN};
		fds[AT_END] = (struct pollfd){.fd = end, .events = POLLIN};
		count = AT_NICS + nics_poll(fds + AT_NICS);
		timer_set(timer, next_deadline(now));
		if (poll(fds, count, -1) <= 0)
			continue;
		if (fds[AT_END].revents)
			return;
		nics_readable(fds + AT_NICS, count - AT_NICS, clock_now());
		if (fds[AT_CHANGES].revents)
			changes(events);
	}
}

static int
fail(const char *what)
{
	net_log(NET_ERROR, "%s", what);
	return 1;
}

int
main(int argc, char **argv)
{
	char text[256];
	struct out why;
	sigset_t blocked, ends;
	int timer, end, events = -1, error;

	waited_for = write(READY_FD, "", 0) == 0;
	/* When init does not listen any more that is an error of write and no signal. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGPIPE);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	end = signalfd(-1, &ends, SFD_CLOEXEC);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	out_init(&why, text, sizeof(text));
	if (config_read(&config, argc > 1 ? argv[1] : CONFIG_PATH, &why) != 0)
		return fail(why.text);
	net_log_level(argc > 3 ? (enum net_level)(argv[3][0] - '0') : (enum net_level)config.log);
	error = kernel_open(&events);
	if (error || timer < 0 || end < 0)
		return fail(error_text(error ? error : errno));
	started = clock_now();
	limit = started + config.wait_ms;
	files_open(argc > 2 ? argv[2] : "/run");
	nics_init(&config, started);
	list_all();
	loop(timer, events, end);
	nics_release(clock_now());
	return 0;
}
