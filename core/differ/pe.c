/* SPDX-License-Identifier: GPL-3.0-only */
/* Kernels with an EFI stub and unified kernel images: a table of sections behind "PE". */
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "differ/differ.h"

enum {
	PE_AT = 0x3c,        /* where the place of the PE header stands */
	HEADER = 24,         /* "PE\0\0" and the COFF header */
	SECTION = 40,        /* a row of the table */
	SECTIONS_MAX = 1024,
};

static uint32_t
le(struct bytes b, size_t at, size_t n)
{
	struct bytes part = bytes_part(b, at, n);
	uint32_t value = 0;

	for (size_t i = part.n; i > 0; i--)
		value = value << 8 | part.p[i - 1];
	return value;
}

/* The number of sections, whose table begins at *table; 0 if it is no PE file. */
static size_t
find_table(struct bytes file, size_t *table)
{
	size_t at = le(file, PE_AT, 4), n = le(file, at + 6, 2);

	if (file.n < 2 || memcmp(file.p, "MZ", 2) != 0 || !bytes_part(file, at, HEADER).n ||
	    memcmp(file.p + at, "PE\0\0", 4) != 0)
		return 0;
	*table = at + HEADER + le(file, at + 20, 2);
	return n <= SECTIONS_MAX && bytes_part(file, *table, n * SECTION).n ? n : 0;
}

static size_t
read_sections(struct bytes file, struct part **out)
{
	size_t table = 0, n = find_table(file, &table);

	*out = xcalloc(n + 1, sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		size_t row = table + i * SECTION;

		memcpy((*out)[i].name, file.p + row, 8);
		(*out)[i].data = bytes_part(file, le(file, row + 20, 4), le(file, row + 16, 4));
	}
	return n;
}

bool
differ_pe(struct bytes a, struct bytes b, struct str *out)
{
	cleanup_free struct part *x = NULL, *y = NULL;
	size_t nx = read_sections(a, &x), ny = read_sections(b, &y);

	if (!nx || !ny)
		return false;
	if (!differ_parts("PE", x, nx, y, ny, out))
		str_addf(out, "PE headers differ at 0x%zx", bytes_differ_at(a, b));
	return true;
}
