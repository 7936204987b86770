/* SPDX-License-Identifier: GPL-3.0-only */
/* The network by ioctl: the loopback always, one interface where it is configured. */
#ifndef INIT_NET_H
#define INIT_NET_H

struct net;
struct line;

/* Brings lo up; a kernel without networking is only worth a log line. */
void net_loopback(void);
/* 0, or an errno value with why saying which step failed. */
int net_start(const struct net *, struct line *why);

#endif
