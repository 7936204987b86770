/* SPDX-License-Identifier: GPL-3.0-only */
/* --nice, --ionice and what msmv.conf says of them. */
#ifndef MSMV_CLI_NICENESS_H
#define MSMV_CLI_NICENESS_H

#include "cli/cmd.h"
#include "recipe/conf.h"

/* Makes this process nice, and so all that it starts; an exit code. */
int be_nice(const struct conf *conf, const struct args *args);

#endif
