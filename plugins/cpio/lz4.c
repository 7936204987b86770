/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The legacy LZ4 frame, the only one that the kernel reads: a magic number,
 * then blocks of 8 MiB each behind its compressed length. What sink.c gives as
 * a chunk is one block.
 */
#include "sink.h"

#include <lz4.h>
#include <lz4hc.h>
#include <stdlib.h>

#define LZ4_BLOCK (8 << 20)

static void
le32_put(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static int
lz4_open(struct sink *sink)
{
	static const unsigned char magic[4] = { 0x02, 0x21, 0x4c, 0x18 };

	sink->state = malloc(4 + LZ4_COMPRESSBOUND(LZ4_BLOCK));
	if (!sink->state)
		return sink->stage->host->fail(
			sink->stage, MSMV_FAIL_SYSTEM, "out of memory for LZ4");
	return sink_emit(sink, magic, sizeof(magic));
}

static int
lz4_write(struct sink *sink, const unsigned char *data, size_t size, int last)
{
	unsigned char *out = sink->state;
	int n;

	(void)last;
	if (!size)
		return 0;
	n = LZ4_compress_HC((const char *)data, (char *)out + 4, (int)size,
		LZ4_COMPRESSBOUND(LZ4_BLOCK), sink->level);
	if (n <= 0)
		return sink->stage->host->fail(
			sink->stage, MSMV_FAIL_SYSTEM, "LZ4 could not compress a block");
	le32_put(out, (uint32_t)n);
	return sink_emit(sink, out, 4 + (size_t)n);
}

static void
lz4_close(struct sink *sink)
{
	free(sink->state);
}

const struct codec codec_lz4 = {
	.name = "lz4",
	.suffix = ".lz4",
	.library = "liblz4",
	.version = LZ4_versionString,
	.min = 3, /* below, LZ4 uses another compressor whose output the kernel reads no
		     faster */
	.max = LZ4HC_CLEVEL_MAX,
	.fallback = 9,
	.chunk = LZ4_BLOCK,
	.open = lz4_open,
	.write = lz4_write,
	.close = lz4_close,
};
