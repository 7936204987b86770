/* SPDX-License-Identifier: GPL-3.0-only */
/* gzip by zlib; its header carries no name and no time. */
#define ZLIB_CONST
#include "sink.h"

#include <stdlib.h>
#include <zlib.h>

static int
gzip_open(struct sink *sink)
{
	const int gzip_wrapper = 16;
	z_stream *z = calloc(1, sizeof(*z));

	if (!z || deflateInit2(z, sink->level, Z_DEFLATED, MAX_WBITS + gzip_wrapper,
			  MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(z);
		return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
			"zlib cannot start: out of memory");
	}
	sink->state = z;
	return 0;
}

static int
gzip_write(struct sink *sink, const unsigned char *data, size_t size, int last)
{
	static unsigned char out[64 << 10];
	z_stream *z = sink->state;
	int rc;

	z->next_in = data;
	z->avail_in = (uInt)size;
	do {
		z->next_out = out;
		z->avail_out = sizeof(out);
		rc = deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
		if (rc == Z_STREAM_ERROR)
			return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
				"zlib failed on its own state");
		if (sink_emit(sink, out, sizeof(out) - z->avail_out))
			return -1;
	} while (last ? rc != Z_STREAM_END : z->avail_out == 0);
	return 0;
}

static void
gzip_close(struct sink *sink)
{
	deflateEnd(sink->state);
	free(sink->state);
}

const struct codec codec_gzip = {
	.name = "gzip",
	.suffix = ".gz",
	.library = "zlib",
	.version = zlibVersion,
	.min = 1,
	.max = 9,
	.fallback = 9,
	.chunk = 256 << 10,
	.open = gzip_open,
	.write = gzip_write,
	.close = gzip_close,
};
