/* SPDX-License-Identifier: GPL-3.0-only */
/* What lines of a kernel and records of an init say of the time, and how it is told. */
#include "../../plugins/qmp-run/phases.h"

#include <string.h>

#include "unit/unit.h"

static struct phases
usual(void)
{
	return (struct phases){ .qemu_ms = 90, .ready_ms = 1100, .boottime_us = 812345,
		                .init_us = 4321 };
}

START_TEST(arithmetic)
{
	struct phases p = usual();

	ck_assert_int_eq(phases_kernel_us(&p), 808024);
	ck_assert_int_eq(phases_firmware_us(&p), 197655);
	/* A guest's clock that this machine's contradicts. */
	p.ready_ms = 500;
	ck_assert_int_eq(phases_firmware_us(&p), 0);
	p.init_us = 900000;
	ck_assert_int_eq(phases_kernel_us(&p), 0);
	p = (struct phases){ .ready_ms = 1000 };
	ck_assert_int_eq(phases_firmware_us(&p), 0);
	ck_assert_int_eq(phases_kernel_us(&p), 0);
}
END_TEST

START_TEST(told)
{
	struct phases p = usual();
	char text[128], little[7];

	phases_text(&p, little, sizeof(little));
	ck_assert_str_eq(little, "firmwa");
	phases_text(&p, text, sizeof(text));
	ck_assert_str_eq(text, "firmware 0.20 s · kernel 0.81 s · init 4 ms · ready");
	p.ready_ms = 400;
	phases_text(&p, text, sizeof(text));
	ck_assert_str_eq(text, "kernel 0.81 s · init 4 ms · ready");
	p.boottime_us = 0;
	phases_text(&p, text, sizeof(text));
	ck_assert_str_eq(text, "ready after 0.40 s");
}
END_TEST

/* The ten slowest, the slowest first; what is no initcall is passed over. */
START_TEST(initcalls)
{
	static const char *const lines[] = {
		"[    0.100000] initcall none+0x0/0x10 returned 0 after 0 usecs",
		"initcall late after 7 usecs", "initcall a+0x0/0x1 returned 0 after x usecs",
		"initcall a+0x0/0x1 returned 0 after 12", "calling  pci_init+0x0/0x30 @ 1",
		"initcall \x01\x02 returned 0 after 9999 usecs",
		"initcall n+0x0/0x1 returned 0 after 99999999999999999999999 usec",
	};
	struct phases p = usual();
	char line[160];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		phases_line(&p, lines[i]);
	ck_assert_uint_eq(p.initcall_count, 1);
	ck_assert_str_eq(p.initcalls[0].name, "late");
	for (int i = 1; i <= 30; i++) {
		snprintf(line, sizeof(line), "[ 0.5] initcall call_%d+0x0/0x90 returned -19 after "
		         "%d usecs", i, (i * 7) % 31 * 1000);
		phases_line(&p, line);
	}
	ck_assert_uint_eq(p.initcall_count, INITCALLS_MAX);
	for (size_t i = 0; i < INITCALLS_MAX; i++)
		ck_assert_int_eq(p.initcalls[i].us, (30 - (int64_t)i) * 1000);
	ck_assert_str_eq(p.initcalls[0].name, "call_22"); /* 154 = 4 * 31 + 30 */
}
END_TEST

START_TEST(memory)
{
	struct phases p = usual();

	phases_line(&p, "Memory: lots");
	phases_line(&p, "Memory: 20K/10K available");
	ck_assert_int_eq(p.memory_kib, 0);
	phases_line(&p, "[    0.04] Memory: 108576K/130552K available (8192K kernel code)");
	phases_line(&p, "Memory: 1K/2K available");
	ck_assert_int_eq(p.memory_kib, 130552);
	ck_assert_int_eq(p.available_kib, 108576);
}
END_TEST

START_TEST(steps)
{
	char line[] = "msmv: steps v=1 console_us=120 mounts_us=3000 x=1 _us=5 bad_us=-1 net_us=70";
	struct phases p = usual();
	struct record r;
	json_t *json;
	char *text;

	ck_assert(record_parse(line, &r));
	phases_steps(&p, &r);
	ck_assert_uint_eq(p.step_count, 3);
	json = phases_json(&p);
	text = json_dumps(json, JSON_COMPACT);
	ck_assert_str_eq(text, "{\"qemu_us\":90000,\"firmware_us\":197655,\"kernel_us\":808024,"
	                 "\"init_us\":4321,\"steps\":[{\"name\":\"console\",\"us\":120},"
	                 "{\"name\":\"mounts\",\"us\":3000},{\"name\":\"net\",\"us\":70}]}");
	free(text);
	json_decref(json);
	/* However many records come. */
	for (int i = 0; i < 20; i++)
		phases_steps(&p, &r);
	ck_assert_uint_eq(p.step_count, STEPS_MAX);
}
END_TEST

START_TEST(blame)
{
	struct phases p = usual();
	char text[256], little[20];

	phases_line(&p, "initcall pci_init+0x0/0x30 returned 0 after 120000 usecs");
	p.steps[p.step_count++] = (struct phase){ "mounts", 3000 };
	p.steps[p.step_count++] = (struct phase){ "network", 4000 };
	phases_blame(&p, text, sizeof(text));
	ck_assert_str_eq(text, "kernel 808.0 ms, firmware 197.7 ms, qemu 90.0 ms, init 4.3 ms; "
	                 "slowest initcalls: pci_init 120.0 ms; slowest steps of init: "
	                 "network 4.0 ms, mounts 3.0 ms");
	phases_blame(&p, little, sizeof(little));
	ck_assert_str_eq(little, "kernel 808.0 ms, fi");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("boot_phases");

	tcase_add_test(t, arithmetic);
	tcase_add_test(t, told);
	tcase_add_test(t, initcalls);
	tcase_add_test(t, memory);
	tcase_add_test(t, steps);
	tcase_add_test(t, blame);
	return unit_run("boot_phases", t);
}
