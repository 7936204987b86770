/* SPDX-License-Identifier: GPL-3.0-only */
/* QEMU from its start to its end, and what its monitor says meanwhile. */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "vm/argv.h"
#include "vm/folder.h"

enum { START_MS = 60000 };

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

	if (streq(name, "STOP") && s->life.shutdown[0])
		streams_hear_guest(s); /* its last words came before, and tell how it ended */
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
	if (streams_open(s, err) < 0)
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
	share_hand_over(s, true);
	if (!start_there(s, argv))
		return err_errno(err, "start %s", argv[0]);
	share_hand_over(s, false);
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

void
machine_drain(struct supervisor *s)
{
	qmp_read(&s->qmp);
	streams_drain(s);
}
