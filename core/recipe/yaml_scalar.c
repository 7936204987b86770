/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a value without quotes is. The core schema of YAML 1.2 knows true and false,
 * whole numbers in three bases, fractions and null; everything else is text, which is
 * what "n" of a kernel option and "6.1.2" of a version are meant to be.
 */
#include "recipe/yaml_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct word {
	const char *text;
	double real; /* also: which boolean */
	enum value_kind kind;
	bool null;
};

static const struct word words[] = {
	{ "true", 1, VALUE_BOOL, false }, { "True", 1, VALUE_BOOL, false },
	{ "TRUE", 1, VALUE_BOOL, false }, { "false", 0, VALUE_BOOL, false },
	{ "False", 0, VALUE_BOOL, false }, { "FALSE", 0, VALUE_BOOL, false },
	{ "", 0, VALUE_STRING, true }, { "~", 0, VALUE_STRING, true },
	{ "null", 0, VALUE_STRING, true }, { "Null", 0, VALUE_STRING, true },
	{ "NULL", 0, VALUE_STRING, true },
	{ ".inf", HUGE_VAL, VALUE_FLOAT, false }, { ".Inf", HUGE_VAL, VALUE_FLOAT, false },
	{ ".INF", HUGE_VAL, VALUE_FLOAT, false }, { "+.inf", HUGE_VAL, VALUE_FLOAT, false },
	{ "+.Inf", HUGE_VAL, VALUE_FLOAT, false }, { "+.INF", HUGE_VAL, VALUE_FLOAT, false },
	{ "-.inf", -HUGE_VAL, VALUE_FLOAT, false },
	{ "-.Inf", -HUGE_VAL, VALUE_FLOAT, false },
	{ "-.INF", -HUGE_VAL, VALUE_FLOAT, false },
	{ ".nan", (double)NAN, VALUE_FLOAT, false },
	{ ".NaN", (double)NAN, VALUE_FLOAT, false },
	{ ".NAN", (double)NAN, VALUE_FLOAT, false },
};

static const struct word *
find_word(const char *s, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i].text) == len && memcmp(words[i].text, s, len) == 0)
			return &words[i];
	return NULL;
}

static const char *
digits(const char *s)
{
	return s + strspn(s, "0123456789");
}

/* [-+]?[0-9]+, 0o[0-7]+, 0x[0-9a-fA-F]+ */
static bool
is_whole(const char *s)
{
	if (s[0] == '0' && s[1] == 'o' && s[2])
		return !s[2 + strspn(s + 2, "01234567")];
	if (s[0] == '0' && s[1] == 'x' && s[2])
		return !s[2 + strspn(s + 2, "0123456789abcdefABCDEF")];
	s += *s == '-' || *s == '+';
	return *s && !*digits(s);
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool
is_fraction(const char *s)
{
	const char *from;

	s += *s == '-' || *s == '+';
	from = s;
	s = digits(s);
	if (*s == '.' && (s > from || (s[1] >= '0' && s[1] <= '9')))
		s = digits(s + 1);
	if (s == from)
		return false;
	if (*s != 'e' && *s != 'E')
		return !*s;
	s++;
	s += *s == '-' || *s == '+';
	return *s && !*digits(s);
}

enum value_kind
yaml_plain_kind(const char *s, size_t len, bool *null)
{
	const struct word *w = find_word(s, len);

	*null = w && w->null;
	if (w)
		return w->kind;
	if (strlen(s) != len)
		return VALUE_STRING;
	return is_whole(s) ? VALUE_INT : is_fraction(s) ? VALUE_FLOAT : VALUE_STRING;
}

static struct value *
whole(const char *s, struct pos pos, struct diags *diags)
{
	bool octal = s[0] == '0' && s[1] == 'o';
	int base = octal ? 8 : s[0] == '0' && s[1] == 'x' ? 16 : 10;
	struct value *v;
	long long n;

	errno = 0;
	n = strtoll(octal ? s + 2 : s, NULL, base);
	if (errno) {
		diag_error(diags, pos, "%.40s does not fit 64 bits", s);
		return NULL;
	}
	v = value_new(VALUE_INT, pos);
	v->integer = n;
	return v;
}

struct value *
yaml_scalar(const char *s, size_t len, struct pos pos, struct diags *diags)
{
	const struct word *w = find_word(s, len);
	bool null;
	enum value_kind kind = yaml_plain_kind(s, len, &null);
	struct value *v;

	if (null) {
		diag_error(diags, pos, len ? "%s is no value here" : "a value is wanted here%s",
			len ? s : "");
		diag_hint(diags, "\"\" is an empty text, {} an empty table, [] an empty list");
		return NULL;
	}
	if (kind == VALUE_STRING)
		return value_string(s, len, pos);
	if (kind == VALUE_INT)
		return whole(s, pos, diags);
	v = value_new(kind, pos);
	if (kind == VALUE_BOOL)
		v->boolean = w->real > 0;
	else
		v->real = w ? w->real : strtod(s, NULL);
	return v;
}
