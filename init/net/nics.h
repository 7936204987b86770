/* SPDX-License-Identifier: GPL-3.0-only */
/* All interfaces that are taken care of, and when the guest may go on. */
#ifndef NET_NICS_H
#define NET_NICS_H

#include <poll.h>
#include <stdint.h>

#include "kernel.h"

#define NICS 16         /* further ones are left alone, with a word about it */
#define NIC_SOCKETS 4   /* of one, that can have something to read */
#define SETTLE_MS 1000  /* in which interfaces appear and get their carriers */
#define CARRIER_MS 2000 /* in which the slowest of them has one, if a cable is in it */

struct config;

void nics_init(const struct config *, uint64_t now);
/* Around a list of all that there is: what is not in it is gone. */
void nics_list_begin(void);
void nics_list_end(void);
void nics_link(const struct kernel_link *, uint64_t now);
void nics_address(const struct kernel_address *, uint64_t now);
/* Adds their sockets to poll on; how many. fds has room for NICS * NIC_SOCKETS. */
unsigned nics_poll(struct pollfd *fds);
void nics_readable(const struct pollfd *fds, unsigned count, uint64_t now);
void nics_timeout(uint64_t now);
uint64_t nics_deadline(void);
/* The machine ends: leases are given back. */
void nics_release(uint64_t now);
/*
 * Whether config->wait_for is fulfilled, so many ms after the start; -1: it is not, and no
 * interface has a carrier over which it could be.
 */
int nics_ready(uint64_t since);
/* Brings the files up to date. */
void nics_files(void);

#endif
