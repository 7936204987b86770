/* SPDX-License-Identifier: GPL-3.0-only */
/* The os-release text of a UKI, by which boot menus name it. */
#ifndef MSMV_UKI_OSREL_H
#define MSMV_UKI_OSREL_H

#include <stddef.h>

/* Writes it to out; returns its length, or 0 if it does not fit in size. */
size_t osrel_make(char *out, size_t size, const char *name, const char *version);

#endif
