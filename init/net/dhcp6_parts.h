/* SPDX-License-Identifier: GPL-3.0-only */
/* What the two files of dhcp6 have in common. */
#ifndef NET_DHCP6_PARTS_H
#define NET_DHCP6_PARTS_H

#include "dhcp6.h"

/* Begins the exchange of a state with its first message. */
void dhcp6_enter(struct dhcp6 *, enum dhcp6_state, uint64_t now);
/* Begins anew: at once, or after others of that in a row later. */
void dhcp6_back_off(struct dhcp6 *, uint64_t now);
/* The end of the first wait: the best answer is taken. */
void dhcp6_choose(struct dhcp6 *, uint64_t now);
void dhcp6_bond_forget(struct dhcp6 *, struct dhcp6_bond *);

#endif
