/* SPDX-License-Identifier: GPL-3.0-only */
/* JSON holds Unicode only; paths, logs and options may hold any byte. */
#ifndef MSMV_CLI_JSON_H
#define MSMV_CLI_JSON_H

#include <jansson.h>

/* A string in which every byte that is not UTF-8 is U+FFFD; NULL gives null. */
json_t *json_text(const char *s);
/* The document on standard output, laid out for people too; o is released. */
void json_print(json_t *o);

#endif
