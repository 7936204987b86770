/* SPDX-License-Identifier: GPL-3.0-only */
/* What the two files of life share, and nobody else needs. */
#ifndef VM_LIFE_PART_H
#define VM_LIFE_PART_H

#include <stddef.h>

#include "vm/life.h"

/* News for the owner; more is taken over. */
void life_tell(const struct life *l, const char *event, json_t *more);
/* JSON holds Unicode only; what a guest or QEMU says may be any bytes, cut anywhere. */
void life_only_ascii(char *text);
void life_say(char *to, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
