/* SPDX-License-Identifier: GPL-3.0-only */
/* A request's options by name, place and key: each lookup takes the same time, however
   many there are. */
#ifndef MSMV_WIRE_OPTIONS_H
#define MSMV_WIRE_OPTIONS_H

#include <stddef.h>

#include "base/map.h"
#include "wire/request.h"

struct options {
	struct map groups; /* name -> struct option_group */
};

/* The request, which does not change, must live as long. */
void options_init(struct options *o, const struct request *q);
void options_release(struct options *o);
/* How many values the option has. */
size_t options_count(const struct options *o, const char *name);
/* The i-th of them, in the request's order; NULL: there are fewer. */
const struct request_option *options_at(const struct options *o, const char *name, size_t i);
/* The one of that key, the first if there are several; NULL: none. */
const struct request_option *options_get(const struct options *o, const char *name,
	const char *key);

#endif
