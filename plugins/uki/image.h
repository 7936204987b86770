/* SPDX-License-Identifier: GPL-3.0-only */
/* The UKI: the stub with sections after it. */
#ifndef MSMV_UKI_IMAGE_H
#define MSMV_UKI_IMAGE_H

#include "stub.h"

/* One section to add: size bytes of data, or of the file at path. */
struct section {
	const char *name; /* 8 bytes at most */
	const void *data;
	const char *path;
	uint64_t size;
};

/* Writes the UKI to path; 0, or -1 (recorded). Fills in the sizes of files. */
int image_write(struct msmv_stage *stage, struct stub *stub, struct section *sections,
	size_t count, const char *path);

#endif
