/* SPDX-License-Identifier: GPL-3.0-only */
/* Names near one that is not there. */
#ifndef FETCH_APT_SUGGEST_H
#define FETCH_APT_SUGGEST_H

#include "apt.h"
#include "request.h"

/*
 * A hint for the end of a message, such as "; did you mean hello?", into buf; "" if
 * nothing is near. a must ask lists of ours.
 */
const char *suggest(struct apt *a, const struct request *r, char *buf, size_t n);

#endif
