/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * QEMU gets its descriptors under fixed numbers, so that vm.json can hold its command
 * line before there is one.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "vm/argv.h"
#include "vm/folder.h"

enum { PIPE_MAX = 1 << 20, PIPE_MIN = 1 << 16, START_MS = 60000 };

static void
report(struct supervisor *s, const char *text)
{
	if (s->report < 0)
		return;
	if (write(s->report, text, strlen(text)) < 0)
		fprintf(stderr, "nobody hears of the start: %s\n", strerror(errno));
	close(s->report);
	s->report = -1;
}

static void
on_running(void *owner, json_t *value, json_t *error)
{
	struct supervisor *s = owner;
	const char *desc = json_string_value(json_object_get(error, "desc"));

	if (value)
		report(s, "ok\n");
	else if (desc)
		snprintf(s->words, sizeof(s->words), "%s", desc);
}

static void
on_qmp_ready(void *owner)
{
	struct supervisor *s = owner;

	if (!s->asked_ms)
		s->deadline_ms = 0;
	if (json_is_true(json_object_get(s->config, "paused"))) {
		s->life.up = s->life.paused = true;
		state_news(s, "paused", NULL);
		report(s, "ok\n");
	} else {
		qmp_ask(&s->qmp, "cont", NULL, on_running, s);
	}
}

static void
on_event(void *owner, const char *name, json_t *data)
{
	struct supervisor *s = owner;

	life_event(&s->life, name, data);
	if (streq(name, "RESET") && s->restore_reboot)
		stop_reset_done(s);
}

static void
on_line(void *owner, char *line)
{
	life_line(&((struct supervisor *)owner)->life, line);
}

/* QEMU's last line says best why it ended; one that begins with its name, as what follows
   such a line is the rest of it or help. */
static void
on_error_line(void *owner, char *line)
{
	struct supervisor *s = owner;
	size_t n = strlen(s->qemu_name);
	bool named = strncmp(line, s->qemu_name, n) == 0 && line[n] == ':';

	if (!*line || (s->named_words && !named))
		return;
	s->named_words = named;
	snprintf(s->words, sizeof(s->words), "%s", line);
}

/* Moves a descriptor to a number that nobody else has. */
static int
move_fd(int *fd, int number)
{
	if (dup3(*fd, number, O_CLOEXEC) < 0)
		return -1;
	close(*fd);
	*fd = number;
	return 0;
}

/* A named pipe, opened for both ways: it has no end while this process lives. */
static int
open_fifo(const char *name)
{
	int fd = -1;

	if ((unlink(name) == 0 || errno == ENOENT) && mkfifo(name, 0600) == 0)
		fd = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	for (int size = PIPE_MAX; fd >= 0 && size >= PIPE_MIN; size /= 2)
		if (fcntl(fd, F_SETPIPE_SZ, size) >= 0)
			break;
	return fd;
}

/*
 * QEMU hands over what a guest prints byte by byte, and a socket is full after some 300 of
 * these. The guest's serial driver does not wait for long: it would lose text, and records.
 */
static int
open_console(struct supervisor *s, struct err *err)
{
	close(s->qemu.console);
	close(s->qemu.its.console.fd);
	s->qemu.its.console.fd = -1;
	s->qemu.console = open_fifo("console.out");
	s->console_in = open_fifo("console.in");
	if (s->qemu.console < 0 || s->console_in < 0)
		return err_errno(err, "make the console's pipes in %s", s->folder);
	return 0;
}

static int
open_streams(struct supervisor *s, struct err *err)
{
	if (!qemu_open(&s->qemu, true))
		return err_errno(err, "make QEMU's sockets");
	if (open_console(s, err) < 0)
		return -1;
	if (move_fd(&s->qemu.its.qmp.fd, VM_FD_QMP) < 0 ||
		move_fd(&s->qemu.its.control.fd, VM_FD_CONTROL) < 0 ||
		dup3(s->lock, VM_FD_LOCK, O_CLOEXEC) < 0)
		return err_errno(err, "number QEMU's sockets");
	s->qemu.lock = VM_FD_LOCK;
	s->qemu.group = true;
	return 0;
}

/* QEMU begins where the person was who asked for it: paths of theirs hold. */
static bool
start_there(struct supervisor *s, char *const *argv)
{
	const char *dir = json_string_value(json_object_get(s->config, "dir"));
	int error;
	bool started;

	if (dir && chdir(dir) < 0)
		dir = NULL; /* it is gone; only relative paths suffer */
	started = qemu_start(&s->qemu, argv);
	error = errno;
	if (dir && chdir(s->folder) < 0)
		return false;
	errno = error;
	return started;
}

/* The command line of vm.json; argv_free frees it. */
static char **
argv_of(const json_t *config, struct err *err)
{
	json_t *list = json_object_get(config, "argv"), *word;
	struct argv argv = { .item = NULL };
	size_t i;

	json_array_foreach(list, i, word)
		argv_add(&argv, "%s", json_is_string(word) ? json_string_value(word) : "");
	if (!i)
		err_set(err, "vm.json has no argv");
	return i ? argv_done(&argv) : NULL;
}

/* How long QEMU may take until its monitor answers. */
static int64_t
start_ms(const struct supervisor *s)
{
	json_t *ms = json_object_get(s->config, "start_ms");

	return json_is_integer(ms) ? json_integer_value(ms) : START_MS;
}

static void
take_note_of_time(struct supervisor *s)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	s->began = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	s->began_ms = clock_now_ms();
}

static bool
has_word(char *const *argv, const char *word)
{
	for (; *argv; argv++)
		if (streq(*argv, word))
			return true;
	return false;
}

static int
start_qemu(struct supervisor *s, char *const *argv, struct err *err)
{
	s->qemu_name = xstrdup(path_base(argv[0])); /* as long as the process lives */
	if (open_streams(s, err) < 0)
		return -1;
	life_init(&s->life);
	s->life.firmware = !has_word(argv, "-kernel");
	s->life.tell = state_news;
	s->life.owner = s;
	s->console.on_line = s->port.on_line = on_line;
	s->errors.on_line = on_error_line;
	s->console.owner = s->port.owner = s->errors.owner = s;
	take_note_of_time(s);
	s->deadline_ms = s->began_ms + start_ms(s);
	setenv("TMPDIR", s->folder, 1); /* where QEMU puts what a guest writes and loses */
	if (!start_there(s, argv))
		return err_errno(err, "start %s", argv[0]);
	/* A child of QEMU's may have the other end for longer than QEMU lives. */
	return fcntl(s->qemu.errors, F_SETFL, O_NONBLOCK) < 0 ? err_errno(err, "set up a pipe") : 0;
}

int
machine_start(struct supervisor *s, struct err *err)
{
	char **argv = argv_of(s->config, err);
	int rc;

	if (argv)
		host_words(s, argv);
	rc = argv ? start_qemu(s, argv, err) : -1;
	argv_free(argv);
	if (s->vsock.device >= 0) /* it is QEMU's now, and ends with it */
		fcntl(s->vsock.device, F_SETFD, FD_CLOEXEC);
	if (rc < 0)
		return -1;
	qmp_init(&s->qmp, s->qemu.qmp);
	s->qmp.on_ready = on_qmp_ready;
	s->qmp.event = on_event;
	s->qmp.message = server_event;
	s->qmp.owner = s;
	state_save(s);
	return 0;
}

void
machine_on_qmp(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	qmp_read(&s->qmp);
}

/* Up to 64 KiB of what is there. False at the end of the stream. */
static bool
take_some(int *fd, char *buffer, size_t size, size_t *n)
{
	ssize_t got = recv(*fd, buffer, size, MSG_DONTWAIT);

	if (got < 0 && errno == ENOTSOCK)
		got = read(*fd, buffer, size);
	*n = got > 0 ? (size_t)got : 0;
	if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

void
machine_on_console(struct supervisor *s, void *item, short events)
{
	char buffer[16384];
	size_t n;

	(void)item;
	(void)events;
	if (!take_some(&s->qemu.console, buffer, sizeof(buffer), &n))
		return;
	ring_write(&s->ring, buffer, n);
	journal_write(&s->console_log, buffer, n);
	console_feed(&s->console, buffer, n);
}

/* False if nothing was there. */
static bool
hear_errors(struct supervisor *s)
{
	char buffer[4096];
	size_t n;

	if (!take_some(&s->qemu.errors, buffer, sizeof(buffer), &n) || n == 0)
		return false;
	journal_write(&s->qemu_log, buffer, n);
	console_feed(&s->errors, buffer, n);
	return true;
}

void
machine_on_errors(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	hear_errors(s);
}

void
machine_on_port(struct supervisor *s, void *item, short events)
{
	char buffer[4096];
	size_t n;

	(void)item;
	(void)events;
	if (take_some(&s->qemu.control, buffer, sizeof(buffer), &n))
		console_feed(&s->port, buffer, n);
}

void
machine_on_room(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	machine_type(s);
}

void
machine_type(struct supervisor *s)
{
	ssize_t n = -1;

	if (s->typed.len)
		n = write(s->console_in, s->typed.p, s->typed.len);
	if (n <= 0)
		return;
	memmove(s->typed.p, s->typed.p + n, s->typed.len - (size_t)n);
	s->typed.len -= (size_t)n;
}

void
machine_drain(struct supervisor *s)
{
	uint64_t seen;

	qmp_read(&s->qmp);
	do {
		seen = s->ring.end;
		if (s->qemu.console >= 0)
			machine_on_console(s, NULL, POLLIN);
	} while (seen != s->ring.end);
	console_flush(&s->console);
	if (s->qemu.control >= 0)
		machine_on_port(s, NULL, POLLIN);
	while (s->qemu.errors >= 0 && hear_errors(s))
		;
	console_flush(&s->errors);
}
