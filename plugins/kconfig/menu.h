/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's own menus, on a terminal that somebody lends to the stage. */
#ifndef KCONFIG_MENU_H
#define KCONFIG_MENU_H

#include <msmv/plugin.h>

#include "../kernel/text.h"

/* Runs menuconfig on the terminal of the option menu_tty until the person leaves it. make:
 * make and its arguments, without a target. */
int menu_run(struct msmv_stage *s, const struct list *make);

#endif
