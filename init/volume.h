/* SPDX-License-Identifier: GPL-3.0-only */
/* File systems of the configuration's own: disks, folders of the host, memory. */
#ifndef INIT_VOLUME_H
#define INIT_VOLUME_H

struct config;
struct line;
struct volume;

/* 0, or an errno value with why. A blank disk gets a file system first; meanwhile
   signals and hosts are heard, and events_ending may be true afterwards. */
int volume_mount(const struct volume *, struct line *why);
/* nofail is among its options. */
int volume_may_fail(const struct volume *);
/* Unmounts those that are mounted, the last first; what is busy becomes read-only. */
void volumes_end(const struct config *);

#endif
