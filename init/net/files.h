/* SPDX-License-Identifier: GPL-3.0-only */
/* What others in the guest read of the network: one file an interface, and resolv.conf. */
#ifndef NET_FILES_H
#define NET_FILES_H

#include <stdint.h>

struct config;
struct nic;

/* folder: "/run" of a guest. Makes folder/msmv/net. */
void files_open(const char *folder);
/* Writes what has changed since; a file is replaced as a whole. */
void files_write(const struct config *, const struct nic *nics, unsigned count);
/* The interface's file goes. */
void files_forget(const struct nic *, unsigned place);

#endif
