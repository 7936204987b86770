/* SPDX-License-Identifier: GPL-3.0-only */
/* The guest's console: descriptors 0, 1 and 2 for everybody, and init's own way to it. */
#ifndef INIT_CONSOLE_H
#define INIT_CONSOLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct line;

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Makes 0, 1 and 2 usable, whatever there is in /dev. Never fails. */
void console_open(void);
/* From now on others write to the console too, so its column is unknown. */
void console_shared(void);
/* Writes one line that starts at column 0, with the kernel's messages held back. */
void console_record(const struct line *);

/* Init's descriptor of it, to be polled, and a write there that never waits. */
int console_fd(void);
ssize_t console_write(const char *text, size_t size);
/* Writes all of it; -1 if the console does not take it for a second. */
int console_copy(const char *text, size_t size);

void log_set_level(enum log_level);
/* "error", "warn", "info" or "debug"; -1 if the name is none of them. */
int log_level_named(const char *name);
void log_msg(enum log_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Microseconds of CLOCK_MONOTONIC or CLOCK_BOOTTIME. */
uint64_t clock_us(int clock);

#endif
