/* SPDX-License-Identifier: GPL-3.0-only */
/* What a guest says over vsock; a pair of other sockets stands for it. */
#include "../../plugins/qmp-run/vsock_ready.h"

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

	vsock_ready_open(&v);
	ck_assert(v.device < 0 ? v.listener < 0 && v.cid == 0 : v.cid >= 3);
	ck_assert(!vsock_ready_hear(&v));
	vsock_ready_close(&v);
	ck_assert(v.device == -1 && v.listener == -1 && v.peer == -1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("boot_vsock");

	tcase_add_test(t, records);
	tcase_add_test(t, calls);
	tcase_add_test(t, here);
	return unit_run("boot_vsock", t);
}
