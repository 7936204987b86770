/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * xz as the kernel's small decoder wants it: LZMA2 alone, CRC32 check. Blocks
 * have a fixed size, so any number of threads gives the same bytes. The guest
 * allocates the whole dictionary, so it is no larger than the archive.
 */
#include "sink.h"

#include <lzma.h>
#include <stdlib.h>

#define XZ_MEMORY (UINT64_C(1) << 30) /* fewer threads rather than more memory */

static uint32_t
dict_size(uint32_t preset, uint64_t total)
{
	uint32_t size = LZMA_DICT_SIZE_MIN;

	while (size < preset && size < total)
		size *= 2;
	return size < preset ? size : preset;
}

static uint32_t
mt_threads(lzma_mt *mt, const struct sink *sink)
{
	uint64_t blocks = sink->total / mt->block_size + 1;

	mt->threads = sink->threads > 0 ? (uint32_t)sink->threads : 1;
	if (mt->threads > blocks)
		mt->threads = (uint32_t)blocks;
	while (mt->threads > 1 && lzma_stream_encoder_mt_memusage(mt) > XZ_MEMORY)
		mt->threads--;
	return mt->threads;
}

static int
xz_open(struct sink *sink)
{
	const lzma_stream fresh = LZMA_STREAM_INIT;
	lzma_options_lzma lzma;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &lzma },
		{ LZMA_VLI_UNKNOWN, NULL } };
	lzma_mt mt = { .check = LZMA_CHECK_CRC32, .filters = filters };
	lzma_stream *xz = malloc(sizeof(*xz));

	if (!xz || lzma_lzma_preset(&lzma, (uint32_t)sink->level)) {
		free(xz);
		return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
			"liblzma refuses level %d", sink->level);
	}
	*xz = fresh;
	lzma.dict_size = dict_size(lzma.dict_size, sink->total);
	mt.block_size = UINT64_C(3) * lzma.dict_size;
	if (mt.block_size < 1 << 20)
		mt.block_size = 1 << 20;
	mt.threads = mt_threads(&mt, sink);
	sink->state = xz;
	if (lzma_stream_encoder_mt(xz, &mt) != LZMA_OK)
		return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
			"liblzma cannot start: out of memory");
	return 0;
}

static int
xz_write(struct sink *sink, const unsigned char *data, size_t size, int last)
{
	static unsigned char out[64 << 10];
	lzma_stream *xz = sink->state;
	lzma_ret rc;

	xz->next_in = data;
	xz->avail_in = size;
	do {
		xz->next_out = out;
		xz->avail_out = sizeof(out);
		rc = lzma_code(xz, last ? LZMA_FINISH : LZMA_RUN);
		if (rc != LZMA_OK && rc != LZMA_STREAM_END)
			return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
				"liblzma failed (code %d)", (int)rc);
		if (sink_emit(sink, out, sizeof(out) - xz->avail_out))
			return -1;
	} while (last ? rc != LZMA_STREAM_END : xz->avail_in > 0);
	return 0;
}

static void
xz_close(struct sink *sink)
{
	lzma_end(sink->state);
	free(sink->state);
}

const struct codec codec_xz = {
	.name = "xz",
	.suffix = ".xz",
	.library = "liblzma",
	.version = lzma_version_string,
	.min = 0,
	.max = 9,
	.fallback = 6,
	.chunk = 256 << 10,
	.open = xz_open,
	.write = xz_write,
	.close = xz_close,
};
