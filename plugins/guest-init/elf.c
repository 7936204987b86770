/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kernel that cannot start /init only panics. So the file is looked at
 * before it goes into an image: of the right machine, and static.
 */
#include "elf.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

struct file {
	int fd;
	int big;  /* big-endian */
	int wide; /* 64-bit */
};

/* An unsigned number of size bytes; 0 behind the end of the file. */
static uint64_t
number(const struct file *f, uint64_t at, int size)
{
	unsigned char b[8] = {0};
	uint64_t n = 0;

	if (pread(f->fd, b, (size_t)size, (off_t)at) != size)
		return 0;
	for (int i = 0; i < size; i++)
		n = n << 8 | b[f->big ? i : size - 1 - i];
	return n;
}

static int
has_segment(const struct file *f, uint32_t type)
{
	uint64_t at = number(f, f->wide ? 32 : 28, f->wide ? 8 : 4);
	uint64_t size = number(f, f->wide ? 54 : 42, 2);
	uint64_t count = number(f, f->wide ? 56 : 44, 2);

	for (uint64_t i = 0; i < count; i++)
		if (number(f, at + i * size, 4) == type)
			return 1;
	return 0;
}

static const char *
complaint(struct file *f, long machine)
{
	unsigned char ident[EI_NIDENT];
	uint64_t type;

	if (pread(f->fd, ident, sizeof(ident), 0) != sizeof(ident) ||
		memcmp(ident, ELFMAG, SELFMAG) != 0)
		return "is not an ELF file";
	f->wide = ident[EI_CLASS] == ELFCLASS64;
	f->big = ident[EI_DATA] == ELFDATA2MSB;
	type = number(f, 16, 2);
	if ((long)number(f, 18, 2) != machine)
		return "is for another machine than the guest";
	if (type != ET_EXEC && type != ET_DYN)
		return "is not a program";
	if (has_segment(f, PT_INTERP))
		return "is dynamically linked, and a guest's init must be static";
	return has_segment(f, PT_LOAD) ? NULL : "has nothing to load";
}

const char *
elf_complaint(const char *path, long machine)
{
	struct file f = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	const char *said = "was not made";

	if (f.fd >= 0) {
		said = complaint(&f, machine);
		close(f.fd);
	}
	return said;
}
