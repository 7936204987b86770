/* SPDX-License-Identifier: GPL-3.0-only */
/* What the two files of slaac have in common. */
#ifndef NET_SLAAC_PARTS_H
#define NET_SLAAC_PARTS_H

#include "slaac.h"

/* Puts what the router with this address says into the tables, and tells the port. */
void slaac_learn(struct slaac *, const struct ra *, const struct ip6 *source, uint64_t now);
/* The address, the route on the link, the router: given up, if it is there. */
void slaac_address_drop(struct slaac *, struct slaac_prefix *);
void slaac_link_drop(struct slaac *, struct slaac_prefix *);
void slaac_router_drop(struct slaac *, unsigned place);

#endif
