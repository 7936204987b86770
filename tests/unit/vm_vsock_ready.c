/* SPDX-License-Identifier: GPL-3.0-only */
/* What a guest says over vsock; a pair of other sockets stands for it. */
#include "vm/vsock_ready.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit/unit.h"

static void
say(int fd, const char *text)
{
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

START_TEST(records)
{
	struct vsock_ready v = { .device = -1, .listener = -1 };
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	v.peer = pair[0];
	ck_assert(!vsock_ready_hear(&v));
	say(pair[1], "msmv: steps v=1 mounts_us=5\nnoise msmv: ready v=1\nmsmv: re");
	ck_assert(!vsock_ready_hear(&v));
	say(pair[1], "ady v=1 boottime_us=5 init_us=1 apps=1\n");
	ck_assert(vsock_ready_hear(&v));
	say(pair[1], "msmv: ready v=1\n");
	ck_assert(!vsock_ready_hear(&v)); /* once */
	close(pair[1]);
	vsock_ready_hear(&v);
	ck_assert_int_eq(v.peer, -1);
	ck_assert(v.ready);
	vsock_ready_close(&v);
}
END_TEST

static char heard[256];

static void
hear_line(void *owner, char *line)
{
	ck_assert_ptr_eq(owner, heard);
	strcat(strcat(heard, line), "|");
}

/* Who keeps more than the first record gets each line. */
START_TEST(lines)
{
	struct vsock_ready v = { .device = -1, .listener = -1, .on_line = hear_line,
		.owner = heard };
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	v.peer = pair[0];
	say(pair[1], "msmv: ready v=1 control=vsock\nmsmv: halt v=1\nmsmv: ");
	vsock_ready_hear(&v);
	ck_assert_str_eq(heard, "msmv: ready v=1 control=vsock|msmv: halt v=1|");
	close(pair[1]);
	vsock_ready_close(&v);
}
END_TEST

/* A kernel that has given some numbers away. */
static int
kernel(int device, uint64_t cid)
{
	ck_assert_int_eq(device, 9);
	if (cid != 20 && cid != 21 && cid != 3)
		return 0;
	errno = EADDRINUSE;
	return -1;
}

static int
kernel_without(int device, uint64_t cid)
{
	(void)device;
	(void)cid;
	errno = ENOTTY;
	return -1;
}

START_TEST(numbers)
{
	ck_assert_uint_eq(vsock_number(9, 10, kernel), 10); /* the wish, each time */
	ck_assert_uint_eq(vsock_number(9, 20, kernel), 22); /* the next that is free */
	ck_assert_uint_eq(vsock_number(9, 0x7ffffffe, kernel), 0x7ffffffe);
	ck_assert_uint_gt(vsock_number(9, 0, kernel), 2);   /* no wish: any */
	ck_assert_uint_ne(vsock_number(9, 0, kernel), vsock_number(9, 0, kernel));
	ck_assert_uint_eq(vsock_number(9, 10, kernel_without), 0);
}
END_TEST

/* The first who calls is the guest; there is one connection. */
START_TEST(calls)
{
	struct vsock_ready v = { .device = -1, .peer = -1 };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(at.sun_family);
	int first = socket(AF_UNIX, SOCK_STREAM, 0), second = socket(AF_UNIX, SOCK_STREAM, 0);

	v.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(v.listener, (struct sockaddr *)&at, size), 0); /* a name is chosen */
	ck_assert_int_eq(listen(v.listener, 4), 0);
	ck_assert(!vsock_ready_hear(&v));
	size = sizeof(at);
	ck_assert_int_eq(getsockname(v.listener, (struct sockaddr *)&at, &size), 0);
	ck_assert_int_eq(connect(first, (struct sockaddr *)&at, size), 0);
	ck_assert_int_eq(connect(second, (struct sockaddr *)&at, size), 0);
	say(second, "msmv: ready v=1\n");
	ck_assert(!vsock_ready_hear(&v));
	say(first, "msmv: ready v=1\n");
	ck_assert(vsock_ready_hear(&v));
	close(first);
	close(second);
	vsock_ready_close(&v);
	ck_assert_int_eq(v.listener, -1);
}
END_TEST

/* With or without vsock here: what is opened has a number, and is closed. */
START_TEST(here)
{
	struct vsock_ready v;

	vsock_ready_open(&v, 7);
	ck_assert(v.device < 0 ? v.listener < 0 && v.cid == 0 : v.cid >= 3);
	ck_assert(!vsock_ready_hear(&v));
	vsock_ready_close(&v);
	ck_assert(v.device == -1 && v.listener == -1 && v.peer == -1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_vsock_ready");

	tcase_add_test(t, records);
	tcase_add_test(t, lines);
	tcase_add_test(t, numbers);
	tcase_add_test(t, calls);
	tcase_add_test(t, here);
	return unit_run("vm_vsock_ready", t);
}
