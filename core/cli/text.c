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
	str_addf(out, n < 99.95 && u > 0 ? "%.1f %s" : n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[u]);
}

void
text_duration(struct str *out, int64_t ms)
{
	int64_t s = (ms + 500) / 1000;

	if (ms < 9950)
		str_addf(out, "%.*f s", ms < 995 ? 2 : 1, (double)ms / 1000);
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

static void
clean(struct str *out, const char *s, char kept)
{
	for (; *s; s++) {
		const unsigned char *c = (const unsigned char *)s;
		bool high = c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0; /* in UTF-8 */
		bool bad = c[0] < 32 || c[0] == 127 || high;

		str_addc(out, bad && *s != kept ? '?' : *s);
		s += high;
	}
}

void
text_clean(struct str *out, const char *s)
{
	clean(out, s, '?');
}

void
text_clean_lines(struct str *out, const char *s)
{
	clean(out, s, '\n');
}
