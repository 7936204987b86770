/* SPDX-License-Identifier: GPL-3.0-only */
/* Whether a port is open or a file there. */
#ifndef INIT_PROBE_H
#define INIT_PROBE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a file is known by again. */
struct probe_mark {
	unsigned is_there;
	ino_t inode;
	time_t changed_s;
	long changed_ns;
};

/* 1 if somebody listens on the TCP port, at any address. */
int probe_tcp(unsigned port);
/* What there is at path now. */
void probe_note(const char *path, struct probe_mark *);
/* 1 if there is a file, and not the one that was there before as it was then. */
int probe_file(const char *path, const struct probe_mark *before);
/* When to look again: the longer it has taken, the later. */
uint64_t probe_next(uint64_t now_us, uint64_t since_us);

/* Asks the kernel to tell of new files beside path. */
void probe_watch(const char *path, const struct probe_mark *before);
/* 1 while it tells of all that was asked for: nobody needs to look by himself. */
int probe_watches(void);
/* 1 once after it told something. */
int probe_came(void);
void probe_wait(void);

/* For probe_tcp, of a line of /proc/net/tcp: 1 a listener on port, 0 another, -1 no listener. */
int probe_line(const char *line, unsigned port);

#endif
