/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Files that a person wrote and goes on writing. Functions return 0, or -1 with the
 * cause alone in err: the caller says which file.
 */
#ifndef MSMV_BASE_TEXT_FILE_H
#define MSMV_BASE_TEXT_FILE_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The whole file, at most limit bytes; "-" for standard input. What is no regular file
 * is refused at once: a pipe without a writer would never end.
 */
int text_file_read(const char *path, size_t limit, struct str *out, struct err *err);
/*
 * Puts other bytes into it, all or none. It stays the file that it was: where a symbolic
 * link leads, with its mode and owner; read-only files stay alone. Made if absent.
 */
int text_file_write(const char *path, const void *data, size_t n, struct err *err);

#endif
