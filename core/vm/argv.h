/* SPDX-License-Identifier: GPL-3.0-only */
/* A command line that grows word by word, and as text for a person's shell. */
#ifndef VM_ARGV_H
#define VM_ARGV_H

#include <stdbool.h>
#include <stddef.h>

struct argv {
	char **item; /* NULL-terminated once there is one; owned */
	size_t count, room;
	bool failed; /* no memory: everything after is ignored */
};

__attribute__((format(printf, 2, 3))) void argv_add(struct argv *args, const char *fmt,
                                                    ...);
/* Two words, most often "-option", "value". */
void argv_pair(struct argv *args, const char *option, const char *value);
/* A word that ends in a file's name inside an option list: its commas are doubled. */
void argv_file(struct argv *args, const char *before, const char *path);
/* The words, which are the caller's now; NULL, and nothing to free, without memory. */
char **argv_done(struct argv *args);

void argv_free(char **argv);
/* The command as text for a shell; NULL without memory; the caller frees it. */
char *argv_text(char *const *argv);

#endif
