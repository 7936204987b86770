/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The linker's vmlinux is 10 MB and more for 3 MB of kernel: symbols, sections,
 * and gaps up to the next 2 MB page. A loader needs the segments and the note
 * alone, at any offset, and fills with zeros what memsz has beyond filesz:
 *
 *   ELF header | program headers | segment piece | segment piece | ...
 *
 * So each segment is cut at its long runs of zeros, and each piece's memsz
 * reaches to the next piece.
 */
#include "vmlinux.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kernel/text.h"

enum {
	PAGE = 4096,
	GAP = 16 * PAGE,      /* zeros worth a program header */
	PIECES = 64,
	PVH_NOTE = 18         /* XEN_ELFNOTE_PHYS32_ENTRY */
};

struct piece {
	Elf64_Phdr ph;    /* as it will be in the new file */
	uint64_t source;  /* offset of its bytes in the old file */
};

struct packer {
	const unsigned char *in;
	uint64_t len;
	Elf64_Ehdr eh;
	struct piece pieces[PIECES];
	unsigned count;
	bool pvh;
};

static bool
is_inside(const struct packer *p, uint64_t offset, uint64_t size)
{
	return offset <= p->len && size <= p->len - offset;
}

static bool
read_header(struct packer *p)
{
	static const unsigned char magic[] = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB };

	if (p->len < sizeof(p->eh) || memcmp(p->in, magic, sizeof(magic)) != 0)
		return false;
	memcpy(&p->eh, p->in, sizeof(p->eh));
	return p->eh.e_phentsize == sizeof(Elf64_Phdr) &&
		is_inside(p, p->eh.e_phoff, (uint64_t)p->eh.e_phnum * sizeof(Elf64_Phdr));
}

static bool
has_pvh(const struct packer *p, const Elf64_Phdr *ph)
{
	uint64_t at = ph->p_offset, end = ph->p_offset + ph->p_filesz;
	Elf64_Nhdr note;

	while (end - at >= sizeof(note)) {
		uint64_t name;

		memcpy(&note, p->in + at, sizeof(note));
		name = at + sizeof(note);
		at = name + ((note.n_namesz + UINT64_C(3)) & ~UINT64_C(3)) +
			((note.n_descsz + UINT64_C(3)) & ~UINT64_C(3));
		if (at > end)
			return false;
		if (note.n_type == PVH_NOTE && note.n_namesz == 4 &&
		    memcmp(p->in + name, "Xen", 4) == 0)
			return true;
	}
	return false;
}

static bool
is_zero(const unsigned char *b, uint64_t len)
{
	return len == 0 || (b[0] == 0 && memcmp(b, b + 1, len - 1) == 0);
}

static bool
add_piece(struct packer *p, const Elf64_Phdr *ph, uint64_t start, uint64_t filled, uint64_t end)
{
	struct piece *piece;

	if (p->count == PIECES)
		return false;
	piece = &p->pieces[p->count++];
	piece->ph = *ph;
	piece->ph.p_vaddr += start;
	piece->ph.p_paddr += start;
	piece->ph.p_filesz = filled - start;
	piece->ph.p_memsz = end - start;
	piece->ph.p_align = PAGE;
	piece->source = ph->p_offset + start;
	return true;
}

/* Cuts a segment where GAP bytes and more of whole pages are zero, and at its end. */
static bool
cut_segment(struct packer *p, const Elf64_Phdr *ph)
{
	const unsigned char *bytes = p->in + ph->p_offset;
	uint64_t start = 0, filled = 0;

	for (uint64_t at = 0; at < ph->p_filesz;) {
		uint64_t size = PAGE - ((ph->p_vaddr + at) & (PAGE - 1));

		size = size < ph->p_filesz - at ? size : ph->p_filesz - at;
		if (!is_zero(bytes + at, size)) {
			if (at - filled >= GAP && filled > start) {
				if (!add_piece(p, ph, start, filled, at))
					return false;
				start = at;
			}
			filled = at + size;
		}
		at += size;
	}
	while (filled > start && bytes[filled - 1] == 0)
		filled--;
	return add_piece(p, ph, start, filled, ph->p_memsz);
}

/* The note lies in a segment too; the loader looks for it by its place in the file. */
static bool
add_note(struct packer *p, const Elf64_Phdr *ph)
{
	if (p->count == PIECES)
		return false;
	p->pieces[p->count].ph = *ph;
	p->pieces[p->count++].source = ph->p_offset;
	p->pvh = true;
	return true;
}

static bool
collect(struct packer *p)
{
	for (unsigned i = 0; i < p->eh.e_phnum; i++) {
		Elf64_Phdr ph;

		memcpy(&ph, p->in + p->eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (!is_inside(p, ph.p_offset, ph.p_filesz) || ph.p_filesz > ph.p_memsz)
			return false;
		if (ph.p_type == PT_LOAD && !cut_segment(p, &ph))
			return false;
		if (ph.p_type == PT_NOTE && has_pvh(p, &ph) && !add_note(p, &ph))
			return false;
	}
	return true;
}

/* Offsets in the new file, which must agree with the addresses modulo a page. */
static uint64_t
lay_out(struct packer *p)
{
	uint64_t end = sizeof(p->eh) + p->count * sizeof(Elf64_Phdr);

	for (unsigned i = 0; i < p->count; i++) {
		Elf64_Phdr *ph = &p->pieces[i].ph;
		uint64_t unit = ph->p_type == PT_NOTE ? 16 : PAGE;

		end += (ph->p_vaddr - end) & (unit - 1);
		ph->p_offset = end;
		end += ph->p_filesz;
	}
	p->eh.e_phoff = sizeof(p->eh);
	p->eh.e_phnum = (Elf64_Half)p->count;
	p->eh.e_shoff = 0;
	p->eh.e_shnum = 0;
	p->eh.e_shstrndx = SHN_UNDEF;
	return end;
}

static int
write_out(const struct packer *p, const char *to, uint64_t size)
{
	unsigned char *out = xnew(size);
	int bad;

	memcpy(out, &p->eh, sizeof(p->eh));
	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		memcpy(out + p->eh.e_phoff + i * sizeof(piece->ph), &piece->ph, sizeof(piece->ph));
		memcpy(out + piece->ph.p_offset, p->in + piece->source, piece->ph.p_filesz);
	}
	bad = file_write(to, (const char *)out, size);
	free(out);
	return bad;
}

static int
pack(struct packer *p, const char *to, uint64_t *size)
{
	if (!read_header(p) || !collect(p)) {
		errno = ENOEXEC;
		return -1;
	}
	if (!p->pvh)
		return 0;
	*size = lay_out(p);
	return write_out(p, to, *size) < 0 ? -1 : 1;
}

int
vmlinux_pack(const char *from, const char *to, uint64_t *size)
{
	struct packer p = { 0 };
	struct stat st;
	void *map;
	int done, fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -1;
	p.in = map;
	p.len = (uint64_t)st.st_size;
	done = pack(&p, to, size);
	munmap(map, (size_t)st.st_size);
	return done;
}
