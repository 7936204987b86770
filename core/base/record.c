/* SPDX-License-Identifier: GPL-3.0-only */
/* The text form is canonical: one record has exactly one spelling, so it can be hashed. */
#include "base/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
push(struct record *r, char *name, char *value)
{
	if (r->len == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 16;
		r->fields = xreallocarray(r->fields, r->cap, sizeof(*r->fields));
	}
	r->fields[r->len++] = (struct field){ name, value };
}

void
record_add(struct record *r, const char *name, const char *value)
{
	push(r, xstrdup(name), xstrdup(value));
}

void
record_addf(struct record *r, const char *name, const char *fmt, ...)
{
	struct str s = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&s, fmt, ap);
	va_end(ap);
	push(r, xstrdup(name), str_take(&s));
}

void
record_add_int(struct record *r, const char *name, int64_t value)
{
	record_addf(r, name, "%" PRId64, value);
}

const char *
record_get_nth(const struct record *r, const char *name, size_t i)
{
	for (size_t k = 0; k < r->len; k++)
		if (streq(r->fields[k].name, name) && i-- == 0)
			return r->fields[k].value;
	return NULL;
}

const char *
record_get(const struct record *r, const char *name)
{
	return record_get_nth(r, name, 0);
}

int64_t
record_get_int(const struct record *r, const char *name, int64_t fallback)
{
	const char *s = record_get(r, name);
	char *end;
	long long n;

	if (!s || !*s)
		return fallback;
	errno = 0;
	n = strtoll(s, &end, 10);
	return *end || errno ? fallback : n;
}

static int
by_name(const void *a, const void *b)
{
	const struct field *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : strcmp(x->value, y->value);
}

void
record_sort(struct record *r)
{
	if (r->len)
		qsort(r->fields, r->len, sizeof(*r->fields), by_name);
}

static void
write_value(struct str *out, const char *s)
{
	size_t n;

	while (n = strcspn(s, "\\\n"), str_addn(out, s, n), s += n, *s) {
		str_add(out, *s == '\n' ? "\\n" : "\\\\");
		s++;
	}
}

void
record_write(const struct record *r, struct str *out)
{
	for (size_t i = 0; i < r->len; i++) {
		str_add(out, r->fields[i].name);
		str_addc(out, '=');
		write_value(out, r->fields[i].value);
		str_addc(out, '\n');
	}
}

/* Undoes write_value; NULL on a bad escape. */
static char *
read_value(const char *s, size_t n)
{
	struct str out = STR_INIT;

	if (!memchr(s, '\\', n))
		return xstrndup(s, n);
	for (size_t i = 0; i < n; i++) {
		if (s[i] != '\\') {
			str_addc(&out, s[i]);
			continue;
		}
		if (++i == n || (s[i] != 'n' && s[i] != '\\')) {
			str_release(&out);
			return NULL;
		}
		str_addc(&out, s[i] == 'n' ? '\n' : '\\');
	}
	return str_take(&out);
}

static int
parse_line(struct record *r, const char *line, size_t n)
{
	const char *eq = memchr(line, '=', n);
	char *value;

	if (!eq || eq == line || memchr(line, '\0', n))
		return -1;
	value = read_value(eq + 1, n - (size_t)(eq + 1 - line));
	if (!value)
		return -1;
	push(r, xstrndup(line, (size_t)(eq - line)), value);
	return 0;
}

int
record_parse(struct record *r, const char *text, size_t len, struct err *err)
{
	size_t number = 1;

	for (const char *end; len; number++) {
		end = memchr(text, '\n', len);
		if (!end || parse_line(r, text, (size_t)(end - text)) < 0)
			return err_set(err, "record: line %zu is malformed", number);
		len -= (size_t)(end + 1 - text);
		text = end + 1;
	}
	return 0;
}

void
record_release(struct record *r)
{
	for (size_t i = 0; i < r->len; i++) {
		free(r->fields[i].name);
		free(r->fields[i].value);
	}
	free(r->fields);
	*r = (struct record)RECORD_INIT;
}
