/* SPDX-License-Identifier: GPL-3.0-only */
/* Whether a port is open or a file there. */
#ifndef INIT_PROBE_H
#define INIT_PROBE_H

#include <stddef.h>
#include <stdint.h>

/* 1 if somebody listens on the TCP port, at any address. */
int probe_tcp(unsigned port);
int probe_file(const char *path);
/* When to look again: the longer it has taken, the later. */
uint64_t probe_next(uint64_t now_us, uint64_t since_us);

/* Asks the kernel to tell of new files beside path. */
void probe_watch(const char *path);
/* 1 while it tells of all that was asked for: nobody needs to look by himself. */
int probe_watches(void);
/* 1 once after it told something. */
int probe_came(void);
void probe_wait(void);

/* For probe_tcp, of a line of /proc/net/tcp: 1 a listener on port, 0 another, -1 no listener. */
int probe_line(const char *line, unsigned port);

#endif
