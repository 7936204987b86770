/* SPDX-License-Identifier: GPL-3.0-only */
/* JSON holds Unicode only; paths, logs and options may hold any byte. */
#ifndef MSMV_CLI_JSON_H
#define MSMV_CLI_JSON_H

#include <stdbool.h>

#include <jansson.h>

/* A string in which every byte that is not UTF-8 is U+FFFD; NULL gives null. */
json_t *json_text(const char *s);
/* Whether a string is UTF-8, and so the same in JSON. */
bool json_can_hold(const char *s);
/* The document on standard output, laid out for people too; o is released. One that could
   not be made (NULL) is not printed, and an error: json_failed. */
void json_print(json_t *o);
/* The same on one line, and written at once. */
void json_print_line(json_t *o);
bool json_printed(void); /* something was */
bool json_failed(void);  /* something was not */

#endif
