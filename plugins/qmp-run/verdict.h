/* SPDX-License-Identifier: GPL-3.0-only */
/* How a boot failed, in words for a person. Each returns 0, or -1 with code and why set. */
#ifndef QMP_RUN_VERDICT_H
#define QMP_RUN_VERDICT_H

#include "boot.h"

enum { VERDICT_QUIT_MS = 2000 }; /* QEMU's own end, when there is nothing to hear any more */

/* One look at the clocks: -1 when one of them has run out. */
int verdict_clocks(struct boot *boot);
/* Nothing can be heard any more, and the guest was not ready. Always -1. */
int verdict_early_end(struct boot *boot);
/* The same of a guest that was: one that goes without a word has crashed. */
int verdict_late_end(struct boot *boot);
/* QEMU has ended, or does so soon. */
bool verdict_ended(struct boot *boot);
/* Whether an application's end is about to end the machine. */
bool verdict_is_ending(const struct boot *boot);

#endif
