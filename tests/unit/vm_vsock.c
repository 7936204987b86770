/* SPDX-License-Identifier: GPL-3.0-only */
/* Numbers of guests, and the handshake of monitors that have a unix socket. */
#include "vm/vsock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#include "unit/unit.h"

static int pair[2];

static void
setup(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

static void
teardown(void)
{
	close(pair[0]);
	close(pair[1]);
}

static void
guest_says(const char *text)
{
	ck_assert_int_eq(write(pair[1], text, strlen(text)), (ssize_t)strlen(text));
}

START_TEST(cid_is_stable_and_no_reserved_one)
{
	ck_assert_uint_eq(vsock_cid("web", NULL, 0), vsock_cid("web", NULL, 0));
	ck_assert_uint_ne(vsock_cid("web", NULL, 0), vsock_cid("db", NULL, 0));
	for (int i = 0; i < 1000; i++) {
		char name[16];
		uint32_t cid;

		snprintf(name, sizeof(name), "vm%d", i);
		cid = vsock_cid(name, NULL, 0);
		ck_assert_uint_gt(cid, 2);
		ck_assert_uint_lt(cid, 0x80000000u);
	}
}
END_TEST

START_TEST(cid_that_is_taken)
{
	uint32_t taken[3] = { 0 }, own = vsock_cid("web", NULL, 0), second, third;

	taken[0] = own;
	second = vsock_cid("web", taken, 1);
	ck_assert_uint_ne(second, own);
	taken[1] = second;
	third = vsock_cid("web", taken, 2);
	ck_assert_uint_ne(third, own);
	ck_assert_uint_ne(third, second);
	ck_assert_uint_eq(vsock_cid("web", taken + 1, 1), own);
}
END_TEST

START_TEST(word)
{
	char *text = vsock_word("vhost-vsock-pci,guest-cid=77", 77, 78, 9);

	ck_assert_str_eq(text, "vhost-vsock-pci,guest-cid=78,vhostfd=9");
	free(text);
	ck_assert_ptr_null(vsock_word("vhost-vsock-pci,guest-cid=778", 77, 78, 9));
	ck_assert_ptr_null(vsock_word("vhost-vsock-pci,guest-cid=77,id=mine", 77, 78, 9));
	ck_assert_ptr_null(vsock_word("virtio-rng-pci", 77, 78, 9));
	ck_assert_ptr_null(vsock_word("-device", 77, 78, 9));
}
END_TEST

/* A machine's own number, where its kernel has that. */
START_TEST(connection)
{
	struct sockaddr_vm at = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY,
		.svm_port = VMADDR_PORT_ANY };
	int listener = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0), fd, error = 0;
	struct pollfd p = { -1, POLLOUT, 0 };
	socklen_t size = sizeof(at);
	char c;

	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(listener, 1) < 0 || getsockname(listener, (struct sockaddr *)&at, &size) < 0) {
		puts("# not tried: no vsock here");
		return;
	}
	p.fd = fd = vsock_connect(VMADDR_CID_LOCAL, at.svm_port);
	size = sizeof(error);
	if (fd < 0 || poll(&p, 1, 1000) != 1 ||
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error) {
		puts("# not tried: no vsock loopback here");
		close(fd);
		close(listener);
		return;
	}
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	fd = accept(listener, NULL, NULL);
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(c, 'x');
	close(fd);
	close(listener);
}
END_TEST

START_TEST(handshake)
{
	char rest[64], asked[64] = "";
	size_t size = sizeof(rest);

	guest_says("OK 1073741824\n");
	ck_assert_int_eq(vsock_handshake(pair[0], 1026, 60000, rest, &size), 0);
	ck_assert_uint_eq(size, 0);
	ck_assert_int_gt(read(pair[1], asked, sizeof(asked) - 1), 0);
	ck_assert_str_eq(asked, "CONNECT 1026\n");
}
END_TEST

/* The guest writes at once: its first bytes come in the same read as the OK. */
START_TEST(handshake_with_coalesced_bytes)
{
	char rest[64];
	size_t size = sizeof(rest);

	guest_says("OK 5\nmsmv: ready v=1\npo");
	ck_assert_int_eq(vsock_handshake(pair[0], 1, 60000, rest, &size), 0);
	ck_assert_uint_eq(size, 22 - 4);
	ck_assert_mem_eq(rest, "msmv: ready v=1\npo", size);
	guest_says("ng\n");
	ck_assert_int_eq(read(pair[0], rest, sizeof(rest)), 3);
}
END_TEST

START_TEST(handshake_that_is_refused)
{
	char rest[64];
	size_t size = sizeof(rest);

	guest_says("ERR 111\n");
	ck_assert_int_lt(vsock_handshake(pair[0], 1, 60000, rest, &size), 0);
	ck_assert_int_eq(errno, EPROTO);
	guest_says("OKAY, this is another language and a line without an end, which goes on and on");
	size = sizeof(rest);
	ck_assert_int_lt(vsock_handshake(pair[0], 1, 60000, rest, &size), 0);
	ck_assert_int_eq(errno, EPROTO);
}
END_TEST

START_TEST(handshake_with_more_than_there_is_room)
{
	char rest[4];
	size_t size = sizeof(rest);

	guest_says("OK 5\n12345");
	ck_assert_int_lt(vsock_handshake(pair[0], 1, 60000, rest, &size), 0);
	ck_assert_int_eq(errno, EMSGSIZE);
}
END_TEST

START_TEST(handshake_of_a_silent_one)
{
	char rest[4];
	size_t size = sizeof(rest);

	guest_says("O");
	ck_assert_int_lt(vsock_handshake(pair[0], 1, 10, rest, &size), 0);
	ck_assert_int_eq(errno, ETIMEDOUT);
	close(pair[1]);
	pair[1] = -1;
	ck_assert_int_lt(vsock_handshake(pair[0], 1, 60000, rest, &size), 0);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vsock");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, cid_is_stable_and_no_reserved_one);
	tcase_add_test(t, cid_that_is_taken);
	tcase_add_test(t, word);
	tcase_add_test(t, connection);
	tcase_add_test(t, handshake);
	tcase_add_test(t, handshake_with_coalesced_bytes);
	tcase_add_test(t, handshake_that_is_refused);
	tcase_add_test(t, handshake_with_more_than_there_is_room);
	tcase_add_test(t, handshake_of_a_silent_one);
	return unit_run("vm_vsock", t);
}
