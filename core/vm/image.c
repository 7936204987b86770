/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An arm64 Image with an EFI stub begins with "MZ" as a UKI does, and so does a bzImage:
 * kernels are looked for first. A bare kernel with a stub is started as a kernel.
 */
#include "vm/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t
little(const unsigned char *p, size_t bytes)
{
	uint32_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | p[bytes];
	return n;
}

/* Whether these bytes stand there. */
static int
has(const unsigned char *head, size_t size, size_t at, const char *bytes, size_t n)
{
	return at + n <= size && memcmp(head + at, bytes, n) == 0;
}

static const char *
arch_of(uint32_t number, const uint32_t *numbers)
{
	static const char *const names[] = { "x86_64", "aarch64", "riscv64" };

	for (size_t i = 0; i < 3; i++)
		if (numbers[i] == number)
			return names[i];
	return NULL;
}

static struct image
judge_elf(const unsigned char *head, size_t size)
{
	static const uint32_t machines[] = { 62, 183, 243 };

	return (struct image){ IMAGE_ELF,
		               size > 19 ? arch_of(little(head + 18, 2), machines) : NULL };
}

/* A PE file with a section .linux: its header is where the DOS header says. */
static struct image
judge_pe(const unsigned char *head, size_t size)
{
	static const uint32_t machines[] = { 0x8664, 0xaa64, 0x5064 };
	size_t at = size >= 64 ? little(head + 60, 4) : size;

	if (at >= size || !has(head, size, at, "PE\0\0", 4) || at + 6 > size)
		return (struct image){ IMAGE_UNKNOWN, NULL };
	return (struct image){ memmem(head, size, ".linux\0", 8) ? IMAGE_UKI : IMAGE_UNKNOWN,
		               arch_of(little(head + at + 4, 2), machines) };
}

static const struct {
	size_t at;
	const char *bytes;
	size_t size;
	struct image image;
} table[] = {
	{ 0x202, "HdrS", 4, { IMAGE_KERNEL, "x86_64" } },
	{ 56, "ARM\x64", 4, { IMAGE_KERNEL, "aarch64" } },
	{ 56, "RSC\x05", 4, { IMAGE_KERNEL, "riscv64" } },
	{ 0, "QFI\xfb", 4, { IMAGE_QCOW2, NULL } },
	{ 0, "070701", 6, { IMAGE_INITRAMFS, NULL } },
	{ 0, "\x1f\x8b", 2, { IMAGE_INITRAMFS, NULL } },
	{ 0, "\xfd" "7zXZ", 5, { IMAGE_INITRAMFS, NULL } },
	{ 0, "\x28\xb5\x2f\xfd", 4, { IMAGE_INITRAMFS, NULL } },
	{ 510, "\x55\xaa", 2, { IMAGE_DISK, NULL } },
	{ 0x438, "\x53\xef", 2, { IMAGE_DISK, NULL } }, /* ext4 on the whole disk */
};

struct image
image_judge(const unsigned char *head, size_t size)
{
	struct image pe;

	if (has(head, size, 0, "\177ELF", 4))
		return judge_elf(head, size);
	pe = has(head, size, 0, "MZ", 2) ? judge_pe(head, size)
	                                 : (struct image){ IMAGE_UNKNOWN, NULL };
	if (pe.kind == IMAGE_UKI)
		return pe;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (has(head, size, table[i].at, table[i].bytes, table[i].size))
			return table[i].image;
	return pe;
}

/* A pipe is not waited for: neither it nor a folder boots. */
static ssize_t
read_head(int fd, unsigned char *head)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	return S_ISREG(st.st_mode) || S_ISBLK(st.st_mode) ? read(fd, head, IMAGE_HEAD) : 0;
}

static ssize_t
head_of(const char *path, unsigned char *head)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = read_head(fd, head);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return n;
}

int
image_read(const char *path, struct image *image)
{
	unsigned char head[IMAGE_HEAD];
	ssize_t n = head_of(path, head);

	if (n < 0)
		return -1;
	*image = image_judge(head, (size_t)n);
	return 0;
}

/* Big-endian: bytes 8 to 15 say where the backing file's name is; bit 2 of 72 to 79 that
   the data are in another file. */
bool
image_has_backing(const char *path)
{
	static const unsigned char none[8];
	unsigned char head[IMAGE_HEAD] = { 0 };
	ssize_t n = head_of(path, head);

	if (n < 72 || image_judge(head, (size_t)n).kind != IMAGE_QCOW2)
		return false;
	return memcmp(head + 8, none, 8) != 0 || (head[7] >= 3 && n >= 80 && head[79] & 4);
}
