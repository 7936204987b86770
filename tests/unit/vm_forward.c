/* SPDX-License-Identifier: GPL-3.0-only */
/* Forwarded ports as people write them, and ports that nobody else gets. */
#include "vm/forward.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/unit.h"

static const struct {
	const char *text, *address;
	int host, guest;
	bool udp;
} good[] = {
	{ "80", NULL, 0, 80, false },
	{ "8080:80", NULL, 8080, 80, false },
	{ "0:65535", NULL, 0, 65535, false },
	{ "0.0.0.0:8080:80", "0.0.0.0", 8080, 80, false },
	{ "53/udp", NULL, 0, 53, true },
	{ "127.0.0.2:0:53/udp", "127.0.0.2", 0, 53, true },
	{ "22/tcp", NULL, 0, 22, false },
};

START_TEST(right)
{
	char address[FORWARD_ADDRESS_MAX];
	struct guest_forward f;
	const char *why;

	ck_assert(forward_parse(good[_i].text, address, &f, &why));
	ck_assert_int_eq(f.host, good[_i].host);
	ck_assert_int_eq(f.guest, good[_i].guest);
	ck_assert_int_eq(f.udp, good[_i].udp);
	ck_assert_pstr_eq(f.address, good[_i].address);
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "guest's port" }, { "0", "guest's port" }, { "80:", "guest's port" },
	{ "65536", "guest's port" }, { "http", "guest's port" }, { "-1", "guest's port" },
	{ "123456", "guest's port" }, { ":80", "this machine's port" },
	{ "x:80", "this machine's port" }, { "65536:80", "this machine's port" },
	{ "localhost:1:80", "no IPv4 address" }, { ":1:80", "no IPv4 address" },
	{ "::1:1:80", "no IPv4 address" }, { "80/sctp", "/tcp and /udp" }, { "80/", "/tcp" },
	{ "0000000000000000000000000000000000000000000000000000000000000000000:1:2", "IPv4" },
};

START_TEST(wrong)
{
	char address[FORWARD_ADDRESS_MAX];
	struct guest_forward f;
	const char *why;

	ck_assert_msg(!forward_parse(bad[_i].text, address, &f, &why), "%s", bad[_i].text);
	ck_assert_msg(strstr(why, bad[_i].why), "%s: %s", bad[_i].text, why);
}
END_TEST

static struct sockaddr_in
local(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* As QEMU does it. */
static int
listen_on(int port)
{
	struct sockaddr_in at = local(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

START_TEST(reserved)
{
	enum { MANY = 200 };
	struct guest_forward f[MANY];
	int fd[MANY], qemu;

	for (int i = 0; i < MANY; i++) {
		f[i] = (struct guest_forward){ .guest = 80 };
		fd[i] = forward_reserve(&f[i]);
		ck_assert_int_ge(fd[i], 0);
		ck_assert_int_gt(f[i].host, 0);
		for (int k = 0; k < i; k++)
			ck_assert_int_ne(f[i].host, f[k].host);
	}
	qemu = listen_on(f[0].host);
	close(qemu);
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
}
END_TEST

/* QEMU's socket for UDP shares its port with none: ours must go first. */
START_TEST(reserved_udp)
{
	struct guest_forward f = { .guest = 53, .udp = true };
	int fd = forward_reserve(&f), qemu = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = local(f.host);

	ck_assert_int_ge(fd, 0);
	ck_assert(f.chosen);
	ck_assert_int_lt(bind(qemu, (struct sockaddr *)&at, sizeof(at)), 0);
	close(fd);
	ck_assert_int_eq(bind(qemu, (struct sockaddr *)&at, sizeof(at)), 0);
	close(qemu);
}
END_TEST

START_TEST(turns)
{
	struct guest_forward f = { .guest = 80 }, other;
	int port = forward_reserve(&f), mine, udp;

	ck_assert_int_ge(port, 0);
	mine = forward_turn(&f);
	ck_assert_int_ge(mine, 0);
	ck_assert_int_lt(forward_turn(&f), 0);
	ck_assert_int_eq(errno, EADDRINUSE);
	other = f;
	other.udp = true;
	udp = forward_turn(&other);
	ck_assert_int_ge(udp, 0);
	close(udp);
	close(mine);
	mine = forward_turn(&f);
	ck_assert_int_ge(mine, 0);
	close(mine);
	close(port);
}
END_TEST

/* A VM may never end: nobody is to wait for its port. */
START_TEST(held_for_good)
{
	struct guest_forward f = { .guest = 80 };
	int port = forward_reserve(&f), mine = forward_turn(&f), held;

	ck_assert_int_ge(mine, 0);
	ck_assert_int_lt(forward_hold(&f), 0);
	ck_assert_int_eq(errno, EADDRINUSE);
	close(mine);
	held = forward_hold(&f);
	ck_assert_int_ge(held, 0);
	for (int i = 0; i < 10; i++) { /* which it answers as often as one asks */
		ck_assert_int_lt(forward_turn(&f), 0);
		ck_assert_int_eq(errno, EBUSY);
	}
	close(held);
	mine = forward_turn(&f);
	ck_assert_int_ge(mine, 0);
	close(mine);
	close(port);
}
END_TEST

START_TEST(not_reserved)
{
	struct guest_forward f = { .address = "192.0.2.1", .guest = 80 };

	ck_assert_int_lt(forward_reserve(&f), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_forward");

	tcase_add_loop_test(t, right, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(t, wrong, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(t, reserved);
	tcase_add_test(t, reserved_udp);
	tcase_add_test(t, turns);
	tcase_add_test(t, held_for_good);
	tcase_add_test(t, not_reserved);
	return unit_run("vm_forward", t);
}
