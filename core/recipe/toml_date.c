/* SPDX-License-Identifier: GPL-3.0-only */
/* Dates and times as RFC 3339 writes them; each part is checked, none is converted. */
#include "recipe/toml_scan.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

struct cut {
	const char *s, *end;
};

static bool
is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return true;
}

bool
date_like(const char *s, size_t n)
{
	return (n >= 5 && is_digits(s, 4) && s[4] == '-') ||
		(n >= 3 && is_digits(s, 2) && s[2] == ':');
}

static bool
take_char(struct cut *c, const char *any)
{
	if (c->s == c->end || !strchr(any, *c->s))
		return false;
	c->s++;
	return true;
}

static bool
take_number(struct cut *c, size_t digits, int low, int high, int *out)
{
	*out = 0;
	if ((size_t)(c->end - c->s) < digits || !is_digits(c->s, digits))
		return false;
	for (size_t i = 0; i < digits; i++)
		*out = *out * 10 + (*c->s++ - '0');
	return *out >= low && *out <= high;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
take_date(struct cut *c)
{
	int year, month, day;

	return take_number(c, 4, 0, 9999, &year) && take_char(c, "-") &&
		take_number(c, 2, 1, 12, &month) && take_char(c, "-") &&
		take_number(c, 2, 1, month_days(year, month), &day);
}

/* RFC 3339 knows second 60, a leap second. */
static bool
take_time(struct cut *c)
{
	const char *from;
	int part;

	if (!take_number(c, 2, 0, 23, &part) || !take_char(c, ":") ||
		!take_number(c, 2, 0, 59, &part) || !take_char(c, ":") ||
		!take_number(c, 2, 0, 60, &part))
		return false;
	if (!take_char(c, "."))
		return true;
	for (from = c->s; c->s < c->end && isdigit((unsigned char)*c->s);)
		c->s++;
	return c->s > from;
}

static bool
take_offset(struct cut *c)
{
	int part;

	if (take_char(c, "Zz"))
		return true;
	return take_char(c, "+-") && take_number(c, 2, 0, 23, &part) && take_char(c, ":") &&
		take_number(c, 2, 0, 59, &part);
}

/* 0 if the whole text is none of the four kinds. */
static int
date_kind(const char *s, size_t n)
{
	struct cut c = { s, s + n };

	if (n > 2 && s[2] == ':')
		return take_time(&c) && c.s == c.end ? DT_TIME : 0;
	if (!take_date(&c))
		return 0;
	if (c.s == c.end)
		return DT_DATE;
	if (!take_char(&c, "Tt ") || !take_time(&c))
		return 0;
	if (c.s == c.end)
		return DT_LOCAL;
	return take_offset(&c) && c.s == c.end ? DT_OFFSET : 0;
}

struct value *
date_value(struct scan *sc, const char *s, size_t n, struct pos pos)
{
	int kind = date_kind(s, n);
	struct value *v;

	if (!kind) {
		diag_error(sc->diags, pos, "%.*s is no date or time", (int)n, s);
		diag_hint(sc->diags,
			"they look like 2024-02-29, 23:59:00 or 2024-02-29T23:59:00Z");
		return NULL;
	}
	v = value_string(s, n, pos);
	v->kind = VALUE_DATETIME;
	v->datetime_kind = kind;
	if (kind != DT_TIME && n > 10)
		v->string.s[10] = 'T';
	if (v->string.s[n - 1] == 'z')
		v->string.s[n - 1] = 'Z';
	return v;
}
