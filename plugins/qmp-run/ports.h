/* SPDX-License-Identifier: GPL-3.0-only */
/* Ports of this machine that lead to the guest: those of the recipe, and the checks'. */
#ifndef QMP_RUN_PORTS_H
#define QMP_RUN_PORTS_H

#include <msmv/plugin.h>

#include "check.h"
#include "vm/guest.h"

/* From the option ports and what checks need. -1 after each problem was said. */
int ports_read(struct msmv_stage *stage, const struct checks *checks, struct guest *guest);
/* Whether it is reached at 127.0.0.1, where checks call. */
bool port_is_local(const struct guest_forward *forward);
/* The TCP port at 127.0.0.1 that leads to the guest's; 0: none. */
int port_local(const struct guest *guest, int port);
/*
 * Chooses the ports that nobody chose, and waits for those that another boot of msmv has;
 * they stay ours while the process lives. -1: why is recorded.
 */
int ports_reserve(struct msmv_stage *stage, struct guest *guest);
/* Other ports for what could not be kept (UDP). False: there is no such, or no free one. */
bool ports_choose_again(struct guest *guest);

#endif
