/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A program that needs a loader which the image lacks ends in a guest that says
 * "not found" about a file everybody can see. Reading three tables finds it now.
 * Both word sizes are read, little-endian only, as all targets are.
 */
#include "elf.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image {
	const unsigned char *bytes;
	size_t size;
	bool wide; /* 64 bits */
};

struct segment {
	uint32_t type;
	uint64_t offset, address, file_size;
};

static bool
image_has(const struct image *image, uint64_t offset, uint64_t len)
{
	return offset <= image->size && len <= image->size - offset;
}

/* Copies a table row, as rows in a file need not be aligned. False: out of bounds. */
static bool
image_row(const struct image *image, uint64_t offset, void *row, size_t len)
{
	if (!image_has(image, offset, len))
		return false;
	memcpy(row, image->bytes + offset, len);
	return true;
}

/* A text that ends inside the file, or NULL. */
static const char *
image_text(struct pool *pool, const struct image *image, uint64_t offset)
{
	const unsigned char *end;

	if (offset >= image->size)
		return NULL;
	end = memchr(image->bytes + offset, 0, image->size - offset);
	if (!end)
		return NULL;
	return pool_dup(pool, (const char *)image->bytes + offset,
		(size_t)(end - image->bytes) - (size_t)offset);
}

static bool
segment_read(const struct image *image, size_t i, struct segment *segment)
{
	if (image->wide) {
		Elf64_Ehdr head;
		Elf64_Phdr row;

		if (!image_row(image, 0, &head, sizeof(head)) || i >= head.e_phnum ||
			!image_row(image, head.e_phoff + i * sizeof(row), &row, sizeof(row)))
			return false;
		*segment = (struct segment){row.p_type, row.p_offset, row.p_vaddr, row.p_filesz};
	} else {
		Elf32_Ehdr head;
		Elf32_Phdr row;

		if (!image_row(image, 0, &head, sizeof(head)) || i >= head.e_phnum ||
			!image_row(image, head.e_phoff + i * sizeof(row), &row, sizeof(row)))
			return false;
		*segment = (struct segment){row.p_type, row.p_offset, row.p_vaddr, row.p_filesz};
	}
	return true;
}

static bool
dynamic_read(const struct image *image, const struct segment *table, size_t i, uint64_t *tag,
	uint64_t *value)
{
	Elf64_Dyn wide;
	Elf32_Dyn narrow;
	size_t size = image->wide ? sizeof(wide) : sizeof(narrow);

	if ((i + 1) * size > table->file_size)
		return false;
	if (image->wide) {
		if (!image_row(image, table->offset + i * size, &wide, size))
			return false;
		*tag = (uint64_t)wide.d_tag;
		*value = wide.d_un.d_val;
	} else {
		if (!image_row(image, table->offset + i * size, &narrow, size))
			return false;
		*tag = (uint64_t)(uint32_t)narrow.d_tag;
		*value = narrow.d_un.d_val;
	}
	return *tag != DT_NULL;
}

/* Where in the file the byte with this address in memory is; 0 if nowhere. */
static uint64_t
address_offset(const struct image *image, uint64_t address)
{
	struct segment segment;

	for (size_t i = 0; segment_read(image, i, &segment); i++)
		if (segment.type == PT_LOAD && address >= segment.address &&
			address - segment.address < segment.file_size)
			return segment.offset + (address - segment.address);
	return 0;
}

static void
needed_read(struct pool *pool, const struct image *image, const struct segment *table,
	struct elf *elf)
{
	uint64_t tag, value, texts = 0;

	for (size_t i = 0; dynamic_read(image, table, i, &tag, &value); i++)
		if (tag == DT_STRTAB)
			texts = address_offset(image, value);
	for (size_t i = 0; texts && dynamic_read(image, table, i, &tag, &value); i++) {
		const char *name = tag == DT_NEEDED ? image_text(pool, image, texts + value)
						    : NULL;

		if (name)
			words_push(pool, &elf->needed, name);
	}
}

static void
image_read(struct pool *pool, const struct image *image, struct elf *elf)
{
	struct segment segment;
	uint16_t type, machine;

	/* Type and machine sit at the same place in both word sizes. */
	if (!image_row(image, offsetof(Elf64_Ehdr, e_type), &type, sizeof(type)) ||
		!image_row(image, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine)))
		return;
	elf->class = type == ET_REL ? ELF_OBJECT : ELF_PROGRAM;
	elf->machine = machine;
	for (size_t i = 0; segment_read(image, i, &segment); i++) {
		if (segment.type == PT_INTERP)
			elf->interpreter = image_text(pool, image, segment.offset);
		if (segment.type == PT_DYNAMIC)
			needed_read(pool, image, &segment, elf);
	}
}

int
elf_read(struct pool *pool, const char *path, struct elf *elf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct image image = {0};
	struct stat st;
	void *map;

	memset(elf, 0, sizeof(*elf));
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || st.st_size < EI_NIDENT) {
		close(fd);
		return 0;
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -1;
	image.bytes = map;
	image.size = (size_t)st.st_size;
	image.wide = image.bytes[EI_CLASS] == ELFCLASS64;
	if (memcmp(image.bytes, ELFMAG, SELFMAG) == 0 &&
		image.bytes[EI_DATA] == ELFDATA2LSB)
		image_read(pool, &image, elf);
	munmap(map, image.size);
	return 0;
}
