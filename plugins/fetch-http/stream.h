/* SPDX-License-Identifier: GPL-3.0-only */
/* A compressed file's content through a pipe, decompressed in a process of its own. */
#ifndef FETCH_HTTP_STREAM_H
#define FETCH_HTTP_STREAM_H

#include <stddef.h>
#include <sys/types.h>

struct stream {
	pid_t pid;
	int fd;        /* to read from */
	char path[32]; /* by which a child process opens fd */
};

/* The length of the name without ".xz" and the like; 0 if it has none of these. */
size_t stream_name(const char *name);
/* 0, or -1 with errno. */
int stream_open(struct stream *s, const char *path);
/* Ends it, read to its end or not. -1: the file could not be decompressed. */
int stream_close(struct stream *s);

#endif
