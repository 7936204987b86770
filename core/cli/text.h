/* SPDX-License-Identifier: GPL-3.0-only */
/* Numbers as a person reads them, and text that fits a line. */
#ifndef MSMV_CLI_TEXT_H
#define MSMV_CLI_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

void text_size(struct str *out, uint64_t bytes);        /* "131.6 MB", powers of 1000 */
void text_duration(struct str *out, int64_t ms);        /* "0.94 s", "1:12", "1:02:03" */
/* Columns that a UTF-8 text takes, one a character. */
size_t text_width(const char *s);
/* Cuts a UTF-8 text to so many columns. */
void text_cut(struct str *s, size_t columns);
/* Control characters become '?': what a plugin says must not drive the terminal. */
void text_clean(struct str *out, const char *s);
/* The same, but line ends stay. */
void text_clean_lines(struct str *out, const char *s);

#endif
