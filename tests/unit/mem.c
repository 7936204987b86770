/* SPDX-License-Identifier: GPL-3.0-only */
/* Nothing here returns NULL, sizes cannot wrap, and scopes clean up behind themselves. */
#include "base/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

START_TEST(never_null)
{
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xrealloc(NULL, 0);

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	ck_assert_ptr_nonnull(c);
	free(a);
	free(b);
	free(c);
}
END_TEST

START_TEST(zeroed)
{
	cleanup_free unsigned char *p = xcalloc(1000, 3);

	for (size_t i = 0; i < 3000; i++)
		ck_assert_uint_eq(p[i], 0);
}
END_TEST

/* Ends by abort(), as the test's signal says. */
START_TEST(wrapped_size)
{
	/* volatile: the compiler must not see that this can never be. */
	volatile size_t n = SIZE_MAX / 4 + 2;

	free(xreallocarray(NULL, n, 8));
}
END_TEST

START_TEST(grows)
{
	cleanup_free int *p = NULL;

	for (size_t n = 1; n < 100; n++) {
		p = xreallocarray(p, n, sizeof(*p));
		p[n - 1] = (int)n;
	}
	for (int i = 0; i < 99; i++)
		ck_assert_int_eq(p[i], i + 1);
}
END_TEST

START_TEST(strings)
{
	cleanup_free char *a = xstrdup("kernel");
	cleanup_free char *b = xstrndup(a, 4);
	cleanup_free char *c = xstrndup(a, 40);
	cleanup_free char *d = xasprintf("%s-%d%%", b, 61);

	ck_assert_str_eq(b, "kern");
	ck_assert_str_eq(c, "kernel");
	ck_assert_str_eq(d, "kern-61%");
}
END_TEST

static int
open_and_leave(void)
{
	cleanup_close int fd = open("/dev/null", O_RDONLY);

	return fd;
}

START_TEST(closed_at_the_end)
{
	int fd = open_and_leave();

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

static char *
give_away(int *fd)
{
	cleanup_free char *s = xstrdup("kept");
	cleanup_close int mine = open("/dev/null", O_RDONLY);

	*fd = take_fd(mine);
	ck_assert_int_eq(mine, -1);
	return take(s);
}

START_TEST(given_away)
{
	int fd;
	char *s = give_away(&fd);

	ck_assert_str_eq(s, "kept");
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0);
	close(fd);
	free(s);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("mem");

	tcase_add_test(c, never_null);
	tcase_add_test(c, zeroed);
	tcase_add_test_raise_signal(c, wrapped_size, SIGABRT);
	tcase_add_test(c, grows);
	tcase_add_test(c, strings);
	tcase_add_test(c, closed_at_the_end);
	tcase_add_test(c, given_away);
	return unit_run("mem", c);
}
