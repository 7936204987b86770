/* SPDX-License-Identifier: GPL-3.0-only */
/* The contract: what was asked is in the configuration, or the stage fails and says why. */
#ifndef KCONFIG_CONTRACT_H
#define KCONFIG_CONTRACT_H

#include "request.h"

/* Compares all requests with the values read from .config. version is the kernel's. */
int contract_check(const struct requests *r, const char *version);

#endif
