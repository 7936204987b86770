/* SPDX-License-Identifier: GPL-3.0-only */
/* The EFI program that a UKI starts with: a small PE file that carries the rest. */
#ifndef MSMV_UKI_STUB_H
#define MSMV_UKI_STUB_H

#include <stddef.h>
#include <stdint.h>

#include <msmv/plugin.h>

#define PE_SECTION_SIZE ((size_t)40)

struct stub {
	const char *path;
	unsigned char *data; /* the file up to the end of its last section */
	size_t size;
	unsigned char *coff; /* these point into data */
	unsigned char *optional;
	unsigned char *sections; /* the table */
	uint32_t machine;        /* IMAGE_FILE_MACHINE_... */
	uint32_t count;          /* of sections */
	uint32_t room;           /* how many sections the table can hold */
	uint32_t file_align, memory_align;
	uint32_t memory_end; /* where the next section may lie in memory */
};

/* Reads and checks the file; 0, or -1 (recorded). */
int stub_load(struct stub *stub, struct msmv_stage *stage, const char *path);
/* Whether it has a section of that name. */
int stub_has(const struct stub *stub, const char *name);
void stub_release(struct stub *stub);

/* The PE machine's name for a person. */
const char *pe_machine_name(uint32_t machine);

#endif
