/* SPDX-License-Identifier: GPL-3.0-only */
/* What the helper says on the console, in the form of init's own lines. */
#ifndef NET_LOG_H
#define NET_LOG_H

enum net_level { NET_ERROR, NET_WARN, NET_INFO, NET_DEBUG };

void net_log_level(enum net_level);
/* Knows %s %d %u %% and nothing else. */
void net_log(enum net_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
