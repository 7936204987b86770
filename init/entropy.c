/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A seed counts once: two boots that begin with the same one would draw the
 * same secrets. So the file goes before its bytes are counted, and a new one is
 * written at once; a machine that is switched off has it all the same.
 */
#include "entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "console.h"
#include "file.h"
#include "line.h"

#define SEED_BYTES 32
#define RNDADDENTROPY _IOW('R', 0x03, int[2])

struct pool {
	int bits, size;
	char bytes[SEED_BYTES];
};

static void
add(struct pool *p, int size, int counts)
{
	int fd = file_open("/dev/urandom", O_RDWR | O_CLOEXEC, 0);

	p->size = size;
	p->bits = counts ? size * 8 : 0;
	if (fd >= 0 && ioctl(fd, RNDADDENTROPY, p) != 0)
		log_msg(LOG_INFO, "entropy: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* The first bytes of a file, which may be larger. How many. */
static int
seed_read(const char *seed, char bytes[SEED_BYTES])
{
	int fd = file_open(seed, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? 0 : read(fd, bytes, SEED_BYTES);

	if (fd >= 0)
		close(fd);
	return n > 0 ? (int)n : 0;
}

/* Until its folder is on the disk, a file that was removed may be there at the next
 * boot. */
static int
folder_sync(const char *seed)
{
	struct line folder;
	int fd, failed;

	line_clear(&folder);
	line_str(&folder, seed);
	/* The path is absolute. */
	while (folder.len > 1 && folder.text[folder.len - 1] != '/')
		folder.len--;
	folder.text[folder.len] = '\0';
	fd = file_open(folder.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	failed = fd < 0 || fsync(fd) != 0;
	if (fd >= 0)
		close(fd);
	return failed ? -1 : 0;
}

static int
renew(const char *seed)
{
	char bytes[SEED_BYTES];
	int fd, failed;

	/* Not now: there is nothing yet that a seed could be made of. */
	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) != (ssize_t)sizeof(bytes))
		return 0;
	fd = file_open(seed, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	failed = fd < 0 || write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes) ||
		 fsync(fd) != 0;
	if (fd >= 0)
		close(fd);
	return failed ? -1 : folder_sync(seed);
}

int
entropy_add(const char *seed)
{
	struct pool p;
	int n;

	if (!seed)
		return 0;
	n = seed_read(seed, p.bytes);
	if (n > 0 && unlink(seed) == 0)
		add(&p, n, folder_sync(seed) == 0);
	if (renew(seed) == 0)
		return 0;
	log_msg(LOG_WARN, "write %s: %s", seed, strerror(errno));
	return -1;
}
