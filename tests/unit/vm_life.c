/* SPDX-License-Identifier: GPL-3.0-only */
/* States and reasons, from events of QEMU and lines of the guest, in each order. */
#include "vm/life.h"

#include <signal.h>
#include <string.h>

#include "unit/unit.h"

static struct life life;
static char told[1024];

/* What is told, in one text. */
static void
tell(void *owner, const char *event, json_t *more)
{
	(void)owner;
	strcat(told, event);
	strcat(told, " ");
	json_decref(more);
}

static void
setup(void)
{
	life_init(&life);
	life.tell = tell;
	told[0] = '\0';
}

static void
line(const char *text)
{
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", text);
	life_line(&life, copy);
}

static void
event(const char *name, const char *reason)
{
	json_t *data = reason ? json_pack("{s:s}", "reason", reason) : NULL;

	life_event(&life, name, data);
	json_decref(data);
}

static void
is(const char *state)
{
	ck_assert_str_eq(life_state_name(life_state(&life)), state);
}

static const char ready[] = "msmv: ready v=1 boottime_us=12 init_us=3 apps=1 control=button,serial";

START_TEST(a_whole_life)
{
	is("starting");
	event("RESUME", NULL);
	is("running");
	line(ready);
	is("ready");
	ck_assert_str_eq(life.control, "button,serial");
	ck_assert_int_eq(life.boottime_us, 12);
	event("STOP", NULL);
	is("paused");
	event("RESUME", NULL);
	is("ready");
	life_ask(&life);
	is("stopping");
	line("msmv: exit v=1 app=web code=143 signal=15 then=none");
	line("msmv: halt v=1 action=poweroff reason=control code=0");
	event("SHUTDOWN", "guest-shutdown");
	is("stopping");
	life_end(&life, "qemu", 0, "");
	is("stopped");
	ck_assert_str_eq(life.why, "the guest powered off");
	ck_assert_int_eq(life.code, 0);
	ck_assert_str_eq(told, "started ready paused resumed stopping exit halt shutdown stopped ");
}
END_TEST

/* Console and control port carry the same records. */
START_TEST(records_that_come_twice)
{
	event("RESUME", NULL);
	line(ready);
	line(ready);
	line("msmv: exit v=1 app=web code=3 signal=0 then=poweroff");
	line("msmv: exit v=1 app=web code=3 signal=0 then=poweroff");
	line("msmv: halt v=1 action=poweroff reason=exit code=3");
	line("msmv: halt v=1 action=poweroff reason=exit code=3");
	ck_assert_str_eq(told, "started ready exit halt ");
	event("SHUTDOWN", "guest-shutdown");
	life_end(&life, "qemu", 0, "");
	is("stopped");
	ck_assert_int_eq(life.code, 3);
	ck_assert_str_eq(life.why, "application web ended with status 3");
}
END_TEST

START_TEST(restarts_are_told_each_time)
{
	event("RESUME", NULL);
	line("msmv: exit v=1 app=web code=1 signal=0 then=restart");
	line("msmv: exit v=1 app=web code=1 signal=0 then=restart");
	ck_assert_str_eq(told, "started exit exit ");
}
END_TEST

START_TEST(crashes)
{
	event("RESUME", NULL);
	line("[    1.0] Kernel panic - not syncing: VFS: no root");
	is("crashed");
	ck_assert_str_eq(life.trouble, "Kernel panic - not syncing: VFS: no root");
	line("msmv: fail v=1 step=exec app=x errno=2 text=later");
	ck_assert_str_eq(life.trouble, "Kernel panic - not syncing: VFS: no root");
	life_end(&life, "qemu", 0, "");
	is("dead");
	ck_assert_str_eq(life.why, life.trouble);
}
END_TEST

/* Anything in the guest may print words, in the midst of a line above all. */
START_TEST(words_of_others)
{
	event("RESUME", NULL);
	line("grep: no \"Kernel panic - not syncing\"");
	line("see reboot: System halted");
	line("log: [    1.0] Kernel panic - not syncing: then");
	is("running");
	line("[    1.234567][    T1] Kernel panic - not syncing: now");
	is("crashed");
	ck_assert_str_eq(life.trouble, "Kernel panic - not syncing: now");
	ck_assert(!life.certain);
	event("GUEST_PANICKED", NULL);
	ck_assert(life.certain);
}
END_TEST

START_TEST(an_error_of_a_disk)
{
	json_t *data = json_pack("{s:s, s:s, s:s}", "device", "disk0", "action", "stop", "reason",
		"No space left on device");
	json_t *o;

	event("RESUME", NULL);
	life_event(&life, "BLOCK_IO_ERROR", data);
	json_decref(data);
	event("STOP", NULL);
	is("paused");
	o = life_json(&life);
	ck_assert_str_eq(json_string_value(json_object_get(o, "why")),
		"the disk disk0: No space left on device");
	json_decref(o);
	event("RESUME", NULL);
	o = life_json(&life);
	ck_assert_ptr_null(json_object_get(o, "why"));
	json_decref(o);
}
END_TEST

START_TEST(a_failed_step)
{
	event("RESUME", NULL);
	line("msmv: fail v=1 step=exec app=x errno=2 text=/bin/x: 100%25 gone");
	is("crashed");
	ck_assert_str_eq(life.trouble, "the guest's init fails at step exec: /bin/x: 100% gone");
	event("RESET", "guest-reset");
	is("running");
}
END_TEST

START_TEST(a_reset_forgets)
{
	event("RESUME", NULL);
	line(ready);
	event("RESET", "host-qmp-system-reset");
	is("running");
	ck_assert_str_eq(life.control, "");
	line(ready);
	is("ready");
}
END_TEST

START_TEST(ends)
{
	static const struct {
		const char *reason;
		int status;
		const char *words, *state, *why;
	} table[] = {
		{ "guest-shutdown", 0, "", "stopped", "the guest powered off" },
		{ "guest-reset", 0, "", "stopped", "the guest reset itself" },
		{ "host-qmp-quit", 0, "", "stopped", "QEMU was told to quit" },
		{ "host-signal", 0, "", "dead", "QEMU got a signal to end" },
		{ "guest-panic", 0, "", "dead", "the guest's kernel panicked" },
		{ NULL, 0, "", "stopped", "QEMU ended" },
		{ NULL, 1 << 8, "no such disk", "dead", "q ended with status 1: no such disk" },
		{ NULL, SIGKILL, "", "dead", "q was ended by signal 9 (Killed)" },
		{ NULL, SIGABRT, "oh\x1b[m\xff", "dead", "q was ended by signal 6 (Aborted): oh?[m?" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		setup();
		event("RESUME", NULL);
		if (table[i].reason)
			event("SHUTDOWN", table[i].reason);
		life_end(&life, "q", table[i].status, table[i].words);
		is(table[i].state);
		ck_assert_str_eq(life.why, table[i].why);
	}
}
END_TEST

START_TEST(forced)
{
	event("RESUME", NULL);
	life_ask(&life);
	life_force(&life);
	life_force(&life);
	life_end(&life, "q", SIGKILL, "");
	is("stopped");
	ck_assert_str_eq(life.why, "it was forced");
	ck_assert_str_eq(told, "started stopping forced stopped ");
}
END_TEST

/* An init that was ready says when it ends. */
START_TEST(a_reset_out_of_order)
{
	event("RESUME", NULL);
	line(ready);
	event("SHUTDOWN", "guest-reset");
	life_end(&life, "q", 0, "");
	is("dead");
	ck_assert_str_eq(life.why, "the guest reset itself without ending in order");
}
END_TEST

/* Firmware speaks before a kernel does, and only where the machine starts by it. */
START_TEST(firmware_that_finds_nothing)
{
	static const char words[] = "BdsDxe: No bootable option or device was found.";

	event("RESUME", NULL);
	line(words);
	is("running"); /* QEMU loaded the kernel: an application says this */
	life.firmware = true;
	line("[    0.000000] Linux version 6.12");
	line(words);
	is("running");
	event("RESET", NULL);
	line("msmv: boot v=1");
	line("UEFI Interactive Shell v2.2");
	is("running");
	event("RESET", NULL);
	line("UEFI Interactive Shell v2.2");
	is("crashed");
	ck_assert_str_eq(life.trouble,
		"the firmware finds nothing to boot: UEFI Interactive Shell v2.2");
	life_init(&life);
	life.firmware = true;
	event("RESUME", NULL);
	line(ready);
	line(words);
	is("ready");
}
END_TEST

/* -no-shutdown: the guest is off, and QEMU stays, with all that can be asked of it. */
START_TEST(off_in_a_qemu_that_stays)
{
	event("RESUME", NULL);
	line(ready);
	line("msmv: halt v=1 action=poweroff reason=exit code=0");
	event("SHUTDOWN", "guest-shutdown");
	is("ready"); /* it may end, too */
	event("STOP", NULL);
	is("shutdown");
	ck_assert(life.off);
	event("SHUTDOWN", "host-qmp-quit");
	ck_assert_str_eq(life.shutdown, "guest-shutdown");
	life_end(&life, "q", 0, "");
	is("stopped");
	ck_assert_str_eq(life.why, "the guest powered off");
	ck_assert_str_eq(told, "started ready halt shutdown off stopped ");
	life_init(&life);
	event("RESUME", NULL);
	event("SHUTDOWN", "guest-reset");
	event("STOP", NULL);
	event("RESET", NULL);
	event("RESUME", NULL);
	is("running"); /* which a person had it do */
}
END_TEST

START_TEST(as_json)
{
	json_t *o;
	char *text;

	event("RESUME", NULL);
	line("msmv: ready v=1 control=\xc3\xa9\xff");
	line(ready);
	line("msmv: exit v=1 app=a%FFb code=0 signal=0 then=none");
	o = life_json(&life);
	text = json_dumps(o, JSON_COMPACT);
	ck_assert_ptr_nonnull(text); /* which it is not where a byte is no Unicode */
	ck_assert_ptr_nonnull(strstr(text, "\"app\":\"a?b\""));
	free(text);
	json_decref(o);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("life");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, a_whole_life);
	tcase_add_test(t, records_that_come_twice);
	tcase_add_test(t, restarts_are_told_each_time);
	tcase_add_test(t, crashes);
	tcase_add_test(t, words_of_others);
	tcase_add_test(t, an_error_of_a_disk);
	tcase_add_test(t, a_failed_step);
	tcase_add_test(t, a_reset_forgets);
	tcase_add_test(t, ends);
	tcase_add_test(t, forced);
	tcase_add_test(t, a_reset_out_of_order);
	tcase_add_test(t, firmware_that_finds_nothing);
	tcase_add_test(t, off_in_a_qemu_that_stays);
	tcase_add_test(t, as_json);
	return unit_run("vm_life", t);
}
