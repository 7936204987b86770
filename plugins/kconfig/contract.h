/* SPDX-License-Identifier: GPL-3.0-only */
/* The contract: what was asked of the configuration is in it, or the stage fails and says why not. */
#ifndef KCONFIG_CONTRACT_H
#define KCONFIG_CONTRACT_H

#include "request.h"

/* Compares all requests with the values read from .config. version is the kernel's. */
int contract_check(const struct requests *r, const char *version);

#endif
