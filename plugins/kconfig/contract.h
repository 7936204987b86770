/* SPDX-License-Identifier: GPL-3.0-only */
/* Every asked option holds, or the kernel is not built. */
#ifndef KCONFIG_CONTRACT_H
#define KCONFIG_CONTRACT_H

#include "answer.h"

/* With enforce, -1 and a failure that says why for each request that does not hold. */
int contract_check(const struct requests *r, const json_t *answer, const char *version,
	bool enforce);

#endif
