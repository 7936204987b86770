/* SPDX-License-Identifier: GPL-3.0-only */
/* File systems of the configuration's own: disks, folders of the host, memory. */
#ifndef INIT_VOLUME_H
#define INIT_VOLUME_H

struct line;
struct volume;

/* 0, or an errno value with why. A blank disk gets a file system first. */
int volume_mount(const struct volume *, struct line *why);
/* nofail is among its options. */
int volume_may_fail(const struct volume *);

#endif
