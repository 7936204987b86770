/* SPDX-License-Identifier: GPL-3.0-only */
/* What is remembered of KVM, and when it is not believed. The proof itself is made here. */
#include "vm/accel.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"
#include "vm/kvm.h"

static const char *verdict; /* of the next proof: "" for KVM, "? ...": could not be made */
static int proofs;

enum kvm_verdict
kvm_probe(const char *kernel_arch, char *why, size_t size)
{
	ck_assert_ptr_nonnull(kernel_arch);
	proofs++;
	snprintf(why, size, "%s", verdict);
	return !*verdict ? KVM_WORKS : *verdict == '?' ? KVM_UNKNOWN : KVM_FAILS;
}

/* A host of its own for each test: files stand for the device and for QEMU. */
static struct accel
host(const char *name)
{
	cleanup_free char *device = xasprintf("%s.kvm", name), *qemu = xasprintf("%s.qemu", name);
	struct accel a = { .folder = tmpdir_path(name), .arch = "x86",
		           .qemu = tmpdir_file(qemu, "1", 1),
		           .device = tmpdir_file(device, "", 0) };

	proofs = 0;
	return a;
}

static void
host_release(struct accel *a)
{
	free((char *)(uintptr_t)a->folder);
	free((char *)(uintptr_t)a->qemu);
	free((char *)(uintptr_t)a->device);
}

static void
ask(struct accel *a, const char *says, bool kvm, bool remembered)
{
	verdict = says;
	ck_assert_int_eq(accel_kvm(a), kvm);
	ck_assert_int_eq(a->remembered, remembered);
}

START_TEST(once)
{
	struct accel a = host("once");

	ask(&a, "", true, false);
	ask(&a, "it broke meanwhile", true, true);
	ck_assert_str_eq(a.why, "");
	ck_assert_int_eq(proofs, 1);
	host_release(&a);
	a = host("never");
	ask(&a, "it emulates every instruction", false, false);
	ask(&a, "", false, true);
	ck_assert_str_eq(a.why, "it emulates every instruction");
	ck_assert_int_eq(proofs, 1);
	host_release(&a);
}
END_TEST

/* Each time the facts are others: the proof is made anew, and remembered anew. */
START_TEST(anew)
{
	struct accel a = host("anew");
	cleanup_free char *other = tmpdir_file("other.kvm", "", 0);

	ask(&a, "", true, false);
	free(tmpdir_file("anew.qemu", "12", 2));
	ask(&a, "", true, false);
	ask(&a, "", true, true);
	ck_assert_int_eq(chmod(a.device, 0600), 0);
	ask(&a, "no", false, false);
	ask(&a, "", false, true);
	free((char *)(uintptr_t)a.device);
	a.device = xstrdup(other);
	ask(&a, "", true, false);
	a.arch = "arm64";
	ask(&a, "another architecture", false, false);
	a.arch = "x86";
	ask(&a, "", true, true);
	ck_assert_int_eq(proofs, 5);
	host_release(&a);
}
END_TEST

START_TEST(distrusted)
{
	struct accel a = host("distrusted");

	ask(&a, "", true, false);
	accel_distrust(&a, "QEMU says: KVM internal error\nand more");
	ask(&a, "", false, true);
	ck_assert_str_eq(a.why, "QEMU says: KVM internal error");
	host_release(&a);
}
END_TEST

/* The one file of the folder. */
static char *
only_file(const struct accel *a)
{
	cleanup_free char *pattern = xasprintf("%s/*", a->folder);
	char *path;
	glob_t found;

	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_eq(found.gl_pathc, 1);
	path = xstrdup(found.gl_pathv[0]);
	globfree(&found);
	return path;
}

/* A proof that could not be made says nothing of the next one. */
START_TEST(unsure)
{
	struct accel a = host("unsure");

	ask(&a, "? KVM_CREATE_VM fails: Device or resource busy", false, false);
	ck_assert_ptr_nonnull(strstr(a.why, "busy"));
	ask(&a, "", true, false);
	ask(&a, "?", true, true);
	host_release(&a);
}
END_TEST

static void
make_old(const char *path, int seconds)
{
	struct timespec times[2] = { { .tv_sec = time(NULL) - seconds } };

	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A bad verdict is for a day, a good one until something is another one. */
START_TEST(expires)
{
	struct accel a = host("expires");
	cleanup_free char *path = NULL;

	ask(&a, "no", false, false);
	path = only_file(&a);
	make_old(path, 86000);
	ask(&a, "", false, true);
	make_old(path, 86401);
	ask(&a, "still not", false, false);
	make_old(path, -1000); /* a clock that was put back */
	ask(&a, "", true, false);
	make_old(path, 864000);
	ask(&a, "no", true, true);
	host_release(&a);
}
END_TEST

/* Whatever is in the file, it is a verdict on these facts or nothing. */
START_TEST(damaged)
{
	static const char *const lines[] = { "", "\n", "not \n", "not", "kvmx\n", "yes\n" };
	struct accel a = host("damaged");
	char facts[16384];
	cleanup_free char *path = NULL, *long_text = NULL;

	ask(&a, "", true, false);
	path = only_file(&a);
	ck_assert(accel_facts(&a, facts, sizeof(facts)));
	ck_assert_ptr_nonnull(strstr(facts, "\nguest x86\n"));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		cleanup_free char *text = xasprintf("%s%s", facts, lines[i]);

		ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
		ask(&a, "no", false, false);
	}
	ck_assert_int_eq(fs_write(path, facts, strlen(facts) / 2, false, NULL), 0);
	ask(&a, "no", false, false);
	long_text = xasprintf("%snot %0600d\n", facts, 7);
	ck_assert_int_eq(fs_write(path, long_text, strlen(long_text), false, NULL), 0);
	ask(&a, "", false, true);
	ck_assert_uint_lt(strlen(a.why), sizeof(a.why));
	/* Facts that do not fit are no facts. */
	ck_assert(!accel_facts(&a, facts, 100));
	host_release(&a);
}
END_TEST

/* Without a device, or a place, the answer is the proof's each time. */
START_TEST(nowhere)
{
	struct accel a = host("nowhere");
	const char *folder = a.folder, *device = a.device;

	a.folder = NULL;
	ask(&a, "", true, false);
	ask(&a, "", true, false);
	accel_distrust(&a, "no");
	a.folder = "/proc/no/such/folder";
	ask(&a, "", true, false);
	ask(&a, "no", false, false);
	a.folder = folder;
	a.device = "/nothing/here";
	ask(&a, "/dev/kvm: No such file", false, false);
	ask(&a, "", true, false);
	a.device = device;
	host_release(&a);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_accel");

	tmpdir_use(t);
	tcase_add_test(t, once);
	tcase_add_test(t, anew);
	tcase_add_test(t, distrusted);
	tcase_add_test(t, unsure);
	tcase_add_test(t, expires);
	tcase_add_test(t, damaged);
	tcase_add_test(t, nowhere);
	return unit_run("vm_accel", t);
}
