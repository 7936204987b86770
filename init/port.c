/* SPDX-License-Identifier: GPL-3.0-only */
/* The folder is read with the kernel's own call, as opendir allocates. */
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "console.h"
#include "file.h"
#include "line.h"

#define PORTS "/sys/class/virtio-ports"

struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

/* Whether the port of the device is the one of this name. */
static int
has_name(const char *device, const char *name)
{
	struct line path;
	char text[64];
	ssize_t n;

	line_clear(&path);
	line_fmt(&path, PORTS "/%s/name", device);
	n = file_read(path.text, text, sizeof(text));
	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	return n > 0 && strcmp(text, name) == 0;
}

static int
device_open(const char *device)
{
	struct line path;
	int fd;

	line_clear(&path);
	line_fmt(&path, "/dev/%s", device);
	fd = file_open(path.text, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
	if (fd < 0)
		log_msg(LOG_WARN, "%s: %s", path.text, strerror(errno));
	return fd;
}

int
port_open(const char *name)
{
	union {
		struct entry entry;
		char bytes[1024];
	} u;
	int folder = file_open(PORTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), fd = -1;
	long n = folder < 0 ? 0 : 1;

	while (fd < 0 && n > 0) {
		n = syscall(SYS_getdents64, folder, &u, sizeof(u));
		for (char *at = u.bytes; fd < 0 && at < u.bytes + n;) {
			const struct entry *e = (const struct entry *)at;

			if (e->name[0] != '.' && has_name(e->name, name))
				fd = device_open(e->name);
			at += e->size;
		}
	}
	if (folder >= 0)
		close(folder);
	return fd;
}
