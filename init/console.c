/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The console is the only voice a guest has, and it may be missing, slow or
 * stuck. Init therefore writes through a descriptor of its own that does not
 * block, and gives a line up when nobody takes it: a host that stops reading
 * must not stop PID 1.
 */
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "line.h"

#define CONSOLE "/dev/console"
#define STUCK_MS 1000 /* how long a full console may stay full */
#define ROOM_BYTES 4096 /* PIPE_BUF */
#define DRAIN_MS 50   /* how long a record may take to leave the UART */

/* syslog(2): stop and restart the kernel's own output to consoles. */
#define KLOG_CONSOLE_OFF 6
#define KLOG_CONSOLE_ON 7

static int out = 2;
static int shared;
static int is_kernels; /* the kernel writes there too */
static int stuck; /* nobody has taken the last line */
static int may_block; /* its descriptor is shared with applications, and stays as it is */
static enum log_level level = LOG_WARN;

static const char *const level_names[] = {"error", "warn", "info", "debug"};

uint64_t
clock_us(int clock)
{
	struct timespec ts = {0};

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* O_APPEND means nothing to a terminal; a plain file in its place keeps all lines. */
static int
open_console(int flags)
{
	return file_open(CONSOLE, O_RDWR | O_NOCTTY | O_APPEND | flags, 0);
}

static int
open_stdio(void)
{
	int fd = open_console(0);

	if (fd < 0 && errno == ENOENT) {
		mknod(CONSOLE, S_IFCHR | 0600, makedev(5, 1));
		fd = open_console(0);
	}
	return fd;
}

/* Descriptors that the kernel opened before it started init. */
static int
inherited(void)
{
	return fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
}

/* A pipe or file of the kernel's once more, as init's own that does not block. */
static void
share_inherited(void)
{
	int fd = file_open("/proc/self/fd/2",
		O_WRONLY | O_NOCTTY | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0);

	out = fd < 0 ? 2 : fd;
	may_block = fd < 0;
}

static int
open_nothing(void)
{
	int fd = file_open("/dev/null", O_RDWR, 0);

	if (fd < 0 && errno == ENOENT) {
		mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3));
		fd = file_open("/dev/null", O_RDWR, 0);
	}
	/* Reads and writes fail there, but no later open becomes somebody's standard
	 * output. */
	return fd < 0 ? file_open("/", O_RDONLY | O_DIRECTORY, 0) : fd;
}

/* The kernel opens it, where the image has the node, before it starts init. */
static int
is_console(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(5, 1);
}

void
console_open(void)
{
	int fd;

	is_kernels = 1;
	if (is_console(0) && is_console(1) && is_console(2)) {
		fd = open_console(O_NONBLOCK | O_CLOEXEC);
		out = fd < 0 ? 2 : fd;
		return;
	}
	fd = open_stdio();
	if (fd < 0 && inherited()) {
		share_inherited();
		return;
	}
	if (fd < 0)
		fd = open_nothing();
	for (int to = 0; to <= 2; to++)
		dup2(fd, to);
	if (fd > 2)
		close(fd);
	fd = open_console(O_NONBLOCK | O_CLOEXEC);
	out = fd < 0 ? 2 : fd;
}

void
console_shared(void)
{
	shared = 1;
}

int
console_fd(void)
{
	return out;
}

ssize_t
console_write(const char *text, size_t size)
{
	struct pollfd room = {.fd = out, .events = POLLOUT};

	if (may_block && poll(&room, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	/* A pipe that has room has it for as much. */
	return write(out, text, may_block && size > ROOM_BYTES ? ROOM_BYTES : size);
}

int
console_copy(const char *text, size_t len)
{
	while (len > 0) {
		struct pollfd room = {.fd = out, .events = POLLOUT};
		ssize_t n = console_write(text, len);

		if (n >= 0) {
			stuck = 0;
			text += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			/* Once is enough: each line would take as long. */
			if (poll(&room, 1, stuck ? 0 : STUCK_MS) <= 0) {
				stuck = 1;
				return -1;
			}
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

/* A UART sends long after write returned; kernel messages would cut in until then. */
static void
drain(void)
{
	const struct timespec ms = {.tv_nsec = 1000000};
	int left = 0;

	for (int i = 0; i < DRAIN_MS; i++) {
		if (ioctl(out, TIOCOUTQ, &left) != 0 || left == 0)
			return;
		nanosleep(&ms, NULL);
	}
}

void
console_record(const struct line *l)
{
	char text[1 + LINE_MAX_TEXT + 1];
	size_t n = 0;
	int held = is_kernels ? klogctl(KLOG_CONSOLE_OFF, NULL, 0) : -1;

	if (shared)
		text[n++] = '\n';
	memcpy(text + n, l->text, l->len);
	n += l->len;
	text[n++] = '\n';
	console_copy(text, n);
	drain();
	if (held == 0)
		klogctl(KLOG_CONSOLE_ON, NULL, 0);
}

void
log_set_level(enum log_level to)
{
	level = to;
}

int
log_level_named(const char *name)
{
	for (int i = 0; i <= LOG_DEBUG; i++)
		if (strcmp(name, level_names[i]) == 0)
			return i;
	return -1;
}

/* "init: [    0.123] warn: text" */
void
log_msg(enum log_level of, const char *fmt, ...)
{
	struct line l;
	va_list ap;
	uint64_t ms;

	if (of > level)
		return;
	ms = clock_us(CLOCK_BOOTTIME) / 1000;
	line_clear(&l);
	line_str(&l, "init: [");
	for (uint64_t pad = 10000; pad > 1 && ms / 1000 < pad; pad /= 10)
		line_byte(&l, ' ');
	line_num(&l, ms / 1000, 0);
	line_byte(&l, '.');
	line_num(&l, ms % 1000, 3);
	line_fmt(&l, "] %s: ", level_names[of]);
	va_start(ap, fmt);
	line_vfmt(&l, fmt, ap);
	va_end(ap);
	if (l.len == LINE_MAX_TEXT)
		l.len--;
	l.text[l.len++] = '\n';
	console_copy(l.text, l.len);
}
