/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Every number in the stub's headers is checked before it is believed: a wrong
 * one makes an image that the firmware refuses without a word, or worse, runs.
 */
#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

#define STUB_MOST (16 << 20)
#define DOS_HEADER 64
#define COFF_HEADER 24 /* with the signature before it */
#define PE32_PLUS 0x20b
#define PE32_PLUS_SIZE 112 /* without the data directories */
#define PAGE 4096
#define SUBSYSTEM_EFI_APPLICATION 10

static int
damaged(const struct stub *stub, struct msmv_stage *stage, const char *why)
{
	return stage->host->fail(stage, MSMV_FAIL_TOOL,
		"%s is no EFI stub that a UKI can be made of: %s", stub->path, why);
}

static int
read_whole(struct stub *stub, struct msmv_stage *stage)
{
	int fd = open(stub->path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0 || fstat(fd, &st)) {
		int saved = errno;

		if (fd >= 0)
			close(fd);
		return stage->host->fail(stage, MSMV_FAIL_TOOL,
			"cannot read the EFI stub %s: %s", stub->path, strerror(saved));
	}
	if (st.st_size >= DOS_HEADER && st.st_size <= STUB_MOST) {
		stub->size = (size_t)st.st_size;
		stub->data = malloc(stub->size);
		if (stub->data)
			n = pread(fd, stub->data, stub->size, 0);
	}
	close(fd);
	if (n < 0 || (size_t)n != stub->size)
		return damaged(stub, stage, "its size is not that of a program");
	return 0;
}

static const char *
find_headers(struct stub *stub)
{
	uint32_t at = le32_get(stub->data + 0x3c), optional_size, table;

	if (memcmp(stub->data, "MZ", 2) != 0 || at > stub->size - COFF_HEADER ||
		memcmp(stub->data + at, "PE\0", 4) != 0)
		return "it has no PE header";
	stub->coff = stub->data + at + 4;
	stub->machine = le16_get(stub->coff);
	stub->count = le16_get(stub->coff + 2);
	optional_size = le16_get(stub->coff + 16);
	table = at + COFF_HEADER + optional_size;
	if (optional_size < PE32_PLUS_SIZE || table > stub->size ||
		stub->count > (stub->size - table) / PE_SECTION_SIZE)
		return "its headers do not fit in it";
	stub->optional = stub->data + at + COFF_HEADER;
	stub->sections = stub->data + table;
	if (le16_get(stub->optional) != PE32_PLUS)
		return "it is not a 64-bit program";
	if (le16_get(stub->optional + 68) != SUBSYSTEM_EFI_APPLICATION)
		return "it is not an EFI application";
	return NULL;
}

static int
power_of_two(uint32_t v)
{
	return v && !(v & (v - 1));
}

static const char *
find_alignment(struct stub *stub)
{
	stub->memory_align = le32_get(stub->optional + 32);
	stub->file_align = le32_get(stub->optional + 36);
	if (!power_of_two(stub->memory_align) || !power_of_two(stub->file_align) ||
		stub->memory_align > 1 << 20 || stub->file_align > 1 << 16 ||
		stub->file_align < 2)
		return "its alignment makes no sense";
	if (stub->memory_align < PAGE)
		stub->memory_align = PAGE;
	return NULL;
}

/* Walks the sections: where they end in memory and in the file, and start in it. */
static const char *
find_extent(struct stub *stub)
{
	uint64_t memory_end = 0, file_end = 0, file_start = le32_get(stub->optional + 60);
	size_t table = (size_t)(stub->sections - stub->data);

	for (uint32_t i = 0; i < stub->count; i++) {
		const unsigned char *s = stub->sections + i * PE_SECTION_SIZE;
		uint64_t memory_size = le32_get(s + 8), memory_at = le32_get(s + 12);
		uint64_t file_size = le32_get(s + 16), file_at = le32_get(s + 20);

		if (file_size > memory_size)
			memory_size = file_size;
		if (memory_at + memory_size > memory_end)
			memory_end = memory_at + memory_size;
		if (!file_size)
			continue;
		if (file_at < table || file_at + file_size > stub->size)
			return "it is cut short";
		if (file_at + file_size > file_end)
			file_end = file_at + file_size;
		if (file_at < file_start)
			file_start = file_at;
	}
	memory_end = (memory_end + stub->memory_align - 1) &
		     ~(uint64_t)(stub->memory_align - 1);
	if (!file_end || file_start < table || memory_end > UINT32_MAX)
		return "its sections make no sense";
	stub->memory_end = (uint32_t)memory_end;
	stub->room = (uint32_t)((file_start - table) / PE_SECTION_SIZE);
	stub->size = (size_t)file_end; /* symbols and signatures behind are dropped */
	return NULL;
}

int
stub_load(struct stub *stub, struct msmv_stage *stage, const char *path)
{
	const char *flaw;

	*stub = (struct stub){ .path = path };
	if (read_whole(stub, stage))
		return -1;
	flaw = find_headers(stub);
	if (!flaw)
		flaw = find_alignment(stub);
	if (!flaw)
		flaw = find_extent(stub);
	return flaw ? damaged(stub, stage, flaw) : 0;
}

int
stub_has(const struct stub *stub, const char *name)
{
	for (uint32_t i = 0; i < stub->count; i++)
		if (!strncmp((const char *)stub->sections + i * PE_SECTION_SIZE, name, 8))
			return 1;
	return 0;
}

void
stub_release(struct stub *stub)
{
	free(stub->data);
}

const char *
pe_machine_name(uint32_t machine)
{
	static const struct {
		uint32_t machine;
		const char *name;
	} names[] = {
		{ 0x014c, "x86" },
		{ 0x8664, "x86_64" },
		{ 0x01c2, "arm" },
		{ 0xaa64, "aarch64" },
		{ 0x5064, "riscv64" },
		{ 0x6264, "loongarch64" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "an unknown machine";
}
