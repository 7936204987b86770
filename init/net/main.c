/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-net: everything that a guest's network needs which takes time. It is a process of
 * its own, so that nothing a server sends is ever read by process 1.
 *
 *   msmv-net [NET.INI [FOLDER]]     /etc/msmv/net.ini and /run if not given
 *
 * On descriptor 3, if it is open, one line goes to init: "ready" as soon as the guest may
 * go on, or "limit" when the recipe's time for that is over. SIGTERM ends it; what it has
 * configured stays. One loop, no threads, no allocation, no wake-up without a cause.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "files.h"
#include "log.h"
#include "nics.h"
#include "out.h"

#define READY_FD 3
#define AT_SIGNALS 0
#define AT_CHANGES 1
#define AT_NICS 2

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
	if (limit == TIME_NEVER)
		return;
	if (nics_ready()) {
		net_log(NET_INFO, "ready after %u ms", (unsigned)(now - started));
		tell("ready\n");
	} else if (now >= limit) {
		net_log(NET_WARN, "not ready after %u ms, the guest goes on", config.wait_ms);
		tell("limit\n");
	}
}

static int
open_signals(void)
{
	sigset_t set, blocked;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	/* When init does not listen any more that is an error of write and no signal. */
	blocked = set;
	sigaddset(&blocked, SIGPIPE);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Milliseconds for poll; it counts up, as the deadline must have come when it ends. */
static int
wait_ms(uint64_t until, uint64_t now)
{
	uint64_t ms = until > now ? until - now : 0;

	return until == TIME_NEVER ? -1 : ms > 3600000 ? 3600000 : (int)ms + 1;
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
		net_log(NET_ERROR, "the interfaces cannot be listed: %s", strerror(error));
}

static void
changes(int fd)
{
	uint64_t now = clock_now();
	const struct kernel_visitor v = {&now, on_link, on_address};

	if (kernel_changes(fd, &v) == ENOBUFS)
		list_all();
}

static int
loop(int signals, int events)
{
	static struct pollfd fds[AT_NICS + NICS * NIC_SOCKETS];

	for (;;) {
		uint64_t now = clock_now();
		unsigned count;

		nics_timeout(now);
		nics_files();
		check_ready(now);
		fds[AT_SIGNALS] = (struct pollfd){.fd = signals, .events = POLLIN};
		fds[AT_CHANGES] = (struct pollfd){.fd = events, .events = POLLIN};
		count = AT_NICS + nics_poll(fds + AT_NICS);
		if (poll(fds, count, wait_ms(time_first(nics_deadline(), limit), now)) <= 0)
			continue;
		if (fds[AT_SIGNALS].revents)
			return 0;
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
	int signals, events = -1, error;

	waited_for = write(READY_FD, "", 0) == 0;
	signals = open_signals();
	out_init(&why, text, sizeof(text));
	if (config_read(&config, argc > 1 ? argv[1] : CONFIG_PATH, &why) != 0)
		return fail(why.text);
	net_log_level((enum net_level)config.log);
	error = kernel_open(&events);
	if (error || signals < 0)
		return fail(strerror(error ? error : errno));
	started = clock_now();
	limit = started + config.wait_ms;
	files_open(argc > 2 ? argv[2] : "/run");
	nics_init(&config);
	list_all();
	return loop(signals, events);
}
