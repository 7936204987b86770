/* SPDX-License-Identifier: GPL-3.0-only */
/* libelf knows both classes and byte orders, and looks at sizes before it believes them. */
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "differ/differ.h"

struct sections {
	VEC(struct part) list;
};

static bool
is_elf(struct bytes b)
{
	return b.n > EI_NIDENT && memcmp(b.p, ELFMAG, SELFMAG) == 0;
}

static void
add_section(struct sections *s, struct bytes file, Elf *elf, Elf_Scn *scn, size_t names)
{
	struct part part = { .name = "" };
	GElf_Shdr header;
	const char *name;

	if (!gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS)
		return;
	name = elf_strptr(elf, names, header.sh_name);
	strncpy(part.name, name && *name ? name : "without a name", sizeof(part.name) - 1);
	part.data = bytes_part(file, header.sh_offset, header.sh_size);
	vec_push(&s->list, part);
}

/* False if it is none, or has none. */
static bool
read_sections(struct bytes file, struct sections *s)
{
	Elf *elf = is_elf(file) ? elf_memory((char *)(uintptr_t)file.p, file.n) : NULL;
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf && elf_getshdrstrndx(elf, &names) == 0)
		while ((scn = elf_nextscn(elf, scn)))
			add_section(s, file, elf, scn, names);
	if (elf)
		elf_end(elf);
	return s->list.len > 0;
}

bool
differ_elf(struct bytes a, struct bytes b, struct str *out)
{
	struct sections x = { VEC_INIT }, y = { VEC_INIT };
	bool found = false;

	elf_version(EV_CURRENT);
	if (read_sections(a, &x) && read_sections(b, &y)) {
		found = differ_parts("ELF", x.list.v, x.list.len, y.list.v, y.list.len, out);
		if (!found) /* it is what no section covers */
			str_addf(out, "ELF headers differ at 0x%zx", bytes_differ_at(a, b));
		found = true;
	}
	vec_release(&x.list);
	vec_release(&y.list);
	return found;
}
