/* SPDX-License-Identifier: GPL-3.0-only */
/* Lines, as a console that brings single bytes makes them, and a kernel's last words. */
#include "vm/console.h"

#include <string.h>

#include "unit/unit.h"

static const struct {
	const char *line;
	enum last_words words;
} last_words[] = {
	{ "", WORDS_NONE },
	{ "Kernel panic - not syncing: VFS: no root", WORDS_PANIC },
	{ "[    1.234567] Kernel panic - not syncing: VFS", WORDS_PANIC },
	{ "[12345.678901][    T1] Kernel panic - not syncing: x", WORDS_PANIC },
	{ "[    0.000000][    C0] Kernel panic - not syncing: x", WORDS_PANIC },
	{ "log: \"Kernel panic - not syncing\" was seen 0 times", WORDS_NONE },
	{ "[    1.234567] init: \"Kernel panic - not syncing\"", WORDS_NONE },
	{ "[ok] Kernel panic - not syncing", WORDS_NONE },
	{ "[    1.234567]Kernel panic - not syncing", WORDS_NONE },
	{ "[    1.2", WORDS_NONE },
	{ "[", WORDS_NONE },
	{ " Kernel panic - not syncing", WORDS_NONE },
	{ "[    9.000001] reboot: System halted", WORDS_HALTED },
	{ "reboot: System halted", WORDS_HALTED },
	{ "it says reboot: System halted", WORDS_NONE },
	{ "UEFI Interactive Shell v2.2", WORDS_FIRMWARE },
	{ "BdsDxe: No bootable option or device was found.", WORDS_FIRMWARE },
	{ "Type help for the UEFI Interactive Shell v2.2", WORDS_NONE },
	{ "log: BdsDxe: No bootable option or device was found.", WORDS_NONE },
	{ "No bootable option or device was found.", WORDS_NONE },
	{ "[    1.234567] UEFI Interactive Shell v2.2", WORDS_NONE },
	{ "Oops: 0002 [#1] SMP", WORDS_OOPS },
	{ "[    1.0] Internal error: Oops: 0000000096000004 [#1] SMP", WORDS_OOPS },
	{ "Oops: I did it [again]", WORDS_NONE },
	{ "issue [#1]", WORDS_NONE },
};

START_TEST(said_last)
{
	ck_assert_msg(console_last_words(last_words[_i].line) == last_words[_i].words, "%s",
	              last_words[_i].line);
}
END_TEST

START_TEST(a_kernel_speaks)
{
	ck_assert(console_is_kernel("[    0.000000] Linux version 6.12"));
	ck_assert(console_is_kernel("[    0.000000][    T0] Command line: a"));
	ck_assert(console_is_kernel("Linux version 6.12"));
	ck_assert(console_is_kernel("EFI stub: Loaded initrd"));
	ck_assert(!console_is_kernel("BdsDxe: starting Boot0001"));
	ck_assert(!console_is_kernel("[ok] started"));
	ck_assert(!console_is_kernel("a Linux version"));
	ck_assert(!console_is_kernel(""));
}
END_TEST

static void
on_line(void *owner, char *line)
{
	char *all = owner;

	strcat(strcat(all, line), "|");
}

START_TEST(lines)
{
	static const char said[] = "one\r\ntw\0o\033[1m!\033[0m\n\033[2;1Hdrawn\033[3;1Hlast";
	char all[128] = "";
	struct console c = { .on_line = on_line, .owner = all };

	for (size_t i = 0; i < sizeof(said) - 1; i++)
		console_feed(&c, said + i, 1);
	ck_assert_str_eq(all, "one|two!|drawn|");
	ck_assert_str_eq(c.line, "last");
	ck_assert_uint_eq(c.bytes, sizeof(said) - 1);
	console_flush(&c);
	console_flush(&c);
	ck_assert_str_eq(all, "one|two!|drawn|last|");
}
END_TEST

START_TEST(records)
{
	char line[] = "msmv: exit v=1 app=hello code=3 text=a%20b", other[] = "msmv: exit v=2",
	     inside[] = "x msmv: ready v=1";
	struct record r;

	ck_assert(record_parse(line, &r));
	ck_assert_str_eq(r.type, "exit");
	ck_assert_str_eq(record_get(&r, "app"), "hello");
	ck_assert_int_eq(record_int(&r, "code", -1), 3);
	ck_assert_int_eq(record_int(&r, "app", -1), -1);
	ck_assert_str_eq(r.text, "a b");
	ck_assert(!record_parse(other, &r));
	ck_assert(!record_parse(inside, &r));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_console");

	tcase_add_loop_test(t, said_last, 0, sizeof(last_words) / sizeof(last_words[0]));
	tcase_add_test(t, a_kernel_speaks);
	tcase_add_test(t, lines);
	tcase_add_test(t, records);
	return unit_run("vm_console", t);
}
