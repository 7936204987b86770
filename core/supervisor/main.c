/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-supervisor ROOT NAME [REPORT-FD [LOCK-FD]]: runs the VM that ROOT/NAME/vm.json
 * describes, until it ends. Whoever started it reads "ok" or the reason against it from
 * REPORT-FD, and may have locked the VM already, by LOCK-FD.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "vm/folder.h"
#include "vm/history.h"
#include "vm/local_socket.h"
#include "vm/reserve.h"

enum { LOG_MAX = 8 << 20, STOP_MS = 10000, LAST_MS = 2000 };

struct watch {
	int fd;
	short events;
	void (*on)(struct supervisor *, void *item, short events);
	void *item;
};

struct watches {
	struct watch *v;
	size_t len, cap;
};

static void
on_signal(struct supervisor *s, void *item, short events)
{
	struct signalfd_siginfo info;

	(void)item;
	(void)events;
	if (read(s->signals, &info, sizeof(info)) != (ssize_t)sizeof(info) ||
		info.ssi_signo == SIGCHLD)
		return; /* the loop looks at QEMU anyway */
	/* The host shuts down, most likely. A second signal is in a hurry. */
	stop_begin(s, s->asked_ms ? 0 : STOP_MS);
}

static void
watch(struct watches *w, int fd, short events,
	void (*on)(struct supervisor *, void *, short), void *item)
{
	struct watch one = { fd, events, on, item };

	if (fd >= 0)
		vec_push(w, one);
}

static void
watch_all(struct supervisor *s, struct watches *w)
{
	w->len = 0;
	watch(w, s->signals, POLLIN, on_signal, NULL);
	watch(w, s->qmp.fd, (short)(POLLIN | (s->qmp.out_used ? POLLOUT : 0)), machine_on_qmp,
		NULL);
	watch(w, s->qemu.console, POLLIN, streams_on_console, NULL);
	watch(w, s->typed.len ? s->console_in : -1, POLLOUT, streams_on_room, NULL);
	watch(w, s->qemu.errors, POLLIN, streams_on_errors, NULL);
	watch(w, s->qemu.control, POLLIN, streams_on_port, NULL);
	watch(w, s->vsock.listener, POLLIN, host_on_vsock, NULL);
	watch(w, s->vsock.peer, POLLIN, host_on_vsock, NULL);
	watch(w, s->qmp_listen, POLLIN, server_accept, NULL);
	watch(w, s->console_listen, POLLIN, viewers_accept, NULL);
	for (size_t i = 0; i < s->clients.len; i++)
		watch(w, s->clients.v[i]->fd,
			(short)(POLLIN | (s->clients.v[i]->out.len ? POLLOUT : 0)),
			server_on_client, s->clients.v[i]);
	for (size_t i = 0; i < s->viewers.len; i++) {
		short events = viewer_events(s, s->viewers.v[i]);

		/* Its hang-up would be told each time, and what it typed is not taken yet. */
		if (events)
			watch(w, s->viewers.v[i]->fd, events, viewers_on_viewer, s->viewers.v[i]);
	}
}

static void
turn(struct supervisor *s, struct watches *w, int timeout)
{
	cleanup_free struct pollfd *fds = NULL;

	watch_all(s, w);
	fds = xcalloc(w->len, sizeof(*fds));
	for (size_t i = 0; i < w->len; i++)
		fds[i] = (struct pollfd){ w->v[i].fd, w->v[i].events, 0 };
	if (poll(fds, w->len, timeout) <= 0)
		return;
	for (size_t i = 0; i < w->len; i++)
		if (fds[i].revents)
			w->v[i].on(s, w->v[i].item, fds[i].revents);
	server_sweep(s);
	viewers_sweep(s);
}

/* Milliseconds until the guest is forced; -1: nothing to wait for. */
static int
time_left(const struct supervisor *s)
{
	int64_t left = s->deadline_ms - clock_now_ms();

	if (!s->deadline_ms)
		return -1;
	return left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

static void
run(struct supervisor *s, struct watches *w)
{
	while (!qemu_wait(&s->qemu, 0)) {
		turn(s, w, time_left(s));
		if (time_left(s) == 0)
			stop_overdue(s);
	}
}

static bool
all_told(const struct supervisor *s)
{
	for (size_t i = 0; i < s->clients.len; i++)
		if (s->clients.v[i]->out.len)
			return false;
	for (size_t i = 0; i < s->viewers.len; i++)
		if (viewer_waits(s, s->viewers.v[i]))
			return false;
	return true;
}

/* Readers get the rest, if they take it soon. */
static void
say_goodbye(struct supervisor *s, struct watches *w)
{
	int64_t until = clock_now_ms() + LAST_MS;

	server_news(s);
	while (!all_told(s) && clock_now_ms() < until)
		turn(s, w, (int)(until - clock_now_ms()));
}

/* The names go first, so that nobody comes to a server that leaves. */
static void
close_sockets(struct supervisor *s)
{
	unlink("qmp.sock");
	unlink("console.sock");
	unlink("console.in");
	unlink("console.out");
	reserve_release("state.json"); /* it is written by now */
	close(s->qmp_listen);
	close(s->console_listen);
	s->qmp_listen = s->console_listen = -1;
}

static void
report_failure(struct supervisor *s, const char *text)
{
	if (s->report >= 0 && dprintf(s->report, "%s\n", text) < 0)
		fprintf(stderr, "%s\n", text);
	if (s->report >= 0)
		close(s->report);
	s->report = -1;
}

static int
live(struct supervisor *s)
{
	struct watches w = VEC_INIT;

	run(s, &w);
	machine_drain(s);
	life_end(&s->life, s->qemu_name, s->qemu.status, s->words);
	share_end(s);
	close_sockets(s);
	report_failure(s, s->life.why);
	say_goodbye(s, &w);
	vec_release(&w);
	return s->life.failed;
}

static int
open_sockets(struct supervisor *s, struct err *err)
{
	sigset_t set;

	s->qmp_listen = local_socket_listen("qmp.sock");
	s->console_listen = s->qmp_listen < 0 ? -1 : local_socket_listen("console.sock");
	if (s->console_listen < 0)
		return err_errno(err, "listen in %s", s->folder);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_errno(err, "make a signalfd") : 0;
}

static int
open_logs(struct supervisor *s, struct err *err)
{
	cleanup_free char *console = path_join(s->folder, "console.log");
	cleanup_free char *qemu = path_join(s->folder, "qemu.log");

	if (journal_open(&s->console_log, console, LOG_MAX) < 0 ||
		journal_open(&s->qemu_log, qemu, LOG_MAX) < 0)
		return err_errno(err, "open the logs in %s", s->folder);
	return 0;
}

/* The lock is held until this process and QEMU, which has it too, have ended. */
static int
hold(struct supervisor *s, struct err *err)
{
	if (s->lock >= 0)
		return vm_hold_on(s->folder, s->lock, err);
	s->lock = vm_hold(s->folder, err);
	return s->lock < 0 ? -1 : 0;
}

/* Everything up to QEMU's start. */
static int
start(struct supervisor *s, struct err *err)
{
	s->folder = vm_path(s->root, s->name, NULL);
	if (chdir(s->folder) < 0)
		return err_errno(err, "enter %s", s->folder);
	if (hold(s, err) < 0)
		return -1;
	reserve_keep("state.json"); /* who cannot have it runs all the same */
	s->config = vm_read(s->root, s->name, "vm.json");
	if (!s->config)
		return err_set(err, "%s/vm.json cannot be read", s->folder);
	s->button = json_is_true(json_object_get(s->config, "button"));
	if (open_logs(s, err) < 0 || open_sockets(s, err) < 0 || host_take_ports(s, err) < 0)
		return -1;
	if (share_start(s, err) < 0)
		return -1;
	host_take_vsock(s);
	return machine_start(s, err);
}

static int
supervise(struct supervisor *s)
{
	cleanup_err struct err err = ERR_INIT;
	json_t *state;

	if (start(s, &err) == 0)
		return live(s);
	report_failure(s, err_msg(&err));
	if (s->qmp_listen < 0)
		return 1; /* perhaps another runs: its state is not ours to write */
	share_end(s);
	close_sockets(s);
	state = json_pack("{s:i, s:s, s:s}", "v", 1, "state", "dead", "why", err_msg(&err));
	history_add(s->root, s->name, "died", json_pack("{s:s}", "why", err_msg(&err)));
	vm_write_state(s->folder, state, NULL);
	reserve_release("state.json");
	return 1;
}

int
main(int argc, char **argv)
{
	static struct supervisor s;

	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: msmv-supervisor ROOT NAME [REPORT-FD [LOCK-FD]]: msmv vm"
			" starts it\n");
		return 2;
	}
	s.root = argv[1];
	s.name = argv[2];
	s.report = argc > 3 ? atoi(argv[3]) : -1;
	s.lock = argc > 4 ? atoi(argv[4]) : -1;
	s.qmp_listen = s.console_listen = s.signals = -1;
	s.console_log.fd = s.qemu_log.fd = s.asked_vsock = s.console_in = -1;
	s.vsock.device = s.vsock.listener = s.vsock.peer = -1;
	s.qmp.fd = s.qemu.console = s.qemu.errors = s.qemu.control = -1;
	umask(0077);
	if (s.report >= 0)
		fcntl(s.report, F_SETFD, FD_CLOEXEC);
	if (s.lock >= 0)
		fcntl(s.lock, F_SETFD, FD_CLOEXEC);
	return supervise(&s);
}
