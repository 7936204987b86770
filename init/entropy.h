/* SPDX-License-Identifier: GPL-3.0-only */
/* What the kernel's random numbers begin with, where a machine has little of that. */
#ifndef INIT_ENTROPY_H
#define INIT_ENTROPY_H

/* Gives the kernel the seed of a file (NULL: none) and puts another in its place, both of
   it on the disk before it counts. -1 and logged if that does not work; a file that is not there is made. */
int entropy_add(const char *seed);

#endif
