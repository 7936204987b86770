/* SPDX-License-Identifier: GPL-3.0-only */
/* What a line of the guest's means for its boot. */
#ifndef QMP_RUN_RECORDS_H
#define QMP_RUN_RECORDS_H

#include "boot.h"

/* Records that it does not know are passed over. */
void records_take(struct boot *boot, const struct record *record);
/* A line that a kernel says when it is at its end. */
void records_last_words(struct boot *boot, const char *line);

#endif
