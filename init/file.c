/* SPDX-License-Identifier: GPL-3.0-only */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
file_open(const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t
file_read(const char *path, char *text, size_t room)
{
	int fd = file_open(path, O_RDONLY | O_CLOEXEC, 0);
	size_t size = 0;
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && size < room - 1) {
		n = read(fd, text + size, room - 1 - size);
		size += n > 0 ? (size_t)n : 0;
	}
	if (n > 0) {
		char more;

		n = read(fd, &more, 1);
		if (n > 0) {
			errno = EFBIG;
			n = -1;
		}
	}
	if (fd >= 0)
		close(fd);
	text[size] = '\0';
	return n < 0 ? -1 : (ssize_t)size;
}

int
file_write(const char *path, const char *text, size_t size, mode_t mode)
{
	int fd = file_open(path, O_WRONLY | O_CLOEXEC | (mode ? O_CREAT | O_TRUNC : 0), mode);
	ssize_t n = fd < 0 ? -1 : write(fd, text, size);

	/* What the kernel is told takes one write. */
	if (n >= 0 && (size_t)n != size)
		errno = ENOSPC;
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)size ? 0 : -1;
}
