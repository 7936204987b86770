/* SPDX-License-Identifier: GPL-3.0-only */
/* Both files were made by a build, so anybody may have made them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "differ/differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int holds)
{
	if (!holds)
		abort();
}

/* Of its own, so that a read beyond the end is seen. */
static struct bytes
copy(const uint8_t *p, size_t n)
{
	unsigned char *to = xmalloc(n + !n);

	if (n)
		memcpy(to, p, n);
	return (struct bytes){ to, n };
}

/* The first two bytes say how long the first file is; the second is the rest. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size < 2 ? 0 : (size_t)(data[0] << 8 | data[1]), rest = size < 2 ? 0 : size - 2;
	cleanup_str struct str text = STR_INIT;
	struct bytes a, b;
	bool different;

	if (n > rest)
		n = rest;
	a = copy(size < 2 ? data : data + 2, n);
	b = copy(size < 2 ? data : data + 2 + n, rest - n);
	different = differ(a, b, 0, &text);
	must(different == !bytes_same(a, b));
	must(different == (text.len > 0));
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	return 0;
}
