/* SPDX-License-Identifier: GPL-3.0-only */
/* The probe on this machine, whatever its KVM is worth. */
#include "vm/kvm.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "unit/unit.h"

START_TEST(other_architecture)
{
	char why[256] = "not touched";

	ck_assert_int_eq(kvm_probe("m68k", why, sizeof(why)), KVM_UNKNOWN);
	ck_assert_str_eq(why, "the guest is of another architecture");
	ck_assert_int_eq(kvm_probe(NULL, why, sizeof(why)), KVM_UNKNOWN);
}
END_TEST

/* Why is said exactly when it does not work; no device is nothing to remember. */
START_TEST(here)
{
	char why[256] = "not touched";
	enum kvm_verdict verdict;
	struct utsname uts;

	ck_assert_int_eq(uname(&uts), 0);
	verdict = kvm_probe(strcmp(uts.machine, "x86_64") == 0    ? "x86"
	                    : strcmp(uts.machine, "aarch64") == 0 ? "arm64"
	                                                          : "riscv",
	                    why, sizeof(why));
	ck_assert_msg((verdict == KVM_WORKS) == (why[0] == '\0'), "%d: %s", verdict, why);
	if (access("/dev/kvm", R_OK | W_OK) < 0) {
		ck_assert_int_eq(verdict, KVM_UNKNOWN);
		ck_assert_ptr_nonnull(strstr(why, "/dev/kvm: "));
	}
	/* What is remembered is what a guest that was run did. */
	if (verdict == KVM_FAILS)
		ck_assert_msg(strstr(why, "KVM_RUN") || strstr(why, "guest of four") ||
		              strstr(why, "emulates"), "%s", why);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_kvm");

	tcase_add_test(t, other_architecture);
	tcase_add_test(t, here);
	return unit_run("vm_kvm", t);
}
