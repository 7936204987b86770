/* SPDX-License-Identifier: GPL-3.0-only */
/* What an ELF file says about where it can run. */
#ifndef APP_ELF_H
#define APP_ELF_H

#include "mem.h"

enum elf_class {
	ELF_NOT,     /* not an ELF file, or a damaged one */
	ELF_OBJECT,  /* to be linked */
	ELF_PROGRAM, /* to be run or loaded */
};

struct elf {
	enum elf_class class;
	unsigned machine;        /* EM_ number */
	const char *interpreter; /* PT_INTERP, NULL for a static program */
	struct words needed;     /* DT_NEEDED */
};

/* Reads the file at path; strings belong to the pool. Returns 0, or -1 with errno. */
int elf_read(struct pool *pool, const char *path, struct elf *elf);

#endif
