/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A sum of bytes that tells by chance, not against people: what the power cut short, or
 * what was written anew. It is quicker than SHA-256 by the time that OpenSSL takes to start.
 */
#ifndef MSMV_BASE_SUM_H
#define MSMV_BASE_SUM_H

#include <stddef.h>
#include <stdint.h>

/* n may be 0, and data NULL then. */
uint64_t sum64(const void *data, size_t n);

#endif
