/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Log lines are short, but the state of an interface is not: init's lines end at 1 KB.
 * stdio would double the size of the program.
 */
#include "out.h"

void
out_init(struct out *o, char *text, size_t room)
{
	*o = (struct out){.text = text, .room = room};
	text[0] = '\0';
}

void
out_byte(struct out *o, char c)
{
	if (o->len + 1 >= o->room) {
		o->cut = 1;
		return;
	}
	o->text[o->len++] = c;
	o->text[o->len] = '\0';
}

void
out_str(struct out *o, const char *s)
{
	while (*s != '\0')
		out_byte(o, *s++);
}

void
out_num(struct out *o, uint64_t value)
{
	char digits[20];
	int n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	while (n > 0)
		out_byte(o, digits[--n]);
}

static void
out_int(struct out *o, int value)
{
	if (value < 0)
		out_byte(o, '-');
	out_num(o, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void
out_vfmt(struct out *o, const char *fmt, va_list ap)
{
	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%' || fmt[1] == '\0') {
			out_byte(o, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == 's')
			out_str(o, va_arg(ap, const char *));
		else if (*fmt == 'd')
			out_int(o, va_arg(ap, int));
		else if (*fmt == 'u')
			out_num(o, va_arg(ap, unsigned int));
		else
			out_byte(o, *fmt);
	}
}

void
out_fmt(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	out_vfmt(o, fmt, ap);
	va_end(ap);
}
