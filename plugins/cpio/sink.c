/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Buffers the archive so that compressors get large pieces, and keeps the
 * output's errors in one place. File data is read straight into the buffer.
 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
none_write(struct sink *sink, const unsigned char *data, size_t size, int last)
{
	(void)last;
	return sink_emit(sink, data, size);
}

static const struct codec codec_none = {
	.name = "none",
	.suffix = "",
	.chunk = 256 << 10,
	.write = none_write,
};

static const struct codec *const codecs[] = {
	&codec_none,
	&codec_gzip,
	&codec_xz,
	&codec_zstd,
	&codec_lz4,
};

const struct codec *
codec_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (!strcmp(codecs[i]->name, name))
			return codecs[i];
	return NULL;
}

int
sink_open(struct sink *sink, const char *path)
{
	const struct msmv_host *host = sink->stage->host;

	sink->path = path;
	sink->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (sink->fd < 0)
		return host->fail(sink->stage, MSMV_FAIL_SYSTEM, "cannot create %s: %s",
			path, strerror(errno));
	sink->buf = malloc(sink->codec->chunk);
	if (!sink->buf)
		return host->fail(sink->stage, MSMV_FAIL_SYSTEM, "out of memory");
	return sink->codec->open ? sink->codec->open(sink) : 0;
}

int
sink_emit(struct sink *sink, const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size) {
		ssize_t n = write(sink->fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
				"cannot write %s: %s", sink->path, strerror(errno));
		p += n;
		size -= (size_t)n;
		sink->written += (uint64_t)n;
	}
	return 0;
}

/* Hands the buffer to the codec once it is full; the last, maybe part-full one too. */
static int
sink_flush(struct sink *sink, int last)
{
	const struct msmv_host *host = sink->stage->host;
	size_t used = sink->used;

	if (!last && used < sink->codec->chunk)
		return 0;
	if (host->cancelled(sink->stage))
		return host->fail(sink->stage, MSMV_FAIL_SYSTEM, "stopped on request");
	sink->used = 0;
	sink->taken += used;
	host->progress(sink->stage, sink->taken, sink->total, NULL);
	return sink->codec->write(sink, sink->buf, used, last);
}

int
sink_put(struct sink *sink, const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size) {
		size_t room = sink->codec->chunk - sink->used;
		size_t n = size < room ? size : room;

		memcpy(sink->buf + sink->used, p, n);
		sink->used += n;
		p += n;
		size -= n;
		if (sink_flush(sink, 0))
			return -1;
	}
	return 0;
}

int
sink_zeros(struct sink *sink, size_t size)
{
	static const unsigned char zeros[512];

	return sink_put(sink, zeros, size);
}

int
sink_copy(struct sink *sink, int fd, uint64_t offset, uint64_t size, const char *name)
{
	while (size) {
		size_t room = sink->codec->chunk - sink->used;
		size_t want = size < room ? (size_t)size : room;
		ssize_t n = pread(fd, sink->buf + sink->used, want, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sink->stage->host->fail(sink->stage, MSMV_FAIL_INPUT,
				"cannot read the data of %s: %s", name,
				n ? strerror(errno) : "the tree ends too early");
		sink->used += (size_t)n;
		offset += (uint64_t)n;
		size -= (uint64_t)n;
		if (sink_flush(sink, 0))
			return -1;
	}
	return 0;
}

int
sink_finish(struct sink *sink)
{
	int fd = sink->fd;

	if (sink_flush(sink, 1))
		return -1;
	sink->fd = -1;
	if (close(fd))
		return sink->stage->host->fail(sink->stage, MSMV_FAIL_SYSTEM,
			"cannot write %s: %s", sink->path, strerror(errno));
	return 0;
}

void
sink_release(struct sink *sink)
{
	if (sink->codec->close && sink->state)
		sink->codec->close(sink);
	sink->state = NULL;
	if (sink->fd >= 0)
		close(sink->fd);
	sink->fd = -1;
	free(sink->buf);
	sink->buf = NULL;
}
