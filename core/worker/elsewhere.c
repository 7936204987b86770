/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-elsewhere.so, which msmv verify preloads into what it builds again: folders list
 * their members backwards, and it is four hundred days later. A build whose result hangs
 * on either is found out. It links to nothing but libc, and cannot reach into programs
 * that are linked statically or that ask the kernel themselves.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define VISIBLE __attribute__((visibility("default")))

enum { LATER_S = 400 * 86400 };

/* ---- Time ------------------------------------------------------------ */

VISIBLE int
clock_gettime(clockid_t id, struct timespec *ts)
{
	static int (*real)(clockid_t, struct timespec *);
	int result;

	if (!real)
		real = (int (*)(clockid_t, struct timespec *))(uintptr_t)dlsym(RTLD_NEXT,
			"clock_gettime");
	result = real(id, ts);
	if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += LATER_S;
	return result;
}

VISIBLE time_t
time(time_t *out)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME_COARSE, &ts);
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

VISIBLE int
gettimeofday(struct timeval *tv, void *zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

/* ---- Folders --------------------------------------------------------- */

/* What an open folder still has to give; the last one read comes first. */
struct listing {
	struct listing *next;
	DIR *dir;
	struct dirent **entries;
	size_t left;
	struct dirent *given; /* the caller's until its next call */
};

static struct listing *listings;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct dirent *
real_readdir(DIR *dir)
{
	static struct dirent *(*real)(DIR *);

	if (!real)
		real = (struct dirent *(*)(DIR *))(uintptr_t)dlsym(RTLD_NEXT, "readdir");
	return real(dir);
}

static void
forget(DIR *dir)
{
	pthread_mutex_lock(&lock);
	for (struct listing **at = &listings; *at; at = &(*at)->next) {
		struct listing *l = *at;

		if (l->dir != dir)
			continue;
		*at = l->next;
		while (l->left > 0)
			free(l->entries[--l->left]);
		free(l->entries);
		free(l->given);
		free(l);
		break;
	}
	pthread_mutex_unlock(&lock);
}

/* Out of memory: the rest of the folder is lost, which no build survives unseen. */
static struct listing *
list(DIR *dir)
{
	struct listing *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->dir = dir;
	for (struct dirent *e; (e = real_readdir(dir));) {
		struct dirent **more = realloc(l->entries, (l->left + 1) * sizeof(struct dirent *));
		struct dirent *copy = malloc(sizeof(*copy));

		if (!more || !copy)
			abort();
		memcpy(copy, e, e->d_reclen < sizeof(*copy) ? e->d_reclen : sizeof(*copy));
		l->entries = more;
		l->entries[l->left++] = copy;
	}
	l->next = listings;
	listings = l;
	return l;
}

VISIBLE struct dirent *
readdir(DIR *dir)
{
	struct dirent *result;
	struct listing *l;

	pthread_mutex_lock(&lock);
	for (l = listings; l && l->dir != dir; l = l->next)
		;
	if (!l)
		l = list(dir);
	free(l->given);
	l->given = result = l->left ? l->entries[--l->left] : NULL;
	pthread_mutex_unlock(&lock);
	return result;
}

/* The same function where file offsets have 64 bits anyway. */
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "a 64-bit system");
VISIBLE struct dirent64 *
readdir64(DIR *dir)
{
	return (struct dirent64 *)(void *)readdir(dir);
}

VISIBLE void
rewinddir(DIR *dir)
{
	void (*real)(DIR *) = (void (*)(DIR *))(uintptr_t)dlsym(RTLD_NEXT, "rewinddir");

	forget(dir);
	real(dir);
}

VISIBLE int
closedir(DIR *dir)
{
	int (*real)(DIR *) = (int (*)(DIR *))(uintptr_t)dlsym(RTLD_NEXT, "closedir");

	forget(dir);
	return real(dir);
}
