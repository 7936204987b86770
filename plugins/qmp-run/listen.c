/* SPDX-License-Identifier: GPL-3.0-only */
/* What guest and QEMU say, and what of it decides the boot. */
#include "boot.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "records.h"

/* A guest that prints without end must not fill the disk: the rest is dropped. */
static const uint64_t keep_max = 16u << 20;

enum { REST_MS = 1000 }; /* no guest takes so long over the middle of a line */

int64_t
boot_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
boot_fail(struct boot *b, int code, const char *fmt, ...)
{
	va_list ap;

	if (b->code)
		return -1;
	b->code = code;
	va_start(ap, fmt);
	vsnprintf(b->why, sizeof(b->why), fmt, ap);
	va_end(ap);
	return -1;
}

/*
 * A prompt has no line end, so a text is looked for as it grows, and a pattern when it has
 * rested.
 */
static void
look_for_expected(struct boot *b, const char *line, bool whole)
{
	if (!b->expected && strstr(line, b->rules->expect))
		b->expected = true;
	if (b->checks)
		checks_line(b->checks, line, whole);
}

/* Nothing to read just now. A line that has no end for so long is as whole as it gets. */
static void
rest(struct boot *b)
{
	if (b->rested || !b->console.used || boot_now() - b->heard < REST_MS)
		return;
	b->rested = true;
	look_for_expected(b, b->console.line, true);
}

static void
on_line(void *owner, char *line)
{
	struct boot *b = owner;
	const struct msmv_host *host = b->stage->host;
	struct record record;

	/* A move of the cursor ends a line in the middle of what was read at once. */
	look_for_expected(b, line, true);
	if (b->kept < keep_max)
		host->log(b->stage, MSMV_LOG_INFO, "%s", line);
	if (line[strspn(line, " \t")]) {
		snprintf(b->last, sizeof(b->last), "%s", line);
		host->progress(b->stage, 0, 0, b->last);
	}
	records_last_words(b, line);
	if (!b->ready)
		phases_line(&b->phases, line);
	if (record_parse(line, &record))
		records_take(b, &record);
}

static void
keep(struct boot *b, const char *data, size_t size)
{
	if (b->kept >= keep_max)
		return;
	b->kept += size;
	while (size > 0) {
		ssize_t n = write(b->log, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			boot_fail(b, MSMV_FAIL_SYSTEM,
			          "cannot write the console's log: %s", strerror(errno));
			return;
		}
		data += n;
		size -= (size_t)n;
	}
	if (b->kept >= keep_max)
		b->stage->host->log(b->stage, MSMV_LOG_WARNING,
		                    "the guest printed %llu MiB: the rest is not kept",
		                    (unsigned long long)(keep_max >> 20));
}

/* A chunk is cut at line ends, so that each line is looked at before it goes. */
static void
on_console(struct boot *b, const char *data, size_t size)
{
	b->heard = boot_now();
	b->rested = false;
	keep(b, data, size);
	while (size > 0) {
		const char *end = memchr(data, '\n', size);
		size_t n = end ? (size_t)(end - data) : size;

		console_feed(&b->console, data, n);
		look_for_expected(b, b->console.line, false);
		if (end)
			console_feed(&b->console, data + n++, 1);
		data += n;
		size -= n;
	}
}

/* What QEMU says, before it prints the registers, when KVM gave up on the guest. */
static bool
is_of_kvm(const char *line)
{
	static const char *const words[] = { "KVM internal error", "KVM: entry failed",
		"KVM: unknown exit", "kvm run failed" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static void
on_complaint(void *owner, char *line)
{
	struct boot *b = owner;

	if (!*line)
		return;
	b->stage->host->log(b->stage, MSMV_LOG_INFO, "%s: %s", b->qemu_name, line);
	if (b->blames_kvm || strstr(line, "warning:"))
		return;
	b->blames_kvm = is_of_kvm(line);
	snprintf(b->complaint, sizeof(b->complaint), "%s", line);
}

static void
on_event(void *owner, const char *name, json_t *data)
{
	struct boot *b = owner;
	const char *reason = json_string_value(json_object_get(data, "reason"));

	/* The end of a failed stage's log shall be the guest's words, not ours. */
	if (reason && strncmp(reason, "host-", 5) != 0)
		b->stage->host->log(b->stage, MSMV_LOG_DEBUG, "qmp: %s %s", name, reason);
	if (strcmp(name, "SHUTDOWN") == 0)
		snprintf(b->reason, sizeof(b->reason), "%s", reason ? reason : "");
	else if (strcmp(name, "GUEST_PANICKED") == 0)
		boot_fail(b, MSMV_FAIL_RECIPE, "the guest reports a panic to QEMU");
	else if (strcmp(name, "STOP") == 0 && !b->reason[0])
		b->stopped = true;
}

/* QEMU waits for this (-S): before it, no event would be sent of a guest's early end. */
static void
on_qmp(void *owner)
{
	struct boot *b = owner;

	b->phases.qemu_ms = boot_now() - b->started;
	qmp_execute(&b->qmp, "cont");
}

void
boot_listen(struct boot *b)
{
	qmp_init(&b->qmp, b->qemu.qmp);
	b->qmp.on_ready = on_qmp;
	b->qmp.event = on_event;
	b->qmp.owner = b;
	b->console.on_line = on_line;
	b->console.owner = b;
	b->errors.on_line = on_complaint;
	b->errors.owner = b;
	b->expected = !b->rules->expect;
}

/* Reads once from a stream that is said to be readable; at its end closes it. */
static void
hear_stream(int *fd, struct boot *b, struct console *to)
{
	char data[16384];
	ssize_t n = read(*fd, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && to == &b->console) {
		on_console(b, data, (size_t)n);
	} else if (n > 0) {
		console_feed(to, data, (size_t)n);
	} else {
		console_flush(to);
		close(*fd);
		*fd = -1;
	}
}

bool
boot_hear(struct boot *b, int64_t milliseconds)
{
	struct pollfd fds[] = {
		{ b->qemu.console, POLLIN, 0 },
		{ b->qmp.fd, POLLIN, 0 },
		{ b->qemu.errors, POLLIN, 0 },
		{ b->vsock ? b->vsock->listener : -1, POLLIN, 0 },
		{ b->vsock ? b->vsock->peer : -1, POLLIN, 0 },
	};

	if (b->qemu.console < 0 && b->qmp.fd < 0) {
		if (poll(&fds[2], 1, 0) > 0) /* the last complaint */
			hear_stream(&b->qemu.errors, b, &b->errors);
		return false;
	}
	if (poll(fds, sizeof(fds) / sizeof(fds[0]), milliseconds < 0 ? 0 : (int)milliseconds) < 0)
		return true;
	if ((fds[3].revents || fds[4].revents) && vsock_ready_hear(b->vsock))
		b->vsock_ready_ms = boot_now() - b->started;
	if (fds[2].revents)
		hear_stream(&b->qemu.errors, b, &b->errors);
	if (fds[1].revents)
		qmp_read(&b->qmp);
	if (fds[0].revents)
		hear_stream(&b->qemu.console, b, &b->console);
	else
		rest(b);
	return true;
}

void
boot_listen_for(struct boot *b, int64_t milliseconds)
{
	int64_t until = boot_now() + milliseconds, left;

	while (!b->gone && (left = until - boot_now()) > 0)
		b->gone = !boot_hear(b, left);
}
