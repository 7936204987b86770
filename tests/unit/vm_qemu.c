/* SPDX-License-Identifier: GPL-3.0-only */
/* The process and its streams; a shell stands for QEMU. */
#include "vm/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/unit.h"

/* Bytes that go in one by one, as from a serial port, while nobody reads. */
static size_t
room(int fd)
{
	size_t n = 0;

	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while (n < 1 << 16 && write(fd, "x", 1) == 1)
		n++;
	return n;
}

/* What a guest prints while this process has no turn is not lost. */
START_TEST(listener)
{
	struct qemu q;
	char text[8192];

	ck_assert(qemu_open(&q, false));
	ck_assert(qemu_listen_only(&q));
	ck_assert(q.its.console.pipe && q.control < 0 && q.its.control.fd < 0);
	/* A user with many pipes gets one page. */
	ck_assert_uint_ge(room(q.its.console.fd), 4096);
	ck_assert_int_gt(read(q.console, text, sizeof(text)), 4000);
	qemu_release(&q);
	ck_assert_int_eq(q.console, -1);
	ck_assert_int_eq(q.its.console.fd, -1);
}
END_TEST

/* Everything that comes from fd until its end. */
static void
read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, text + used, size - 1 - used)) != 0)
		if (n > 0)
			used += (size_t)n;
		else if (errno != EINTR)
			break;
	text[used] = '\0';
}

static char sh[] = "sh", dash_c[] = "-c";

START_TEST(streams)
{
	char script[128], text[64];
	char *argv[] = { sh, dash_c, script, NULL };
	struct qemu q;

	ck_assert(qemu_open(&q, true));
	ck_assert(qemu_listen_only(&q));
	/* A shell opens no socket by its name, but sees that it has it. */
	snprintf(script, sizeof(script), "test -S /proc/self/fd/%d && echo control;"
	         " echo console >/proc/self/fd/%d; exit 3",
	         q.its.control.fd, q.its.console.fd);
	ck_assert(qemu_start(&q, argv));
	read_all(q.errors, text, sizeof(text));
	ck_assert_str_eq(text, "control\n");
	read_all(q.console, text, sizeof(text));
	ck_assert_str_eq(text, "console\n");
	read_all(q.control, text, sizeof(text));
	ck_assert_str_eq(text, "");
	ck_assert(qemu_wait(&q, 60000));
	ck_assert(WIFEXITED(q.status) && WEXITSTATUS(q.status) == 3);
	ck_assert_int_gt(q.rss_kib, 0);
	ck_assert_int_eq(qemu_kill(&q), 0);
	qemu_release(&q);
}
END_TEST

START_TEST(not_there)
{
	char name[] = "/no/such/qemu";
	char *argv[] = { name, NULL };
	struct qemu q;

	ck_assert(qemu_open(&q, false));
	errno = 0;
	ck_assert(!qemu_start(&q, argv));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(q.pid, 0);
	qemu_release(&q);
}
END_TEST

static const struct {
	const char *script;
	int sig;
} ends[] = {
	{ "echo; exec sleep 600", SIGTERM },
	{ "trap '' TERM; echo; while :; do sleep 0.1; done", SIGKILL },
};

START_TEST(killed)
{
	char script[64], byte;
	char *argv[] = { sh, dash_c, script, NULL };
	struct qemu q;

	snprintf(script, sizeof(script), "%s", ends[_i].script);
	ck_assert(qemu_open(&q, false));
	ck_assert(qemu_start(&q, argv));
	ck_assert_int_eq(read(q.errors, &byte, 1), 1); /* it has come so far */
	ck_assert(!qemu_wait(&q, 0));
	ck_assert_int_eq(qemu_kill(&q), ends[_i].sig);
	ck_assert(WIFSIGNALED(q.status) && WTERMSIG(q.status) == ends[_i].sig);
	qemu_release(&q);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_qemu");

	tcase_add_test(t, listener);
	tcase_add_test(t, streams);
	tcase_add_test(t, not_there);
	tcase_add_loop_test(t, killed, 0, sizeof(ends) / sizeof(ends[0]));
	return unit_run("vm_qemu", t);
}
