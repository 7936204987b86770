/* SPDX-License-Identifier: GPL-3.0-only */
/* What is read of an application and of the kernel's list of sockets. */
#include "unit.h"

#include <string.h>

#include "../../init/output.h"
#include "../../init/probe.h"

static const struct {
	const char *text, *bytes;
	unsigned found;
} matches[] = {
	{"ready", "ready", 1},
	{"ready", "is ready now", 1},
	{"ready", "read ready", 1},
	{"ready", "rereready", 1},
	{"aab", "aaab", 1},
	{"abab", "abacabab", 1},
	{"ababac", "abababac", 1},
	{"ready", "read\ny", 0},
	{"ready", "Ready", 0},
	{"ready", "", 0},
	{"x", "aax", 1},
};

/* However the bytes are cut in two. */
START_TEST(match_row)
{
	size_t n = strlen(matches[_i].bytes);

	for (size_t cut = 0; cut <= n; cut++) {
		struct output o = {.text = matches[_i].text};

		output_match(&o, matches[_i].bytes, cut);
		output_match(&o, matches[_i].bytes + cut, n - cut);
		ck_assert_uint_eq(o.found, matches[_i].found);
	}
}
END_TEST

static const struct {
	const char *line;
	int found;
} lines[] = {
	{"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000", 1},
	{"   1: 00000000000000000000000001000000:1F90 "
	 "00000000000000000000000000000000:0000 0A 0",
		1},
	{"   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000", 0},
	{"   0: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000", -1},
	{"  sl  local_address rem_address   st tx_queue rx_queue", -1},
	{"   0: 0100007F:1F90", -1},
	{"   0: 0100007F:1F90 00000000:0000", -1},
	{"", -1},
};

START_TEST(line_row)
{
	ck_assert_int_eq(probe_line(lines[_i].line, 0x1f90), lines[_i].found);
}
END_TEST

START_TEST(less_and_less)
{
	uint64_t now = 1000000, before = 0;

	for (int i = 0; i < 200; i++) {
		uint64_t next = probe_next(now, 1000000);

		ck_assert_uint_ge(next - now, before);
		ck_assert_uint_le(next - now, 250000);
		before = next - now;
		now = next;
	}
	ck_assert_uint_eq(before, 250000);
}
END_TEST

Suite *
output_suite(void)
{
	Suite *s = suite_create("init-output");
	TCase *t = tcase_create("output");

	tcase_add_loop_test(t, match_row, 0, sizeof(matches) / sizeof(matches[0]));
	tcase_add_loop_test(t, line_row, 0, sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(t, less_and_less);
	suite_add_tcase(s, t);
	return s;
}
