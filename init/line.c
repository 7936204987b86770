/* SPDX-License-Identifier: GPL-3.0-only */
/* Log lines and records in a fixed buffer: saying something can never fail or allocate.
 */
#include "line.h"

void
line_clear(struct line *l)
{
	l->len = 0;
	l->text[0] = '\0';
}

void
line_byte(struct line *l, char c)
{
	if (l->len >= LINE_MAX_TEXT)
		return;
	l->text[l->len++] = c;
	l->text[l->len] = '\0';
}

void
line_str(struct line *l, const char *s)
{
	while (*s != '\0')
		line_byte(l, *s++);
}

void
line_num(struct line *l, uint64_t value, int width)
{
	char digits[20];
	int n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	for (int i = n; i < width; i++)
		line_byte(l, '0');
	while (n > 0)
		line_byte(l, digits[--n]);
}

static void
line_int(struct line *l, int value)
{
	if (value < 0)
		line_byte(l, '-');
	line_num(l, value < 0 ? -(uint64_t)value : (uint64_t)value, 0);
}

void
line_escaped(struct line *l, const char *s, int blanks)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		size_t need = 3;

		if (c != '%' && c < 0x7f && c >= (blanks ? 0x20 : 0x21))
			need = 1;
		/* Half an escape would be read as something else. */
		if (l->len + need > LINE_MAX_TEXT)
			return;
		if (need == 1) {
			line_byte(l, (char)c);
			continue;
		}
		line_byte(l, '%');
		line_byte(l, hex[c >> 4]);
		line_byte(l, hex[c & 15]);
	}
}

void
line_vfmt(struct line *l, const char *fmt, va_list ap)
{
	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%' || fmt[1] == '\0') {
			line_byte(l, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == 's')
			line_str(l, va_arg(ap, const char *));
		else if (*fmt == 'd')
			line_int(l, va_arg(ap, int));
		else if (*fmt == 'u')
			line_num(l, va_arg(ap, unsigned int), 0);
		else
			line_byte(l, *fmt);
	}
}

void
line_fmt(struct line *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_vfmt(l, fmt, ap);
	va_end(ap);
}
