/* SPDX-License-Identifier: GPL-3.0-only */
/* Which row of the tables is found for whom. */
#include "vm/machine.h"

#include "unit/unit.h"

static const struct {
	const char *arch, *name, *accel;
	bool acpi;
	const char *value; /* of -machine; NULL: no row */
} cases[] = {
	{ "x86", "microvm", "tcg", false, "microvm,acpi=off,x-option-roms=off" },
	{ "x86", "microvm", "kvm", false, "microvm,acpi=off,x-option-roms=off" },
	{ "x86", "microvm", "kvm", true, "microvm,acpi=on,x-option-roms=off" },
	/* There the kernel would find no timer, and hang. */
	{ "x86", "microvm", "tcg", true, "microvm,acpi=off,x-option-roms=off" },
	{ "x86", "microvm", NULL, true, "microvm,acpi=off,x-option-roms=off" },
	{ "x86", "q35", "tcg", false, "q35" },
	{ "x86", "pc", NULL, true, "pc" },
	{ "x86", "virt", NULL, false, NULL },
	{ "arm64", "virt", "tcg", false, "virt" },
	{ "arm64", "microvm", "kvm", true, NULL },
	{ "riscv", "virt", NULL, false, "virt" },
	/* An architecture that is not in the table, and nobody's. */
	{ "loongarch", "virt", "tcg", false, "virt" },
	{ NULL, "q35", "tcg", false, "q35" },
	{ "x86", "pdp11", NULL, false, NULL },
};

START_TEST(rows)
{
	const struct machine *m =
		machine_find(cases[_i].arch, cases[_i].name, cases[_i].accel, cases[_i].acpi);

	if (!cases[_i].value) {
		ck_assert_ptr_null(m);
		return;
	}
	ck_assert_ptr_nonnull(m);
	ck_assert_str_eq(m->value, cases[_i].value);
}
END_TEST

/* What a machine can do goes with its row, not with its name. */
START_TEST(ends)
{
	const struct machine *m = machine_find("x86", "microvm", "tcg", false);

	ck_assert(!m->button && m->off == MACHINE_OFF_RESET);
	ck_assert_str_eq(m->words, "reboot=t");
	ck_assert_str_eq(machine_find("x86", "q35", "tcg", false)->words, "no_timer_check");
	m = machine_find("x86", "microvm", "kvm", true);
	ck_assert(m->button && m->off == MACHINE_OFF_ACPI && !m->words);
	m = machine_find("arm64", "virt", NULL, false);
	ck_assert(m->button && m->off == MACHINE_OFF_FIRMWARE);
	ck_assert_str_eq(m->console, "ttyAMA0");
}
END_TEST

START_TEST(lists)
{
	char names[64], few[8];

	machine_names("x86", names, sizeof(names));
	ck_assert_str_eq(names, "microvm, q35, pc");
	machine_names("riscv", names, sizeof(names));
	ck_assert_str_eq(names, "virt");
	machine_names("loongarch", names, sizeof(names));
	ck_assert_str_eq(names, "");
	machine_names("x86", few, sizeof(few));
	ck_assert_str_eq(few, "microvm");
	ck_assert_str_eq(machine_with_firmware("x86")->name, "q35");
	ck_assert_str_eq(machine_with_firmware("arm64")->name, "virt");
	ck_assert_ptr_null(machine_with_firmware("loongarch"));
}
END_TEST

START_TEST(monitors)
{
	size_t n = 0;

	ck_assert_ptr_null(vmm_find("riscv", "firecracker"));
	ck_assert_ptr_null(vmm_find("x86", "qemu"));
	ck_assert(vmm_find("x86", "cloud-hypervisor")->qcow2);
	ck_assert(!vmm_find("x86", "firecracker")->image);
	for (; vmm_at(n); n++)
		ck_assert_ptr_eq(vmm_find(vmm_at(n)->arch, vmm_at(n)->name), vmm_at(n));
	ck_assert_uint_eq(n, 4);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_machine");

	tcase_add_loop_test(t, rows, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(t, ends);
	tcase_add_test(t, lists);
	tcase_add_test(t, monitors);
	return unit_run("vm_machine", t);
}
