/* SPDX-License-Identifier: GPL-3.0-only */
/* A keyring is any file that somebody sent; what comes out must be keys and fit. */
#include "../../plugins/fetch-http/armor.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	size_t len = 0;
	char *copy = malloc(size ? size : 1);
	unsigned char *keys;

	if (!copy)
		return 0;
	for (size_t i = 0; i < size; i++)
		copy[i] = (char)data[i];
	keys = armor_keys(copy, size, &len, &why);
	if (!keys == !why)
		abort();
	/* Armor only ever shrinks, and a keyring begins with a packet. */
	if (keys && (!len || len > size || !(keys[0] & 0x80)))
		abort();
	free(keys);
	free(copy);
	return 0;
}
