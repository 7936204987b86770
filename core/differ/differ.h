/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Where two files that should be the same are not, in terms of what they are: the section
 * of an ELF or PE file, the member of an archive (and where in it), the cluster of a
 * qcow2 image; a byte's place in anything else.
 */
#ifndef MSMV_DIFFER_DIFFER_H
#define MSMV_DIFFER_DIFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* A file, or a part of one; not owned. */
struct bytes {
	const unsigned char *p;
	size_t n;
};

/* A named part of a file. */
struct part {
	char name[64];
	struct bytes data;
};

/*
 * One line, or several for an archive with several members that differ, without the final
 * newline; false if the two are the same. depth: archives in archives so far.
 */
bool differ(struct bytes a, struct bytes b, int depth, struct str *out);

/* The same for what is of that form; false too if a or b is not (well-formed). */
bool differ_elf(struct bytes a, struct bytes b, struct str *out);
bool differ_pe(struct bytes a, struct bytes b, struct str *out);
bool differ_qcow2(struct bytes a, struct bytes b, struct str *out);
bool differ_archive(struct bytes a, struct bytes b, int depth, struct str *out);
void differ_plain(struct bytes a, struct bytes b, struct str *out);

bool bytes_same(struct bytes a, struct bytes b);
/* The place of the first byte that differs, or where the shorter one ends. */
size_t bytes_differ_at(struct bytes a, struct bytes b);
/* n bytes from an offset; empty if they are not there. */
struct bytes bytes_part(struct bytes whole, uint64_t offset, uint64_t n);
/* Parts of the same form: "KIND section .text differs at 0x1c of 0x200 (and .data)". */
bool differ_parts(const char *kind, const struct part *a, size_t na, const struct part *b,
	size_t nb, struct str *out);

#endif
