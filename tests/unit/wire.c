/* SPDX-License-Identifier: GPL-3.0-only */
/* Frames arrive in any pieces, and whatever else arrives ends the talk. */
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "unit/unit.h"

static int ends[2];

static void
setup(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

static void
teardown(void)
{
	close(ends[0]);
	close(ends[1]);
}

/* The bytes of two frames, the second with all that needs care. */
static size_t
two_frames(char *buf, size_t room)
{
	cleanup_record struct record a = RECORD_INIT;
	cleanup_record struct record b = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;
	ssize_t n;

	record_add(&a, "type", "note");
	record_add(&b, "type", "log");
	record_add(&b, "text", "a\\b\nc=d\n\n");
	record_add(&b, "text", "");
	ck_assert_int_eq(wire_send(ends[0], &a, &err), 0);
	ck_assert_int_eq(wire_send(ends[0], &b, &err), 0);
	n = recv(ends[1], buf, room, 0);
	ck_assert_int_gt(n, 8);
	return (size_t)n;
}

static void
expect_two(struct wire_reader *in, int *seen)
{
	cleanup_err struct err err = ERR_INIT;

	for (;;) {
		cleanup_record struct record r = RECORD_INIT;
		int got = wire_next(in, &r, &err);

		ck_assert_msg(got >= 0, "%s", err_msg(&err));
		if (got == 0)
			return;
		if (++*seen == 1) {
			ck_assert_str_eq(record_get(&r, "type"), "note");
			continue;
		}
		ck_assert_str_eq(record_get(&r, "type"), "log");
		ck_assert_str_eq(record_get_nth(&r, "text", 0), "a\\b\nc=d\n\n");
		ck_assert_str_eq(record_get_nth(&r, "text", 1), "");
	}
}

START_TEST(split_at_every_byte)
{
	char bytes[512];
	size_t n = two_frames(bytes, sizeof(bytes));

	for (size_t cut = 0; cut <= n; cut++) {
		struct wire_reader in = WIRE_READER_INIT;
		int seen = 0;

		if (cut) {
			ck_assert_int_eq(send(ends[0], bytes, cut, 0), (ssize_t)cut);
			ck_assert_int_eq(wire_read(&in, ends[1]), (ssize_t)cut);
			expect_two(&in, &seen);
		}
		ck_assert_int_eq(seen == 2, cut == n);
		if (cut < n) {
			ck_assert_int_eq(send(ends[0], bytes + cut, n - cut, 0), (ssize_t)(n - cut));
			ck_assert_int_gt(wire_read(&in, ends[1]), 0);
			expect_two(&in, &seen);
		}
		ck_assert_int_eq(seen, 2);
		wire_release(&in);
	}
}
END_TEST

START_TEST(byte_by_byte)
{
	char bytes[512];
	size_t n = two_frames(bytes, sizeof(bytes));
	struct wire_reader in = WIRE_READER_INIT;
	int seen = 0;

	for (int round = 0; round < 100; round++) {
		for (size_t i = 0; i < n; i++) {
			ck_assert_int_eq(send(ends[0], bytes + i, 1, 0), 1);
			ck_assert_int_eq(wire_read(&in, ends[1]), 1);
			expect_two(&in, &seen);
		}
		ck_assert_int_eq(seen, 2);
		seen = 0;
	}
	/* What was taken is dropped: a long talk needs no more room than a short one. */
	ck_assert_uint_lt(in.buf.cap, 4096);
	wire_release(&in);
}
END_TEST

START_TEST(nothing_yet)
{
	struct wire_reader in = WIRE_READER_INIT;
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(wire_next(&in, &r, &err), 0);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	errno = 0;
	ck_assert_int_eq(wire_read(&in, ends[1]), -1);
	ck_assert_int_eq(errno, EAGAIN);
	shutdown(ends[0], SHUT_WR);
	ck_assert_int_eq(wire_read(&in, ends[1]), 0);
	ck_assert_int_eq(wire_next(&in, &r, &err), 0);
	wire_release(&in);
}
END_TEST

START_TEST(empty_frame)
{
	struct wire_reader in = WIRE_READER_INIT;
	cleanup_record struct record r = RECORD_INIT;

	ck_assert_int_eq(send(ends[0], "\0\0\0\0", 4, 0), 4);
	wire_read(&in, ends[1]);
	ck_assert_int_eq(wire_next(&in, &r, NULL), 1);
	ck_assert_uint_eq(r.len, 0);
	ck_assert_int_eq(wire_next(&in, &r, NULL), 0);
	wire_release(&in);
}
END_TEST

static const struct {
	const char *bytes;
	size_t n;
	const char *text;
} malformed[] = {
	{ "\377\377\377\377", 4, "frame of 4294967295 bytes is too large" },
	{ "\001\000\000\001", 4, "frame of 16777217 bytes is too large" },
	{ "\001\000\000\000x", 5, "line 1 is malformed" },
	{ "\002\000\000\000a=", 6, "line 1 is malformed" },
	{ "\002\000\000\000=\n", 6, "line 1 is malformed" },
	{ "\004\000\000\000a=\0\n", 8, "line 1 is malformed" },
	{ "\010\000\000\000a=b\na=\\x", 12, "line 2 is malformed" },
};

START_TEST(malformed_frames)
{
	struct wire_reader in = WIRE_READER_INIT;
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	send(ends[0], malformed[_i].bytes, malformed[_i].n, 0);
	wire_read(&in, ends[1]);
	ck_assert_int_eq(wire_next(&in, &r, &err), -1);
	ck_assert_msg(strstr(err_msg(&err), malformed[_i].text), "%s", err_msg(&err));
	wire_release(&in);
}
END_TEST

START_TEST(too_large_to_send)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *text = xmalloc(WIRE_FRAME_MAX);
	char byte;

	memset(text, 'x', WIRE_FRAME_MAX - 1);
	text[WIRE_FRAME_MAX - 1] = '\0';
	record_add(&r, "a", text);
	ck_assert_int_eq(wire_send(ends[0], &r, &err), -1);
	ck_assert_int_eq(recv(ends[1], &byte, 1, MSG_DONTWAIT), -1);
}
END_TEST

START_TEST(nobody_there)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	record_add(&r, "a", "b");
	shutdown(ends[1], SHUT_RDWR);
	ck_assert_int_eq(wire_send(ends[0], &r, &err), -1);
	ck_assert_int_eq(err.code, EPIPE);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("wire");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, split_at_every_byte);
	tcase_add_test(t, byte_by_byte);
	tcase_add_test(t, nothing_yet);
	tcase_add_test(t, empty_frame);
	tcase_add_loop_test(t, malformed_frames, 0, (int)ARRAY_LEN(malformed));
	tcase_add_test(t, too_large_to_send);
	tcase_add_test(t, nobody_there);
	return unit_run("wire", t);
}
