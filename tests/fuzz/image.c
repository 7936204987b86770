/* SPDX-License-Identifier: GPL-3.0-only */
/* The first bytes of anything, as much as there are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/vm/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size ? size : 1); /* of just this size: overruns are seen */
	struct image image;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	image = image_judge(copy, size);
	if ((image.kind == IMAGE_KERNEL || image.kind == IMAGE_UKI) && size < 60)
		abort();
	free(copy);
	return 0;
}
