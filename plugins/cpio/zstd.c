/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * zstd in one frame. The guest allocates the whole window, so the library is
 * told the size beforehand and takes no more than that. One worker and several
 * give the same bytes; none at all gives others, so there is always one.
 */
#include "sink.h"

#include <stdio.h>
#include <zstd.h>

static int
have_workers(void)
{
	return ZSTD_cParam_getBounds(ZSTD_c_nbWorkers).upperBound > 0;
}

/* A library built without threads writes other bytes: it counts as another version. */
static const char *
zstd_version(void)
{
	static char text[48];

	snprintf(text, sizeof(text), "%s%s", ZSTD_versionString(),
		have_workers() ? "" : " single-threaded");
	return text;
}

static int
zstd_fail(struct sink *sink, size_t rc)
{
	return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
		"libzstd failed: %s", ZSTD_getErrorName(rc));
}

static int
zstd_open(struct sink *sink)
{
	const struct {
		ZSTD_cParameter name;
		int value;
	} params[] = {
		{ ZSTD_c_compressionLevel, sink->level },
		{ ZSTD_c_checksumFlag, 1 },
		{ ZSTD_c_nbWorkers, !have_workers()     ? 0
				    : sink->threads > 0 ? sink->threads
							: 1 },
	};
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t rc;

	if (!zstd)
		return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
			"libzstd cannot start: out of memory");
	sink->state = zstd;
	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		rc = ZSTD_CCtx_setParameter(zstd, params[i].name, params[i].value);
		if (ZSTD_isError(rc))
			return zstd_fail(sink, rc);
	}
	rc = ZSTD_CCtx_setPledgedSrcSize(zstd, sink->total);
	return ZSTD_isError(rc) ? zstd_fail(sink, rc) : 0;
}

static int
zstd_write(struct sink *sink, const unsigned char *data, size_t size, int last)
{
	static unsigned char out[128 << 10];
	ZSTD_inBuffer src = { data, size, 0 };
	size_t rc;

	do {
		ZSTD_outBuffer dst = { out, sizeof(out), 0 };

		rc = ZSTD_compressStream2(
			sink->state, &dst, &src, last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(rc))
			return zstd_fail(sink, rc);
		if (sink_emit(sink, out, dst.pos))
			return -1;
	} while (last ? rc != 0 : src.pos < src.size);
	return 0;
}

static void
zstd_close(struct sink *sink)
{
	ZSTD_freeCCtx(sink->state);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.suffix = ".zst",
	.library = "libzstd",
	.version = zstd_version,
	.min = 1,
	.max = 22,
	.fallback = 19,
	.chunk = 256 << 10,
	.open = zstd_open,
	.write = zstd_write,
	.close = zstd_close,
};
