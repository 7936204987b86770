/* SPDX-License-Identifier: GPL-3.0-only */
/* Records come from worker processes and from files that anybody may have touched. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str out = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	int result = record_parse(&r, (const char *)data, size, &err);

	if ((result < 0) != (err.msg != NULL))
		abort();
	record_write(&r, &out);
	/* One record has one spelling: keys are hashes of it. */
	if (result == 0 && (out.len != size || (size && memcmp(out.p, data, size) != 0)))
		abort();
	/* Of a bad one the lines before the bad one are there. */
	if (result < 0 && (out.len >= size || (out.len && memcmp(out.p, data, out.len) != 0)))
		abort();
	record_sort(&r);
	return 0;
}
