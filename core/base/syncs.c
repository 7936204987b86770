/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * fsync has no form for many files; syncfs would also wait for all that others write, and
 * tell of their failures. So there is a thread for each wait, up to a few.
 */
#include "base/syncs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	THREADS_MAX = 16,
	ALONE_MAX = 2, /* so few are not worth a thread */
};

struct work {
	struct syncs *syncs;
	atomic_size_t next;
};

void
syncs_add(struct syncs *s, const char *path)
{
	struct sync one = { .code = 0 };

	if (map_get(&s->places, path))
		return;
	map_put(&s->places, path, (void *)(uintptr_t)(s->list.len + 1));
	one.path = s->places.items[s->places.len - 1].key;
	vec_push(&s->list, one);
}

static int
sync_one(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? errno : 0;
}

static void *
sync_next(void *arg)
{
	struct work *w = arg;
	size_t i;

	while ((i = atomic_fetch_add(&w->next, 1)) < w->syncs->list.len)
		w->syncs->list.v[i].code = sync_one(w->syncs->list.v[i].path);
	return NULL;
}

/* What no thread can be had for is done here. */
void
syncs_wait(struct syncs *s)
{
	size_t want = s->list.len <= ALONE_MAX ? 0 : s->list.len - 1, n = 0;
	pthread_t threads[THREADS_MAX];
	struct work work = { s, 0 };

	while (n < want && n < THREADS_MAX &&
		pthread_create(&threads[n], NULL, sync_next, &work) == 0)
		n++;
	sync_next(&work);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

int
syncs_code(const struct syncs *s, const char *path)
{
	uintptr_t place = (uintptr_t)map_get(&s->places, path);

	return place ? s->list.v[place - 1].code : 0;
}

void
syncs_release(struct syncs *s)
{
	map_release(&s->places, NULL);
	vec_release(&s->list);
}
