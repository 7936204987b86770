/* SPDX-License-Identifier: GPL-3.0-only */
/* The list of problems: bounded, since one slip in a recipe can cause thousands. */
#include "recipe/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"

int
diags_source(struct diags *d, const char *file, const char *text, size_t len)
{
	return sources_add(&d->sources, file, text, len);
}

/* Words that all suggestions of one recipe may look at, about. */
enum { SUGGEST_WORK = 20000 };

static void vadd(struct diags *d, enum diag_severity severity, struct pos pos,
	const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

static void
vadd(struct diags *d, enum diag_severity severity, struct pos pos, const char *fmt,
	va_list ap)
{
	struct diag one = { severity, pos, NULL, NULL };
	struct str message = STR_INIT;

	if (severity == DIAG_ERROR)
		d->errors++;
	else
		d->warnings++;
	if (diags_full(d))
		return;
	str_vaddf(&message, fmt, ap);
	one.message = str_take(&message);
	vec_push(&d->list, one);
}

int
diag_add(struct diags *d, enum diag_severity severity, struct pos pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(d, severity, pos, fmt, ap);
	va_end(ap);
	return -1;
}

int
diag_error(struct diags *d, struct pos pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(d, DIAG_ERROR, pos, fmt, ap);
	va_end(ap);
	return -1;
}

int
diag_file(struct diags *d, const char *file, const struct err *err)
{
	struct pos whole = POS_NONE;

	whole.file = diags_source(d, file, NULL, 0);
	return diag_error(d, whole, "%s", err_msg(err));
}

void
diag_warning(struct diags *d, struct pos pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(d, DIAG_WARNING, pos, fmt, ap);
	va_end(ap);
}

void
diag_hint(struct diags *d, const char *fmt, ...)
{
	struct str hint = STR_INIT;
	struct diag *last;
	va_list ap;

	if (!d->list.len || diags_full(d))
		return;
	last = &d->list.v[d->list.len - 1];
	if (last->hint)
		str_addf(&hint, "%s\n", last->hint);
	free(last->hint);
	va_start(ap, fmt);
	str_vaddf(&hint, fmt, ap);
	va_end(ap);
	last->hint = str_take(&hint);
}

bool
diags_failed(const struct diags *d)
{
	return d->errors > 0;
}

static bool
after(const struct pos *a, const struct pos *b)
{
	if (a->file != b->file)
		return a->file > b->file;
	return a->line != b->line ? a->line > b->line : a->column > b->column;
}

void
diags_sort(struct diags *d, size_t first)
{
	for (size_t i = first + 1; i < d->list.len; i++) {
		struct diag it = d->list.v[i];
		size_t k = i;

		for (; k > first && after(&d->list.v[k - 1].pos, &it.pos); k--)
			d->list.v[k] = d->list.v[k - 1];
		d->list.v[k] = it;
	}
}

static void
empty(struct diags *d)
{
	for (size_t i = 0; i < d->list.len; i++) {
		free(d->list.v[i].message);
		free(d->list.v[i].hint);
	}
	vec_release(&d->list);
	d->errors = d->warnings = 0;
}

static bool
is_known(const struct diags *to, const struct diag *one)
{
	for (size_t i = 0; i < to->list.len; i++) {
		const struct diag *d = &to->list.v[i];

		if (d->pos.file == one->pos.file && d->pos.line == one->pos.line &&
			d->pos.column == one->pos.column &&
			d->severity == one->severity && streq(d->message, one->message))
			return true;
	}
	return false;
}

static void
keep(struct diags *d, struct diag *one)
{
	struct diag kept = *one;

	one->message = one->hint = NULL;
	vec_push(&d->list, kept);
}

/* The lists are short by their limit. */
void
diags_join(struct diags *to, struct diags *from)
{
	size_t hidden = from->errors + from->warnings - from->list.len;

	for (size_t i = 0; i < from->list.len; i++) {
		struct diag *one = &from->list.v[i];

		if (is_known(to, one))
			continue;
		if (one->severity == DIAG_ERROR)
			to->errors++;
		else
			to->warnings++;
		if (to->list.len < DIAGS_LIMIT)
			keep(to, one);
	}
	to->errors += hidden;
	empty(from);
}

bool
diags_full(const struct diags *d)
{
	return d->errors + d->warnings > DIAGS_LIMIT;
}

const char *
diags_suggest(const struct diags *d, const char *word, const char *const *known, size_t n)
{
	size_t before = d->errors + d->warnings;

	if (before >= DIAGS_LIMIT || before * n > SUGGEST_WORK)
		return NULL;
	return suggest(word, known, n);
}

int
diags_err(const struct diags *d, struct err *err)
{
	cleanup_free char *text = NULL;
	size_t n;

	if (!diags_failed(d))
		return 0;
	text = diags_text(d);
	n = strlen(text);
	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	return err_set(err, "%s", text);
}

void
diags_release(struct diags *d)
{
	empty(d);
	sources_release(&d->sources);
	*d = (struct diags)DIAGS_INIT;
}
