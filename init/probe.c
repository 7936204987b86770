/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The kernel's own list of sockets is read: a connection would reach the
 * server as a client that says nothing, and only at the address that was
 * guessed. New files are told by inotify; without it, and without their folder
 * to begin with, one must look again and again.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "wait.h"

#define LISTEN 0x0a /* TCP_LISTEN in the column st */
#define SOONEST_US 5000
#define LATEST_US 250000

static int notify = -1;
static int blind; /* something is not watched */
static int came;

static const char *
hex(const char *c, unsigned *value)
{
	for (*value = 0;; c++) {
		if (*c >= '0' && *c <= '9')
			*value = *value << 4 | (unsigned)(*c - '0');
		else if (*c >= 'A' && *c <= 'F')
			*value = *value << 4 | (unsigned)(*c - 'A' + 10);
		else
			return c;
	}
}

/* "   0: 0100007F:1F90 00000000:0000 0A ...": number, local, remote, state. */
int
probe_line(const char *line, unsigned port)
{
	unsigned local = 0, state = 0;
	const char *c = strchr(line, ':');

	c = c ? strchr(c + 1, ':') : NULL;
	c = c ? hex(c + 1, &local) : NULL;
	c = c && *c == ' ' ? strchr(c + 1, ' ') : NULL;
	if (!c || *hex(c + 1, &state) != ' ' || state != LISTEN)
		return -1;
	return local == port;
}

/* Lines of the list, in a buffer that holds many of them; -1 when there is no more. */
static int
look(int fd, unsigned port)
{
	char text[2048];
	size_t size = 0;
	int heading = 1;
	ssize_t n;

	while ((n = read(fd, text + size, sizeof(text) - 1 - size)) > 0) {
		char *line = text, *end;

		size += (size_t)n;
		text[size] = '\0';
		for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			int what;

			*end = '\0';
			what = heading ? 0 : probe_line(line, port);
			heading = 0;
			/* Listeners come first. */
			if (what != 0)
				return what > 0;
		}
		size -= (size_t)(line - text);
		memmove(text, line, size);
	}
	return 0;
}

int
probe_tcp(unsigned port)
{
	static const char *const lists[] = {"/proc/net/tcp", "/proc/net/tcp6"};
	int found = 0;

	for (int i = 0; i < 2 && !found; i++) {
		int fd = file_open(lists[i], O_RDONLY | O_CLOEXEC, 0);

		if (fd < 0)
			continue;
		found = look(fd, port);
		close(fd);
	}
	return found;
}

void
probe_note(const char *path, struct probe_mark *mark)
{
	struct stat st;

	*mark = (struct probe_mark){0};
	if (stat(path, &st) != 0)
		return;
	mark->inode = st.st_ino;
	mark->changed_s = st.st_ctim.tv_sec;
	mark->changed_ns = st.st_ctim.tv_nsec;
	mark->is_there = 1;
}

/* One that a machine has left before its end says nothing of this start; and no clock
 * is asked, as a file that the host shares has the host's. */
int
probe_file(const char *path, const struct probe_mark *before)
{
	struct probe_mark now;

	probe_note(path, &now);
	return now.is_there &&
	       (!before->is_there || now.inode != before->inode ||
		       now.changed_s != before->changed_s ||
		       now.changed_ns != before->changed_ns);
}

uint64_t
probe_next(uint64_t now_us, uint64_t since_us)
{
	uint64_t wait = (now_us - since_us) / 8;

	return now_us + (wait < SOONEST_US ? SOONEST_US : wait > LATEST_US ? LATEST_US : wait);
}

void
probe_watch(const char *path, const struct probe_mark *before)
{
	char folder[256];
	const char *slash = strrchr(path, '/');
	size_t n = slash > path ? (size_t)(slash - path) : 1;

	if (notify < 0)
		notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (n < sizeof(folder)) {
		memcpy(folder, path, n);
		folder[n] = '\0';
	}
	/* Only new files are told, and not what becomes of an old one. */
	if (n >= sizeof(folder) || before->is_there ||
		inotify_add_watch(notify, folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0)
		blind = 1;
}

int
probe_watches(void)
{
	return notify >= 0 && !blind;
}

int
probe_came(void)
{
	int was = came;

	came = 0;
	return was;
}

static void
told(void *arg, short events)
{
	union {
		struct inotify_event event;
		char bytes[4096];
	} u;
	ssize_t n;

	(void)arg;
	(void)events;
	came = 1;
	while ((n = read(notify, &u, sizeof(u))) > 0) {
		for (char *at = u.bytes; at < u.bytes + n;) {
			const struct inotify_event *e = (const struct inotify_event *)at;

			/* Its folder went away, or so much came that some was lost. */
			if (e->mask & (IN_IGNORED | IN_Q_OVERFLOW | IN_UNMOUNT))
				blind = 1;
			at += sizeof(*e) + e->len;
		}
	}
}

void
probe_wait(void)
{
	wait_fd(notify, POLLIN, told, NULL);
}
