/* SPDX-License-Identifier: GPL-3.0-only */
/* Booleans and numbers. Digits are checked by hand, since strtod takes far too much. */
#include "recipe/toml_scan.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"

#define SHOWN 40 /* bytes of a wrong word that a message repeats */

/* A word of the text on its way to a number. */
struct word {
	const char *s, *end;
	struct pos pos;
	struct str clean; /* what was taken so far, without '_' */
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_+-.:", c)) ||
		(unsigned char)c >= 0x80;
}

static size_t
word_length(const struct scan *sc)
{
	size_t n = 0;

	while (is_word(scan_ahead(sc, n)))
		n++;
	/* A date and its time may stand apart. */
	if (n == 10 && date_like(sc->s, n) && scan_ahead(sc, n) == ' ' &&
		isdigit((unsigned char)scan_ahead(sc, n + 1)))
		for (n++; is_word(scan_ahead(sc, n));)
			n++;
	return n;
}

static int
digit_of(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : 99;
}

/* One digit or more, single '_' only between two of them. */
static bool
take_digits(struct word *w, int base)
{
	const char *from = w->s;

	while (w->s < w->end) {
		if (*w->s == '_' && w->s > from && w->s[-1] != '_') {
			w->s++;
			continue;
		}
		if (digit_of(*w->s) >= base)
			break;
		str_addc(&w->clean, *w->s++);
	}
	return w->s > from && w->s[-1] != '_';
}

static bool
take_any(struct word *w, const char *any)
{
	if (w->s == w->end || !strchr(any, *w->s))
		return false;
	str_addc(&w->clean, *w->s++);
	return true;
}

static const char no_number[] = "is no number";

/* What is wrong, or NULL if the word is a number; *real if it has a fraction. */
static const char *
check_decimal(struct word *w, bool *real)
{
	const char *from;

	take_any(w, "+-");
	from = w->s;
	if (!take_digits(w, 10))
		return no_number;
	if (*from == '0' && w->s > from + 1)
		return "begins with a 0; decimal numbers do not";
	*real = w->s < w->end;
	if (take_any(w, ".") && !take_digits(w, 10))
		return "wants digits on both sides of the '.'";
	if (take_any(w, "eE")) {
		take_any(w, "+-");
		if (!take_digits(w, 10))
			return "wants digits after the 'e'";
	}
	return w->s == w->end ? NULL : no_number;
}

static struct value *
wrong_number(struct scan *sc, const struct word *w, const char *from, const char *why)
{
	size_t n = (size_t)(w->end - from);

	diag_error(sc->diags, w->pos, "%.*s%s %s", n > SHOWN ? SHOWN : (int)n, from,
		n > SHOWN ? "..." : "", why);
	if (why == no_number)
		diag_hint(sc->diags, "a text stands in quotes");
	return NULL;
}

static struct value *
integer(struct scan *sc, const struct word *w, const char *from, int base)
{
	struct value *v;
	long long n;

	errno = 0;
	n = strtoll(str_text(&w->clean), NULL, base);
	if (errno)
		return wrong_number(sc, w, from, "does not fit 64 bits");
	v = value_new(VALUE_INT, w->pos);
	v->integer = n;
	return v;
}

/* The point is '.' whatever the locale of the process is. */
static struct value *
real_number(const struct word *w)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	struct value *v = value_new(VALUE_FLOAT, w->pos);

	v->real = strtod_l(str_text(&w->clean), NULL, c);
	freelocale(c);
	return v;
}

static struct value *
number(struct scan *sc, struct word *w)
{
	static const struct {
		char letter;
		int base;
	} bases[] = { { 'x', 16 }, { 'o', 8 }, { 'b', 2 } };
	const char *from = w->s, *why;
	bool real = false;

	for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
		if (w->end - w->s < 2 || w->s[0] != '0' || w->s[1] != bases[i].letter)
			continue;
		w->s += 2;
		if (!take_digits(w, bases[i].base) || w->s < w->end)
			return wrong_number(sc, w, from, no_number);
		return integer(sc, w, from, bases[i].base);
	}
	why = check_decimal(w, &real);
	if (why)
		return wrong_number(sc, w, from, why);
	return real ? real_number(w) : integer(sc, w, from, 10);
}

static bool
word_is(const struct word *w, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(w->end - w->s) == n && memcmp(w->s, text, n) == 0;
}

/* true, false, and the floats that are words; NULL if it is none of them. */
static struct value *
named_value(const struct word *w)
{
	static const struct {
		const char *name;
		double value;
	} reals[] = {
		{ "inf", (double)INFINITY },
		{ "+inf", (double)INFINITY },
		{ "-inf", -(double)INFINITY },
		{ "nan", (double)NAN },
		{ "+nan", (double)NAN },
		{ "-nan", -(double)NAN },
	};
	struct value *v;

	if (word_is(w, "true") || word_is(w, "false")) {
		v = value_new(VALUE_BOOL, w->pos);
		v->boolean = *w->s == 't';
		return v;
	}
	for (size_t i = 0; i < ARRAY_LEN(reals); i++) {
		if (!word_is(w, reals[i].name))
			continue;
		v = value_new(VALUE_FLOAT, w->pos);
		v->real = reals[i].value;
		return v;
	}
	return NULL;
}

static struct value *
wrong_word(struct scan *sc, const struct word *w)
{
	static const char *const known[] = { "true", "false" };
	size_t n = (size_t)(w->end - w->s);
	cleanup_free char *word = xstrndup(w->s, n > SHOWN ? SHOWN : n);
	const char *near = n > SHOWN ? NULL : suggest(word, known, ARRAY_LEN(known));

	wrong_number(sc, w, w->s, "is no value; a text stands in quotes");
	if (near)
		diag_hint(sc->diags, "did you mean %s?", near);
	return NULL;
}

struct value *
scan_scalar(struct scan *sc)
{
	struct word w = { sc->s, sc->s + word_length(sc), scan_pos(sc), STR_INIT };
	struct value *v;

	if (w.s == w.end) {
		scan_wants(sc, "a value");
		return NULL;
	}
	sc->s = w.end;
	v = named_value(&w);
	if (!v && date_like(w.s, (size_t)(w.end - w.s)))
		v = date_value(sc, w.s, (size_t)(w.end - w.s), w.pos);
	else if (!v && strchr("+-0123456789", *w.s))
		v = number(sc, &w);
	else if (!v)
		v = wrong_word(sc, &w);
	str_release(&w.clean);
	return v;
}
