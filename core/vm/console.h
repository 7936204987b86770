/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the guest prints, cut into lines a person can read, and what the lines say:
 * the records of the guest's init (its grammar is in init/README.md) and a kernel's
 * last words. Knows nothing of QEMU.
 */
#ifndef VM_CONSOLE_H
#define VM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONSOLE_LINE_MAX = 4096, RECORD_FIELDS_MAX = 16 };

/* "msmv: exit v=1 app=hello code=0". The strings point into the parsed text. */
struct record {
	const char *type;
	size_t count;
	struct {
		const char *name, *value;
	} field[RECORD_FIELDS_MAX];
	const char *text; /* the last field, or NULL */
};

/* Cuts line up. False if it is not a record, or one of a version not known here. */
bool record_parse(char *line, struct record *record);
/* The field's value, or NULL. */
const char *record_get(const struct record *record, const char *name);
/* The field as a number, or other when it is missing or no number. */
int64_t record_int(const struct record *record, const char *name, int64_t other);

enum last_words { WORDS_NONE, WORDS_PANIC, WORDS_OOPS, WORDS_FIRMWARE, WORDS_HALTED };

/* Whether this line says that a kernel, or the firmware before it, is at its end. */
enum last_words console_last_words(const char *line);

/* Whether a kernel prints such a line, which so is started. */
bool console_is_kernel(const char *line);

struct console {
	char line[CONSOLE_LINE_MAX]; /* of the line that is not ended yet; NUL at used */
	size_t used;
	int escape;     /* inside a terminal's control sequence: its state */
	uint64_t bytes; /* received so far */
	/* One line without its end, printable; the function may change it. */
	void (*on_line)(void *owner, char *line);
	void *owner;
};

void console_feed(struct console *console, const char *data, size_t size);
/* Hands over what stands in the last line although it has no end. */
void console_flush(struct console *console);

#endif
