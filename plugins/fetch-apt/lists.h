/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Package lists of ours, for a machine whose own are missing, old, or without source
 * packages. They are made from the machine's entries, or from the recipe's, and live
 * in the scratch folder, where the next stage and the next run find them.
 */
#ifndef FETCH_APT_LISTS_H
#define FETCH_APT_LISTS_H

#include "apt.h"
#include "sources.h"

/*
 * Makes a ask lists of ours. They are refreshed if they are older than an hour, were
 * made from other entries, or fresh is set. *fetched: they were. A refresh that fails
 * only sets a->lists_failed and a->trouble, as the lists may still do.
 * -1: recorded failure.
 */
int lists_own(struct apt *a, struct msmv_stage *stage, int source, int fresh,
	int *fetched);
/* Where the machine keeps its entries and lists, and its architecture. -1: recorded. */
int lists_place(struct apt *a, struct sources_place *place, char *lists, size_t n);

#endif
