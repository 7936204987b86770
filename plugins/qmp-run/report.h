/* SPDX-License-Identifier: GPL-3.0-only */
/* boot.json: what was booted, how, and how long it took. */
#ifndef QMP_RUN_REPORT_H
#define QMP_RUN_REPORT_H

#include "boot.h"

/* person: the same guest with names of files instead of paths. accel_why may be "". */
int report_write(const struct boot *boot, const struct guest *person,
                 const char *accel_why);

#endif
