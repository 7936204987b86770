/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A machine's devices for an init that runs in namespaces: calls that would
 * reach them are linked to these. A vsock port is a socket in /data, the
 * virtio-serial port another, a button is any FIFO, the clock stands at 1970, and
 * with /data/screen there is a virtual terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define VSOCK 40
#define GET_LOCAL_CID 0x7b9
#define KEYS_SIZE 96
#define KEYS _IOC(_IOC_READ, 'E', 0x21, KEYS_SIZE)
#define ADD_ENTROPY _IOW('R', 0x03, int[2])
#define RTC_READ _IOC(_IOC_READ, 'p', 0x09, 36)

int __real_socket(int domain, int type, int protocol);
int __real_bind(int fd, const struct sockaddr *at, socklen_t size);
int __real_connect(int fd, const struct sockaddr *to, socklen_t size);
int __real_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags);
int __real_file_open(const char *path, int flags, mode_t mode);
int __real_ioctl(int fd, unsigned long request, void *arg);
int __real_clock_gettime(clockid_t clock, struct timespec *to);
int __real_mount(const char *source, const char *target, const char *type,
	unsigned long flags, const void *data);
int __wrap_mount(const char *source, const char *target, const char *type,
	unsigned long flags, const void *data);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *at, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t size);
int __wrap_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags);
int __wrap_file_open(const char *path, int flags, mode_t mode);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_clock_gettime(clockid_t clock, struct timespec *to);
int __wrap_clock_settime(clockid_t clock, const struct timespec *to);

/* As a kernel without devtmpfs: the real one would show this machine's devices. */
int
__wrap_mount(const char *source, const char *target, const char *type, unsigned long flags,
	const void *data)
{
	if (type && strcmp(type, "devtmpfs") == 0)
		return errno = ENODEV, -1;
	return __real_mount(source, target, type, flags, data);
}

int
__wrap_socket(int domain, int type, int protocol)
{
	return __real_socket(domain == VSOCK ? AF_UNIX : domain, type, protocol);
}

/* A vsock address as a path; 0 if it is another's. */
static socklen_t
path_of(const struct sockaddr *from, const char *name, struct sockaddr_un *to)
{
	unsigned port;

	if (from->sa_family != VSOCK)
		return 0;
	memcpy(&port, (const char *)from + 4, sizeof(port));
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(to->sun_path, sizeof(to->sun_path), "/data/%s.%u", name, port);
	return sizeof(*to);
}

int
__wrap_bind(int fd, const struct sockaddr *at, socklen_t size)
{
	struct sockaddr_un un;
	socklen_t n = path_of(at, "guest", &un);

	return n ? __real_bind(fd, (struct sockaddr *)&un, n) : __real_bind(fd, at, size);
}

int
__wrap_connect(int fd, const struct sockaddr *to, socklen_t size)
{
	struct sockaddr_un un;
	socklen_t n = path_of(to, "host", &un);

	return n ? __real_connect(fd, (struct sockaddr *)&un, n)
		 : __real_connect(fd, to, size);
}

/* Who calls is the host, or has the CID in /data/cid; with /data/emfile nobody is let in. */
int
__wrap_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags)
{
	unsigned cid = 2;
	FILE *f;
	int got;

	if (access("/data/emfile", F_OK) == 0)
		return errno = EMFILE, -1;
	got = __real_accept4(fd, NULL, NULL, flags);
	f = fopen("/data/cid", "r");
	if (f && fscanf(f, "%u", &cid) != 1)
		cid = 0;
	if (f)
		fclose(f);
	if (got >= 0 && from && *size >= 16) {
		memset(from, 0, *size);
		from->sa_family = VSOCK;
		memcpy((char *)from + 8, &cid, sizeof(cid));
	}
	return got;
}

static int
port(int flags)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = "/data/serial"};
	int fd = __real_socket(AF_UNIX, SOCK_STREAM | (flags & O_CLOEXEC), 0);

	if (fd < 0 || __real_connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return -1;
	fcntl(fd, F_SETFL, flags & O_NONBLOCK);
	return fd;
}

int
__wrap_file_open(const char *path, int flags, mode_t mode)
{
	if (strncmp(path, "/dev/vport", 10) == 0)
		return port(flags);
	return __real_file_open(path, flags, mode);
}

/* What was counted, and of how many bytes. */
static int
entropy(const int *bits_and_size)
{
	FILE *f = fopen("/data/entropy", "w");

	if (!f)
		return -1;
	fprintf(f, "%d %d\n", bits_and_size[0], bits_and_size[1]);
	return fclose(f);
}

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	/* The third of May 2026, 04:05:06. */
	static const int rtc[9] = {6, 5, 4, 3, 4, 126, 0, 0, 0};
	struct stat st;
	void *arg;
	va_list ap;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == GET_LOCAL_CID)
		return *(unsigned *)arg = 3, 0;
	if (request == ADD_ENTROPY)
		return entropy(arg);
	/* The first virtual terminal. */
	if (request == TIOCGDEV && access("/data/screen", F_OK) == 0)
		return *(unsigned *)arg = 4 << 8 | 1, 0;
	if (request == RTC_READ)
		return memcpy(arg, rtc, sizeof(rtc)), 0;
	if (request != KEYS)
		return __real_ioctl(fd, request, arg);
	if (fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode))
		return errno = ENOTTY, -1;
	((unsigned char *)arg)[116 / 8] |= 1 << 116 % 8;
	return KEYS_SIZE;
}

int
__wrap_clock_gettime(clockid_t clock, struct timespec *to)
{
	if (clock == CLOCK_REALTIME)
		return *to = (struct timespec){.tv_sec = 7}, 0;
	return __real_clock_gettime(clock, to);
}

/* Never this machine's. */
int
__wrap_clock_settime(clockid_t clock, const struct timespec *to)
{
	FILE *f = fopen("/data/time", "w");

	if (!f)
		return -1;
	fprintf(f, "%d %lld\n", (int)clock, (long long)to->tv_sec);
	return fclose(f);
}
