/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kernel without EFI stub, or of another machine, makes a UKI that only the
 * firmware notices, with a message nobody sees. So the image's own headers are
 * asked: the PE header that CONFIG_EFI_STUB puts there, and the boot header of
 * x86 (Documentation/arch/x86/boot.rst).
 */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"

#define HEAD 4096
#define X86_MAGIC 0x202
#define X86_VERSION 0x20e
#define X86_SETUP 0x200
#define ARM64_MAGIC 0x38

struct head {
	unsigned char data[HEAD];
	size_t size;
};

/* Copies a release name: it ends at the first byte that can be in none. */
static void
take_release(struct kernel *kernel, const unsigned char *text, size_t size)
{
	size_t n = 0;

	while (n < size && n < sizeof(kernel->release) - 1 && text[n] > ' ' &&
		text[n] < 127)
		n++;
	memcpy(kernel->release, text, n);
	kernel->release[n] = '\0';
}

static void
x86_release(struct kernel *kernel, int fd, const struct head *head)
{
	unsigned char text[64];
	ssize_t n = pread(
		fd, text, sizeof(text), X86_SETUP + le16_get(head->data + X86_VERSION));

	if (n > 0 && le16_get(head->data + X86_VERSION))
		take_release(kernel, text, (size_t)n);
}

/* An image that is not compressed holds its banner in plain text. */
static void
banner_release(struct kernel *kernel, int fd)
{
	static const char banner[] = "Linux version ";
	static unsigned char buf[1 << 20];
	const size_t keep = sizeof(banner) - 1 + sizeof(kernel->release);
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buf, sizeof(buf), (off_t)at)) > 0) {
		const unsigned char *p =
			memmem(buf, (size_t)n, banner, sizeof(banner) - 1);

		if (p && (size_t)(p - buf) + keep <= (size_t)n) {
			p += sizeof(banner) - 1;
			take_release(kernel, p, (size_t)(buf + n - p));
			return;
		}
		if ((size_t)n <= keep)
			return;
		at += (uint64_t)n - keep;
	}
}

static int
is_x86(const struct head *head)
{
	return head->size >= X86_VERSION + 2 &&
	       !memcmp(head->data + X86_MAGIC, "HdrS", 4);
}

static int
is_arm64(const struct head *head)
{
	return head->size >= ARM64_MAGIC + 4 &&
	       !memcmp(head->data + ARM64_MAGIC, "ARMd", 4);
}

/* Why that is no image that firmware can start; NULL if it is. */
static const char *
head_flaw(struct kernel *kernel, const struct head *head)
{
	uint32_t at;

	if (head->size >= 4 && !memcmp(head->data, "\177ELF", 4))
		return "it is an ELF file (vmlinux); a UKI needs bzImage or Image";
	if (head->size < 64 || memcmp(head->data, "MZ", 2) != 0)
		return is_x86(head) || is_arm64(head)
			       ? "it has no EFI stub; build it with CONFIG_EFI=y and "
				 "CONFIG_EFI_STUB=y"
			       : "it is no kernel image, or one without CONFIG_EFI_STUB";
	at = le32_get(head->data + 0x3c);
	if (at > head->size - 24 || memcmp(head->data + at, "PE\0", 4) != 0)
		return "its PE header is damaged; CONFIG_EFI_STUB puts a right one there";
	kernel->machine = le16_get(head->data + at + 4);
	return NULL;
}

int
kernel_read(struct kernel *kernel, struct msmv_stage *stage, const char *path)
{
	const struct msmv_host *host = stage->host;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct head head = { .size = 0 };
	const char *flaw;
	ssize_t n;

	*kernel = (struct kernel){ .machine = 0 };
	n = fd < 0 ? -1 : pread(fd, head.data, sizeof(head.data), 0);
	if (n < 0) {
		host->fail(stage, MSMV_FAIL_INPUT, "cannot read the kernel: %s",
			strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	head.size = (size_t)n;
	flaw = head_flaw(kernel, &head);
	if (!flaw && is_x86(&head))
		x86_release(kernel, fd, &head);
	else if (!flaw)
		banner_release(kernel, fd);
	close(fd);
	if (flaw)
		return host->fail(stage, MSMV_FAIL_INPUT,
			"the kernel of %s cannot go in a UKI: %s",
			host->input_name(stage, "kernel", 0), flaw);
	return 0;
}
