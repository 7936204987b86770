/* SPDX-License-Identifier: GPL-3.0-only */
/* Errors travel up as a text that each layer may put a word before. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static char *format(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static char *
format(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		s = xstrdup(fmt);
	return s;
}

static void
keep(struct err *err, int code, char *msg)
{
	if (!err || err->msg) {
		free(msg);
		return;
	}
	err->code = code;
	err->msg = msg;
}

int
err_set(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep(err, 0, format(fmt, ap));
	va_end(ap);
	return -1;
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	int code = errno;
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	keep(err, code, xasprintf("%s: %s", text, strerror(code)));
	errno = code;
	return -1;
}

int
err_reason(struct err *err, int code)
{
	keep(err, code, xstrdup(strerror(code)));
	return -1;
}

int
err_wrap(struct err *err, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	cleanup_free char *old = NULL;
	va_list ap;

	if (!err || !err->msg)
		return -1;
	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	old = err->msg;
	err->msg = xasprintf("%s: %s", text, old);
	return -1;
}

void
err_clear(struct err *err)
{
	free(err->msg);
	err->msg = NULL;
	err->code = 0;
}

const char *
err_msg(const struct err *err)
{
	return err && err->msg ? err->msg : "no cause recorded";
}
