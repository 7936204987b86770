/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Half of the time of making a disk goes into the kernel's copying of what is
 * written. A thread does that: one piece is filled while the other is written.
 * The bytes and their places are the same as without it.
 */
#include "tail.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"

struct tail {
	int fd;
	unsigned char *piece; /* being filled */
	size_t used;
	uint64_t at; /* where in the file piece goes */

	pthread_t thread;
	int started;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	unsigned char *writing; /* the other piece */
	size_t writing_size;    /* 0: nothing to write */
	uint64_t writing_at;
	int stop;
	int error; /* the first */
};

static void *
tail_thread(void *arg)
{
	struct tail *t = arg;

	pthread_mutex_lock(&t->lock);
	while (!t->stop || t->writing_size) {
		int rc;

		if (!t->writing_size) {
			pthread_cond_wait(&t->changed, &t->lock);
			continue;
		}
		pthread_mutex_unlock(&t->lock);
		rc = file_write(t->fd, t->writing, t->writing_size, t->writing_at);
		pthread_mutex_lock(&t->lock);
		if (rc && !t->error)
			t->error = rc;
		t->writing_size = 0;
		pthread_cond_signal(&t->changed);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

struct tail *
tail_new(int fd, uint64_t at)
{
	struct tail *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->fd = fd;
	t->at = at;
	t->piece = malloc(TAIL_PIECE);
	t->writing = malloc(TAIL_PIECE);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	t->started = t->piece && t->writing &&
		     !pthread_create(&t->thread, NULL, tail_thread, t);
	if (t->started)
		return t;
	tail_free(t);
	return NULL;
}

int
tail_wait(struct tail *t)
{
	int rc;

	pthread_mutex_lock(&t->lock);
	while (t->writing_size)
		pthread_cond_wait(&t->changed, &t->lock);
	rc = t->error;
	pthread_mutex_unlock(&t->lock);
	return rc;
}

/* Gives the filled piece to the thread and goes on with the other. */
static int
tail_hand_over(struct tail *t)
{
	unsigned char *filled = t->piece;
	int rc = tail_wait(t);

	if (rc || !t->used)
		return rc;
	pthread_mutex_lock(&t->lock);
	t->piece = t->writing;
	t->writing = filled;
	t->writing_at = t->at;
	t->writing_size = t->used;
	pthread_cond_signal(&t->changed);
	pthread_mutex_unlock(&t->lock);
	t->at += t->used;
	t->used = 0;
	return 0;
}

int
tail_add(struct tail *t, const void *data, size_t size)
{
	memcpy(t->piece + t->used, data, size);
	t->used += size;
	return t->used == TAIL_PIECE ? tail_hand_over(t) : 0;
}

unsigned char *
tail_find(const struct tail *t, uint64_t at)
{
	return at >= t->at && at < t->at + t->used ? t->piece + (at - t->at) : NULL;
}

int
tail_flush(struct tail *t)
{
	int rc = tail_hand_over(t);

	return rc ? rc : tail_wait(t);
}

void
tail_free(struct tail *t)
{
	if (t->started) {
		pthread_mutex_lock(&t->lock);
		t->stop = 1;
		pthread_cond_signal(&t->changed);
		pthread_mutex_unlock(&t->lock);
		pthread_join(t->thread, NULL);
	}
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	free(t->piece);
	free(t->writing);
	free(t);
}
