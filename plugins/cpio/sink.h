/* SPDX-License-Identifier: GPL-3.0-only */
/* Where the archive's bytes go: a buffer, a compressor, a file. */
#ifndef MSMV_CPIO_SINK_H
#define MSMV_CPIO_SINK_H

#include <msmv/plugin.h>

struct sink;

/* One compression that the kernel can undo. */
struct codec {
	const char *name;    /* as the option says it */
	const char *suffix;  /* of the file's name */
	const char *library; /* its name in the action key; NULL: no library */
	const char *(*version)(void);
	int min, max, fallback; /* levels */
	size_t chunk;           /* bytes per write, but for the last */
	int (*open)(struct sink *);
	int (*write)(struct sink *, const unsigned char *data, size_t size, int last);
	void (*close)(struct sink *);
};

extern const struct codec codec_gzip, codec_xz, codec_zstd, codec_lz4;

struct sink {
	struct msmv_stage *stage;
	const struct codec *codec;
	int level;
	int threads;    /* at most; must not change the bytes */
	uint64_t total; /* bytes that will come in all */
	uint64_t taken; /* so far */
	uint64_t written;
	void *state; /* the codec's */
	/* private */
	int fd;
	const char *path;
	unsigned char *buf;
	size_t used;
};

/* The codec of that name; NULL if there is none. */
const struct codec *codec_find(const char *name);

/* Opens path for writing; stage, codec, level, threads and total are set already. */
int sink_open(struct sink *sink, const char *path);
/* Takes bytes from memory. */
int sink_put(struct sink *sink, const void *data, size_t size);
/* Takes size bytes of fd from offset on; name is for messages. */
int sink_copy(
	struct sink *sink, int fd, uint64_t offset, uint64_t size, const char *name);
/* Takes size zero bytes, less than 512. */
int sink_zeros(struct sink *sink, size_t size);
/* Ends the stream and closes the file: only after this is the file complete. */
int sink_finish(struct sink *sink);
/* Frees what is left, at any point. */
void sink_release(struct sink *sink);

/* For codecs: appends compressed bytes to the file. */
int sink_emit(struct sink *sink, const void *data, size_t size);

#endif
