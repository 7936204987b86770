/* SPDX-License-Identifier: GPL-3.0-only */
/* QMP over a socket pair: what is sent, and that each reply finds who asked. */
#include "vm/qmp.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/unit.h"

static const char greeting[] = "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 7, \"minor\": 2,"
			       " \"micro\": 22}}, \"capabilities\": [\"oob\"]}}\r\n";
static struct qmp qmp;
static int other;
static char heard[1024];

static void
on_event(void *owner, const char *name, json_t *data)
{
	const char *reason = json_string_value(json_object_get(data, "reason"));

	(void)owner;
	strcat(heard, name);
	strcat(heard, reason ? reason : "");
	strcat(heard, ";");
}

static void
on_reply(void *owner, json_t *value, json_t *error)
{
	const char *desc = json_string_value(json_object_get(error, "desc"));
	char text[128];

	snprintf(text, sizeof(text), "%s=%s;", (const char *)owner,
		value ? "value" : desc ? desc : "gone");
	strcat(heard, text);
}

static void
qemu_says(const char *text)
{
	ck_assert_int_eq(write(other, text, strlen(text)), (ssize_t)strlen(text));
	qmp_read(&qmp);
}

/* What was sent since; of the last call. */
static const char *
sent(void)
{
	static char text[4096];
	ssize_t n = recv(other, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
setup(void)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	qmp_init(&qmp, pair[0]);
	qmp.event = on_event;
	other = pair[1];
	heard[0] = '\0';
}

static void
negotiate(void)
{
	qemu_says(greeting);
	qemu_says("{\"return\": {}, \"id\": 1}\r\n");
	ck_assert(qmp.ready);
	sent();
}

static void
teardown(void)
{
	qmp_release(&qmp);
	if (other >= 0)
		close(other);
}

START_TEST(negotiates)
{
	ck_assert(!qmp_execute(&qmp, "cont")); /* it is too early */
	qemu_says(greeting);
	ck_assert_str_eq(qmp.version, "7.2.22");
	ck_assert_str_eq(sent(), "{\"execute\":\"qmp_capabilities\",\"id\":1}\n");
	ck_assert(!qmp.ready);
	qemu_says("{\"return\": {}, \"id\": 2}\r\n"); /* of somebody else */
	ck_assert(!qmp.ready);
	qemu_says("{\"return\": {}, \"id\": 1}\r\n");
	ck_assert(qmp.ready);
	ck_assert(!qmp.foreign);
}
END_TEST

START_TEST(sends_arguments)
{
	negotiate();
	ck_assert(qmp_ask(&qmp, "screendump", json_pack("{s:s}", "filename", "a\n\"b"), NULL, NULL));
	ck_assert_str_eq(sent(), "{\"execute\":\"screendump\",\"arguments\":"
				 "{\"filename\":\"a\\n\\\"b\"},\"id\":2}\n");
}
END_TEST

START_TEST(replies_in_any_order)
{
	static char a[] = "a", b[] = "b", c[] = "c";

	negotiate();
	qmp_ask(&qmp, "one", NULL, on_reply, a);
	qmp_ask(&qmp, "two", NULL, on_reply, b);
	qmp_ask(&qmp, "three", NULL, on_reply, c);
	qemu_says("{\"return\": {}, \"id\": 3}\r\n{\"event\": \"SHUTDOWN\", \"data\": "
		  "{\"reason\": \"guest-reset\"}}\r\n{\"error\": {\"class\": \"X\", \"desc\": \"no\"}, "
		  "\"id\": 2}\r\n");
	ck_assert_str_eq(heard, "b=value;SHUTDOWNguest-reset;a=no;");
	ck_assert_str_eq(qmp.error, "no");
	qemu_says("{\"return\": {}, \"id\": 3}\r\n{\"return\": {}}\r\n{\"return\": {}, \"id\": \"4\"}\r\n");
	ck_assert_str_eq(heard, "b=value;SHUTDOWNguest-reset;a=no;");
	close(other);
	other = -1;
	ck_assert(!qmp_read(&qmp));
	ck_assert_str_eq(heard, "b=value;SHUTDOWNguest-reset;a=no;c=gone;");
}
END_TEST

/* One that was given up must not pass for the answer to what was asked after it. */
START_TEST(one_that_comes_late)
{
	static char a[] = "a", b[] = "b";

	negotiate();
	qmp_ask(&qmp, "one", NULL, on_reply, a);
	qmp_forget(&qmp);
	qmp_ask(&qmp, "two", NULL, on_reply, b);
	qemu_says("{\"return\": {}, \"id\": 2}\r\n{\"return\": {}, \"id\": 3}\r\n");
	ck_assert_str_eq(heard, "b=value;");
}
END_TEST

START_TEST(in_pieces)
{
	negotiate();
	for (const char *p = "{\"event\": \"STOP\"}\n{\"event\": \"RESUME\"}\n"; *p; p++) {
		const char one[] = { *p, '\0' };

		qemu_says(one);
	}
	ck_assert_str_eq(heard, "STOP;RESUME;");
}
END_TEST

START_TEST(what_is_no_qmp)
{
	static const char *const table[] = { "SSH-2.0-x\r\n", "{}\n", "[1]\n", "{\"QMP\n", "\n" };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		teardown();
		setup();
		qemu_says(table[i]);
		ck_assert(qmp.foreign);
		ck_assert(!qmp.ready);
	}
}
END_TEST

START_TEST(a_line_without_end)
{
	static char block[65536];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 64 && qmp.fd >= 0; i++) {
		ck_assert_int_gt(send(other, block, sizeof(block), MSG_DONTWAIT | MSG_NOSIGNAL), 0);
		qmp_read(&qmp);
	}
	ck_assert_int_lt(qmp.fd, 0);
}
END_TEST

/* A QEMU that hangs reads nothing: this one does not wait for it, and keeps so much. */
START_TEST(one_that_does_not_read)
{
	char text[65536];
	int asked = 0;

	negotiate();
	while (qmp_ask(&qmp, "query-status", json_pack("{s:s}", "x", (memset(text, 'x', 30000),
			text[30000] = '\0', text)), NULL, NULL))
		ck_assert_int_lt(++asked, 10000);
	ck_assert_int_gt(asked, 50);
	ck_assert_uint_gt(qmp.out_used, 0);
	for (int i = 0; i < 10000 && qmp.out_used; i++) {
		ck_assert_int_gt(recv(other, text, sizeof(text), 0), 0);
		qmp_flush(&qmp);
	}
	ck_assert_uint_eq(qmp.out_used, 0);
}
END_TEST

START_TEST(release_answers)
{
	static char a[] = "a";

	negotiate();
	qmp_ask(&qmp, "one", NULL, on_reply, a);
	qmp_release(&qmp);
	ck_assert_str_eq(heard, "a=gone;");
	ck_assert(!qmp_ask(&qmp, "two", json_object(), on_reply, a));
	ck_assert_str_eq(heard, "a=gone;");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("qmp");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, negotiates);
	tcase_add_test(t, sends_arguments);
	tcase_add_test(t, replies_in_any_order);
	tcase_add_test(t, one_that_comes_late);
	tcase_add_test(t, in_pieces);
	tcase_add_test(t, what_is_no_qmp);
	tcase_add_test(t, a_line_without_end);
	tcase_add_test(t, one_that_does_not_read);
	tcase_add_test(t, release_answers);
	return unit_run("vm_qmp", t);
}
