/* SPDX-License-Identifier: GPL-3.0-only */
/* The oracle's answer, and the report that is made of it. */
#ifndef KCONFIG_ANSWER_H
#define KCONFIG_ANSWER_H

#include <jansson.h>

#include "request.h"

/* The answer to one question; NULL and the reason recorded. The caller's to json_decref(). */
json_t *answer_read(struct msmv_stage *s, const char *path);
/* Writes the output "report". */
int answer_report(struct msmv_stage *s, const json_t *answer, const char *version,
	const struct list *machines);

#endif
