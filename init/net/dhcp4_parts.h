/* SPDX-License-Identifier: GPL-3.0-only */
/* What the two files of dhcp4 have in common. */
#ifndef NET_DHCP4_PARTS_H
#define NET_DHCP4_PARTS_H

#include "dhcp4.h"

/* Enters a state and does what it begins with. */
void dhcp4_begin(struct dhcp4 *, enum dhcp4_state, uint64_t now);
/* The lease may be used. */
void dhcp4_bind(struct dhcp4 *);
/* It may not any more. */
void dhcp4_lose(struct dhcp4 *, const char *why);
/* Begins anew: at once, or after others of that in a row later. */
void dhcp4_back_off(struct dhcp4 *, uint64_t now);

#endif
