/* SPDX-License-Identifier: GPL-3.0-only */
/* Does this machine wait for memory? Then one stage more makes all of them slower. */
#ifndef MSMV_RUN_PRESSURE_H
#define MSMV_RUN_PRESSURE_H

#include <stdbool.h>

#define PRESSURE_FILE "/proc/pressure/memory"

/*
 * True if in the last ten seconds some process stood still for memory a tenth of the time
 * or more. file has the form of PRESSURE_FILE; a kernel without it has no pressure.
 */
bool pressure_is_high(const char *file);

#endif
