/* SPDX-License-Identifier: GPL-3.0-only */
/* What a file is that shall boot, by its first bytes and not by its name. */
#ifndef VM_IMAGE_H
#define VM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

enum image_kind {
	IMAGE_UNKNOWN,
	IMAGE_KERNEL, /* bzImage, Image */
	IMAGE_ELF,    /* vmlinux */
	IMAGE_UKI,    /* an EFI program that carries a kernel and what it needs */
	IMAGE_QCOW2,
	IMAGE_DISK,   /* raw, with a partition table or a boot sector */
	IMAGE_INITRAMFS
};

struct image {
	enum image_kind kind;
	const char *arch; /* "x86_64", "aarch64", "riscv64"; NULL: it does not say */
};

enum { IMAGE_HEAD = 4096 }; /* bytes that image_judge may look at */

struct image image_judge(const unsigned char *head, size_t size);
/* The same of a file. -1 with errno when it cannot be read; unknown is what is no file. */
int image_read(const char *path, struct image *image);
/* Whether it is a qcow2 disk that takes data from another file, whose name stands in it. */
bool image_has_backing(const char *path);

#endif
