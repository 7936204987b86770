/* SPDX-License-Identifier: GPL-3.0-only */
/* The kernel's file systems: mounted at start, everything unmounted at the end. */
#ifndef INIT_MOUNTS_H
#define INIT_MOUNTS_H

struct config;

/* Mounts /dev, as the console may be in it. What failed is logged by mounts_rest. */
void mounts_dev(void);
/* Mounts all others and makes the usual nodes and links in /dev. How many failed that
   a kernel could have had; each is logged. */
int mounts_rest(void);
/* Writes everything back, unmounts what can be, and leaves / and volumes that cannot
   read-only; what does not work is logged. */
void mounts_end(const struct config *);

#endif
