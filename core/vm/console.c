/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why lines are cleaned first: firmware draws on the serial console as on a
 * terminal, and a log must not move a person's cursor.
 */
#include "vm/console.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
line_end(struct console *console)
{
	console->line[console->used] = '\0';
	console->used = 0;
	if (console->on_line)
		console->on_line(console->owner, console->line);
	console->line[0] = '\0';
}

void
console_flush(struct console *console)
{
	if (console->used > 0)
		line_end(console);
}

/*
 * Control sequences are ESC, then one byte, or ESC [ parameters letter. A letter
 * of H or f moves the cursor, which on paper is a new line.
 */
enum { PLAIN, ESCAPE, PARAMETERS };

static void
escaped(struct console *console, unsigned char c)
{
	if (console->escape == ESCAPE) {
		console->escape = c == '[' ? PARAMETERS : PLAIN;
	} else if (c >= 0x40 && c <= 0x7e) {
		console->escape = PLAIN;
		if (c == 'H' || c == 'f')
			console_flush(console);
	}
}

static void
feed_byte(struct console *console, unsigned char c)
{
	if (c == 0x1b) {
		console->escape = ESCAPE;
	} else if (c == '\n') {
		console->escape = PLAIN;
		line_end(console);
	} else if (console->escape != PLAIN) {
		escaped(console, c);
	} else if ((c >= 0x20 && c != 0x7f) || c == '\t') {
		if (console->used == CONSOLE_LINE_MAX - 1)
			line_end(console);
		console->line[console->used++] = (char)c;
		console->line[console->used] = '\0';
	}
}

void
console_feed(struct console *console, const char *data, size_t size)
{
	console->bytes += size;
	for (size_t i = 0; i < size; i++)
		feed_byte(console, (unsigned char)data[i]);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %HH in place. An escaped control character stays a blank: values are printed. */
static bool
unescape(char *text)
{
	char *out = text;

	for (; *text; text++) {
		int c = (unsigned char)*text;

		if (c == '%') {
			int high = hex(text[1]), low = high < 0 ? -1 : hex(text[2]);

			if (low < 0)
				return false;
			c = high * 16 + low;
			text += 2;
		}
		*out++ = (char)(c < 0x20 || c == 0x7f ? ' ' : c);
	}
	*out = '\0';
	return true;
}

/* Takes one field at p. Returns where the next begins ("" for none), NULL if wrong. */
static char *
take_field(char *p, struct record *record)
{
	char *name = p, *value, *end;

	while (islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '_')
		p++;
	if (p == name || *p != '=')
		return NULL;
	*p++ = '\0';
	value = p;
	if (strcmp(name, "text") == 0) {
		record->text = value;
		return unescape(value) ? p + strlen(p) : NULL;
	}
	end = value + strcspn(value, " ");
	p = *end ? end + 1 : end;
	*end = '\0';
	if (!unescape(value))
		return NULL;
	if (record->count < RECORD_FIELDS_MAX) {
		record->field[record->count].name = name;
		record->field[record->count++].value = value;
	}
	return p;
}

bool
record_parse(char *line, struct record *record)
{
	static const char prefix[] = "msmv: ";
	const char *version;
	char *p;

	*record = (struct record){ .type = NULL };
	if (strncmp(line, prefix, sizeof(prefix) - 1) != 0)
		return false;
	record->type = p = line + sizeof(prefix) - 1;
	while (islower((unsigned char)*p))
		p++;
	if (p == record->type || *p != ' ')
		return false;
	*p++ = '\0';
	while (p && *p)
		p = take_field(p, record);
	version = record_get(record, "v");
	return p && version && strcmp(version, "1") == 0;
}

const char *
record_get(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++)
		if (strcmp(record->field[i].name, name) == 0)
			return record->field[i].value;
	return NULL;
}

int64_t
record_int(const struct record *record, const char *name, int64_t other)
{
	const char *text = record_get(record, name);
	long long value;
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return other;
	errno = 0;
	value = strtoll(text, &end, 10);
	return *end || errno ? other : value;
}

/*
 * die() on every architecture ends its headline with a hexadecimal error code and
 * a count, "Oops: 0002 [#1] SMP". The words before differ, and an application may
 * print "Oops:" as it likes; nobody prints this by chance.
 */
static bool
is_oops(const char *line)
{
	const char *end = strstr(line, " [#"), *p = end;

	if (!end || !isdigit((unsigned char)end[3]))
		return false;
	while (p > line && isxdigit((unsigned char)p[-1]))
		p--;
	return p < end && p - line >= 2 && p[-1] == ' ' && p[-2] == ':';
}

/*
 * Behind what printk puts before a line, where it does: the time, and who said it
 * ("[    1.234567][    T1] ").
 */
static const char *
behind_stamp(const char *line)
{
	const char *p = line;

	while (*p == '[') {
		size_t n = 1 + strspn(p + 1, " .TC0123456789");

		if (p[n] != ']')
			return line;
		p += n + 1;
	}
	return p > line && *p == ' ' ? p + 1 : line;
}

/* Each begins its lines with them; who tells of such an end has the words in a line's midst. */
enum last_words
console_last_words(const char *line)
{
	static const struct {
		const char *text;
		enum last_words words;
		bool kernel; /* which may put a stamp before it */
	} table[] = {
		{ "Kernel panic - not syncing", WORDS_PANIC, true },
		{ "reboot: System halted", WORDS_HALTED, true },
		{ "UEFI Interactive Shell v", WORDS_FIRMWARE, false },
		{ "BdsDxe: No bootable option or device was found", WORDS_FIRMWARE, false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strncmp(table[i].kernel ? behind_stamp(line) : line, table[i].text,
		            strlen(table[i].text)) == 0)
			return table[i].words;
	return is_oops(line) ? WORDS_OOPS : WORDS_NONE;
}

bool
console_is_kernel(const char *line)
{
	static const char *const starts[] = { "Linux version ", "EFI stub: " };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(line, starts[i], strlen(starts[i])) == 0)
			return true;
	return behind_stamp(line) != line;
}
