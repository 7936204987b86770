/* SPDX-License-Identifier: GPL-3.0-only */
/* What a file is, from as little of it as says so. */
#include "vm/image.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static unsigned char head[IMAGE_HEAD];

static void
setup(void)
{
	memset(head, 0, sizeof(head));
}

static void
put(size_t at, const char *bytes, size_t n)
{
	memcpy(head + at, bytes, n);
}

static void
is(enum image_kind kind, const char *arch)
{
	struct image image = image_judge(head, sizeof(head));

	ck_assert_int_eq(image.kind, kind);
	ck_assert_pstr_eq(image.arch, arch);
}

START_TEST(nothing)
{
	struct image image = image_judge(head, 0);

	ck_assert_int_eq(image.kind, IMAGE_UNKNOWN);
	is(IMAGE_UNKNOWN, NULL);
}
END_TEST

START_TEST(kernels)
{
	put(0x202, "HdrS", 4);
	put(510, "\x55\xaa", 2); /* a bzImage has a boot sector's mark, too */
	is(IMAGE_KERNEL, "x86_64");
	setup();
	put(0, "MZ", 2); /* its EFI stub */
	put(56, "ARM\x64", 4);
	is(IMAGE_KERNEL, "aarch64");
	setup();
	put(56, "RSC\x05", 4);
	is(IMAGE_KERNEL, "riscv64");
	setup();
	put(0, "\177ELF\2\1\1", 7);
	put(18, "\x3e\0", 2);
	is(IMAGE_ELF, "x86_64");
	put(18, "\x03\0", 2);
	is(IMAGE_ELF, NULL);
}
END_TEST

START_TEST(uki)
{
	put(0, "MZ", 2);
	put(60, "\x80\0\0\0", 4);
	put(0x80, "PE\0\0\x64\x86", 6);
	is(IMAGE_UNKNOWN, "x86_64"); /* some other EFI program */
	put(0x200, ".linux\0\0", 8);
	is(IMAGE_UKI, "x86_64");
	put(0x84, "\x64\xaa", 2);
	is(IMAGE_UKI, "aarch64");
	put(60, "\xff\xff\xff\xff", 4); /* a header that is nowhere */
	is(IMAGE_UNKNOWN, NULL);
}
END_TEST

START_TEST(disks_and_archives)
{
	put(0, "QFI\xfb", 4);
	is(IMAGE_QCOW2, NULL);
	setup();
	put(510, "\x55\xaa", 2);
	is(IMAGE_DISK, NULL);
	setup();
	put(0x438, "\x53\xef", 2);
	is(IMAGE_DISK, NULL);
	setup();
	put(0, "070701", 6);
	is(IMAGE_INITRAMFS, NULL);
	setup();
	put(0, "\x1f\x8b", 2);
	is(IMAGE_INITRAMFS, NULL);
}
END_TEST

START_TEST(files)
{
	struct image image;

	ck_assert_int_eq(image_read("/proc/self/exe", &image), 0);
	ck_assert_int_eq(image.kind, IMAGE_ELF);
	ck_assert_int_lt(image_read("/nonexistent", &image), 0);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(backing)
{
	cleanup_free char *path = NULL, *pipe = tmpdir_path("pipe");
	struct image image;

	put(0, "QFI\xfb\0\0\0\3", 8);
	path = tmpdir_file("d", (const char *)head, 4096);
	ck_assert(!image_has_backing(path));
	put(8, "\0\0\0\0\0\0\2\0", 8);
	free(tmpdir_file("d", (const char *)head, 4096));
	ck_assert(image_has_backing(path));
	put(8, "\0\0\0\0\0\0\0\0", 8);
	put(79, "\4", 1); /* its data are in another file */
	free(tmpdir_file("d", (const char *)head, 4096));
	ck_assert(image_has_backing(path));
	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	ck_assert_int_eq(image_read(pipe, &image), 0); /* and waits for nobody */
	ck_assert_int_eq(image.kind, IMAGE_UNKNOWN);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("image");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, nothing);
	tcase_add_test(t, kernels);
	tcase_add_test(t, uki);
	tcase_add_test(t, disks_and_archives);
	tcase_add_test(t, files);
	tmpdir_use(t);
	tcase_add_test(t, backing);
	return unit_run("vm_image", t);
}
