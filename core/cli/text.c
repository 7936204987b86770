/* SPDX-License-Identifier: GPL-3.0-only */
/* See text.h. Pure functions, so that what a person sees is tested without a terminal. */
#include "cli/text.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"

void
text_size(struct str *out, uint64_t bytes)
{
	static const char *const units[] = { "KB", "MB", "GB", "TB" };
	double n = (double)bytes;
	size_t u = 0;

	if (bytes < 1000) {
		str_addf(out, "%" PRIu64 " B", bytes);
		return;
	}
	for (n /= 1000; n >= 999.5 && u + 1 < ARRAY_LEN(units); u++)
		n /= 1000;
	str_addf(out, n < 100 && u > 0 ? "%.1f %s" : n < 10 ? "%.1f %s" : "%.0f %s", n, units[u]);
}

void
text_duration(struct str *out, int64_t ms)
{
	int64_t s = (ms + 500) / 1000;

	if (ms < 10000)
		str_addf(out, "%.*f s", ms < 1000 ? 2 : 1, (double)ms / 1000);
	else if (s < 60)
		str_addf(out, "%" PRId64 " s", s);
	else if (s < 3600)
		str_addf(out, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
	else
		str_addf(out, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60,
			s % 60);
}

static bool
starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

size_t
text_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += starts_character(*s);
	return n;
}

void
text_cut(struct str *s, size_t columns)
{
	size_t n = 0;

	for (size_t i = 0; i < s->len; i++) {
		if (!starts_character(s->p[i]) || n++ < columns)
			continue;
		s->len = i;
		s->p[i] = '\0';
		return;
	}
}

void
text_clean(struct str *out, const char *s)
{
	for (; *s; s++)
		str_addc(out, (unsigned char)*s < 32 || *s == 127 ? '?' : *s);
}
