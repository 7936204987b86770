/* SPDX-License-Identifier: GPL-3.0-only */
/* Stages and their makes together never hold more jobs than were asked for. */
#include "run/jobserver.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "unit/unit.h"

/* Tokens in the pipe, counted by taking and giving them back. */
static int
free_tokens(struct jobserver *j)
{
	int n = 0;
	char c;

	while (read(j->mine, &c, 1) == 1)
		n++;
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(write(j->fds[1], "+", 1), 1);
	return n;
}

START_TEST(never_more_than_asked)
{
	struct jobserver j;
	unsigned seed = 1;
	int borrowed = 0; /* by the makes of all stages */

	ck_assert_int_eq(jobserver_open(&j, _i, NULL), 0);
	for (int step = 0; step < 3000; step++) {
		char c;

		seed = seed * 1103515245 + 12345;
		switch (seed >> 16 & 3) {
		case 0:
			jobserver_take(&j);
			break;
		case 1:
			if (j.running > 1 || (j.running == 1 && !borrowed))
				jobserver_give(&j);
			break;
		case 2:
			if (j.running && read(j.mine, &c, 1) == 1)
				borrowed++;
			break;
		default:
			if (borrowed) {
				ck_assert_int_eq(write(j.fds[1], "+", 1), 1);
				borrowed--;
			}
		}
		ck_assert_int_le(j.running + borrowed, _i);
		ck_assert_int_eq(free_tokens(&j),
			_i - borrowed - (j.running ? j.running : 1));
	}
	jobserver_close(&j);
}
END_TEST

START_TEST(all_taken)
{
	struct jobserver j;

	ck_assert_int_eq(jobserver_open(&j, 3, NULL), 0);
	for (int i = 0; i < 3; i++)
		ck_assert(jobserver_take(&j));
	ck_assert(!jobserver_take(&j));
	jobserver_give(&j);
	ck_assert(jobserver_take(&j));
	ck_assert(!jobserver_take(&j));
	jobserver_close(&j);
}
END_TEST

/* A make that was killed gives nothing back; one that errs gives too much. */
START_TEST(made_good_when_idle)
{
	struct jobserver j;
	char c;

	ck_assert_int_eq(jobserver_open(&j, 4, NULL), 0);
	ck_assert(jobserver_take(&j));
	ck_assert_int_eq(read(j.mine, &c, 1), 1);
	ck_assert_int_eq(read(j.mine, &c, 1), 1);
	jobserver_give(&j);
	ck_assert_int_eq(free_tokens(&j), 3);
	ck_assert(jobserver_take(&j));
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(write(j.fds[1], "+", 1), 1);
	jobserver_give(&j);
	ck_assert_int_eq(free_tokens(&j), 3);
	jobserver_close(&j);
}
END_TEST

/* What make inherits must block: O_NONBLOCK is for our own end alone. */
START_TEST(ends)
{
	struct jobserver j;

	ck_assert_int_eq(jobserver_open(&j, 2, NULL), 0);
	ck_assert_int_eq(fcntl(j.fds[0], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(fcntl(j.fds[1], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(j.mine, F_GETFL) & O_NONBLOCK, 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_ne(fcntl(j.fds[i], F_GETFD) & FD_CLOEXEC, 0);
	jobserver_close(&j);
}
END_TEST

/* More than a pipe holds: it must open all the same, and not wait for a reader. */
START_TEST(very_many)
{
	struct jobserver j;

	ck_assert_int_eq(jobserver_open(&j, 1000000, NULL), 0);
	ck_assert(jobserver_take(&j));
	ck_assert_int_gt(free_tokens(&j), 1000);
	jobserver_give(&j);
	jobserver_close(&j);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("jobserver");

	tcase_add_loop_test(t, never_more_than_asked, 1, 9);
	tcase_add_test(t, all_taken);
	tcase_add_test(t, made_good_when_idle);
	tcase_add_test(t, ends);
	tcase_add_test(t, very_many);
	return unit_run("jobserver", t);
}
