/* SPDX-License-Identifier: GPL-3.0-only */
/* Reads the program headers and their notes; everything else of the file is left. */
#include "vm/pvh.h"

#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum {
	NOTE_PHYS32_ENTRY = 18, /* owner "Xen" */
	NOTES_MAX = 65536
};

static bool
read_at(int fd, void *to, size_t size, uint64_t offset)
{
	return pread(fd, to, size, (off_t)offset) == (ssize_t)size;
}

static size_t
padded(uint32_t size)
{
	return ((size_t)size + 3) & ~(size_t)3;
}

/* A note is three numbers, its owner and its data, each padded to 4 bytes. */
static bool
notes_have_entry(const unsigned char *p, size_t size)
{
	Elf32_Nhdr note;

	while (size >= sizeof(note)) {
		size_t whole;

		memcpy(&note, p, sizeof(note));
		whole = sizeof(note) + padded(note.n_namesz) + padded(note.n_descsz);
		if (whole > size)
			return false;
		if (note.n_type == NOTE_PHYS32_ENTRY && note.n_namesz == 4 &&
		    memcmp(p + sizeof(note), "Xen", 4) == 0)
			return true;
		p += whole;
		size -= whole;
	}
	return false;
}

static bool
segment_has_entry(int fd, uint32_t type, uint64_t offset, uint64_t size)
{
	static unsigned char notes[NOTES_MAX];

	if (type != PT_NOTE || size > sizeof(notes) || !read_at(fd, notes, size, offset))
		return false;
	return notes_have_entry(notes, size);
}

static bool
elf64_has_entry(int fd, const Elf64_Ehdr *e)
{
	Elf64_Phdr p;

	for (size_t i = 0; i < e->e_phnum; i++)
		if (read_at(fd, &p, sizeof(p), e->e_phoff + i * sizeof(p)) &&
		    segment_has_entry(fd, p.p_type, p.p_offset, p.p_filesz))
			return true;
	return false;
}

static bool
elf32_has_entry(int fd, const Elf32_Ehdr *e)
{
	Elf32_Phdr p;

	for (size_t i = 0; i < e->e_phnum; i++)
		if (read_at(fd, &p, sizeof(p), e->e_phoff + i * sizeof(p)) &&
		    segment_has_entry(fd, p.p_type, p.p_offset, p.p_filesz))
			return true;
	return false;
}

bool
pvh_kernel(const char *path)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr e32;
		Elf64_Ehdr e64;
	} head = { .ident = { 0 } };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool yes = false;

	if (fd < 0)
		return false;
	if (pread(fd, &head, sizeof(head), 0) >= (ssize_t)sizeof(head.e32) &&
	    memcmp(head.ident, ELFMAG, SELFMAG) == 0)
		yes = head.ident[EI_CLASS] == ELFCLASS64 ? elf64_has_entry(fd, &head.e64)
		                                         : elf32_has_entry(fd, &head.e32);
	close(fd);
	return yes;
}
