/* SPDX-License-Identifier: GPL-3.0-only */
/* What a kernel image says about itself. */
#ifndef MSMV_UKI_KERNEL_H
#define MSMV_UKI_KERNEL_H

#include <stdint.h>

#include <msmv/plugin.h>

struct kernel {
	uint32_t machine; /* IMAGE_FILE_MACHINE_... of its EFI stub */
	char release[65]; /* as uname -r says it; "" if the image does not tell */
};

/* Refuses what the firmware could not start; 0, or -1 (recorded). */
int kernel_read(struct kernel *kernel, struct msmv_stage *stage, const char *path);

#endif
