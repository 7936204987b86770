/* SPDX-License-Identifier: GPL-3.0-only */
/* The commands of "msmv store", and what they share. */
#ifndef MSMV_CLI_STORE_H
#define MSMV_CLI_STORE_H

#include <stdint.h>

#include "base/str.h"
#include "cli/cmd.h"

extern const struct cmd cmd_store_ls, cmd_store_verify, cmd_store_gc, cmd_store_export, cmd_store_import;

/* Seconds from "90s", "15m", "12h", "30d" or "8w"; -1 if it is none. */
int64_t store_age(const char *text);
/* Seconds as "30 d", "4 h", "2 min" or "5 s". */
void store_age_text(struct str *out, int64_t seconds);

#endif
