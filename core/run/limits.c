/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Control groups would do this better where a person may make some; most may not. So the
 * processes are looked for in /proc: those of the worker's session, and those of the pid
 * namespace that its sandbox is.
 */
#include "run/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { STAT_MAX = 4096 };

static void
look_up(const struct record *given, const char *stage, const char *what, int64_t *out)
{
	cleanup_free char *name = stage ? xasprintf("%s %s", stage, what) : xstrdup(what);

	*out = record_get_int(given, name, *out);
}

/* The stage's own word counts more; "kernel.build" is also kernel.build@aarch64. */
void
limits_for(const struct record *given, const struct stage *s, struct limits *out)
{
	cleanup_free char *plain = xstrndup(s->name, strcspn(s->name, "@"));
	const struct {
		const char *what;
		int64_t *at;
	} table[] = { { "time", &out->time }, { "memory", &out->memory },
		{ "processes", &out->processes }, { "disk", &out->disk } };

	*out = (struct limits){ 0 };
	for (size_t i = 0; given && i < ARRAY_LEN(table); i++) {
		look_up(given, NULL, table[i].what, table[i].at);
		look_up(given, plain, table[i].what, table[i].at);
		look_up(given, s->name, table[i].what, table[i].at);
	}
}

bool
limits_watch(const struct limits *l)
{
	return l->memory || l->processes || l->disk;
}

/* ---- Processes ------------------------------------------------------- */

struct process {
	pid_t session;
	ino_t space;   /* its pid namespace */
	int64_t bytes; /* resident */
};

struct processes {
	VEC(struct process) list;
};

/* Behind the name, which may hold anything, come state, parent, group and session. */
static bool
read_process(const char *pid, struct process *out)
{
	cleanup_free char *path = xasprintf("/proc/%s/stat", pid);
	cleanup_free char *space = xasprintf("/proc/%s/ns/pid", pid);
	cleanup_str struct str text = STR_INIT;
	struct stat st;
	long pages = 0;
	const char *at;
	int session;

	if (fs_read(path, STAT_MAX, &text, NULL) < 0 || !(at = strrchr(str_text(&text), ')')) ||
	    sscanf(at + 1, " %*c %*d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			   "%*d %*d %*u %*u %ld", &session, &pages) != 2)
		return false;
	*out = (struct process){ .session = session,
		.bytes = pages * (int64_t)sysconf(_SC_PAGESIZE) };
	if (stat(space, &st) == 0)
		out->space = st.st_ino;
	return true;
}

static void
read_all(struct processes *all)
{
	DIR *d = opendir("/proc");

	for (struct dirent *e; d && (e = readdir(d));) {
		struct process p;

		if (isdigit((unsigned char)*e->d_name) && read_process(e->d_name, &p))
			vec_push(&all->list, p);
	}
	if (d)
		closedir(d);
}

/* The namespace of the session's members that is not ours; 0: there is none. */
static ino_t
find_space(const struct processes *all, pid_t session)
{
	struct stat mine;

	if (stat("/proc/self/ns/pid", &mine) < 0)
		return 0;
	for (size_t i = 0; i < all->list.len; i++)
		if (all->list.v[i].session == session && all->list.v[i].space &&
		    all->list.v[i].space != mine.st_ino)
			return all->list.v[i].space;
	return 0;
}

static void
count(pid_t session, int64_t *bytes, int64_t *n)
{
	struct processes all = { VEC_INIT };
	ino_t space;

	read_all(&all);
	space = find_space(&all, session);
	for (size_t i = 0; i < all.list.len; i++) {
		const struct process *p = &all.list.v[i];

		if (p->session != session && (!space || p->space != space))
			continue;
		*bytes += p->bytes;
		++*n;
	}
	vec_release(&all.list);
}

/* ---- Disk ------------------------------------------------------------ */

static int64_t
disk_used(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int64_t sum = 0;
	struct stat st;

	for (struct dirent *e; d && (e = readdir(d));) {
		if (streq(e->d_name, ".") || streq(e->d_name, "..") ||
		    fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		sum += (int64_t)st.st_blocks * 512;
		if (S_ISDIR(st.st_mode))
			sum += disk_used(fd, e->d_name);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return sum;
}

/* ---- Judging --------------------------------------------------------- */

static char *
over(int64_t used, int64_t limit, const char *what)
{
	if (!limit || used <= limit)
		return NULL;
	return xasprintf("%.1f MB of %s, and may use %.1f MB", (double)used / 1e6, what,
		(double)limit / 1e6);
}

char *
limits_exceeded(const struct limits *l, pid_t pid, const char *dir)
{
	int64_t bytes = 0, n = 0;
	char *what;

	if (l->memory || l->processes)
		count(pid, &bytes, &n);
	what = over(bytes, l->memory, "memory");
	if (!what && l->processes && n > l->processes)
		what = xasprintf("%lld processes, and may use %lld", (long long)n,
			(long long)l->processes);
	if (!what && l->disk)
		what = over(disk_used(AT_FDCWD, dir), l->disk, "disk");
	return what;
}
