/* SPDX-License-Identifier: GPL-3.0-only */
/* What a file is shows in its first bytes; who cannot read it says where its bytes differ. */
#include "differ/differ.h"

#include <string.h>

#include "base/mem.h"

bool
bytes_same(struct bytes a, struct bytes b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

size_t
bytes_differ_at(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n, i = 0;

	while (i < n && a.p[i] == b.p[i])
		i++;
	return i;
}

struct bytes
bytes_part(struct bytes whole, uint64_t offset, uint64_t n)
{
	if (offset > whole.n || n > whole.n - offset)
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ whole.p + offset, (size_t)n };
}

void
differ_plain(struct bytes a, struct bytes b, struct str *out)
{
	size_t at = bytes_differ_at(a, b), n = a.n < b.n ? a.n : b.n, count = 0;

	for (size_t i = at; i < n; i++)
		count += a.p[i] != b.p[i];
	if (count)
		str_addf(out, "%zu bytes differ, the first at 0x%zx (0x%02x, 0x%02x)", count, at,
			a.p[at], b.p[at]);
	if (a.n != b.n)
		str_addf(out, "%s%zu bytes against %zu", count ? "; " : "", a.n, b.n);
}

static const struct part *
find(const struct part *parts, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (streq(parts[i].name, name))
			return &parts[i];
	return NULL;
}

static void
describe(const char *kind, const struct part *a, const struct part *b, struct str *out)
{
	str_addf(out, "%s section %s differs at 0x%zx of 0x%zx", kind, a->name,
		bytes_differ_at(a->data, b->data), a->data.n);
	if (a->data.n != b->data.n)
		str_addf(out, " (or 0x%zx)", b->data.n);
}

bool
differ_parts(const char *kind, const struct part *a, size_t na, const struct part *b,
	size_t nb, struct str *out)
{
	cleanup_str struct str more = STR_INIT;
	size_t found = 0;

	for (size_t i = 0; i < na; i++) {
		const struct part *other = find(b, nb, a[i].name);

		if (other && bytes_same(a[i].data, other->data))
			continue;
		if (!found && other)
			describe(kind, &a[i], other, out);
		else if (!found)
			str_addf(out, "%s section %s is in one only", kind, a[i].name);
		else
			str_addf(&more, "%s%s", more.len ? ", " : "", a[i].name);
		found++;
	}
	for (size_t i = 0; !found && i < nb; i++)
		if (!find(a, na, b[i].name) && ++found)
			str_addf(out, "%s section %s is in one only", kind, b[i].name);
	if (more.len)
		str_addf(out, " (and %s)", more.p);
	return found > 0;
}

bool
differ(struct bytes a, struct bytes b, int depth, struct str *out)
{
	size_t before = out->len;

	if (bytes_same(a, b))
		return false;
	if (differ_elf(a, b, out) || differ_pe(a, b, out) || differ_qcow2(a, b, out) ||
	    differ_archive(a, b, depth, out))
		return true;
	if (out->len == before)
		differ_plain(a, b, out);
	return true;
}
