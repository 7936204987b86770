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

#define SEED_BYTES 32
#define RNDADDENTROPY _IOW('R', 0x03, int[2])

struct pool {
	int bits, size;
	char bytes[SEED_BYTES + 1];
};

static int
is_ready(void)
{
	char byte;

	return getrandom(&byte, 1, GRND_NONBLOCK) == 1;
}

static void
add(struct pool *p, ssize_t size)
{
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	p->size = (int)size;
	p->bits = (int)size * 8;
	if (fd >= 0 && ioctl(fd, RNDADDENTROPY, p) != 0)
		log_msg(LOG_INFO, "entropy: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Older kernels leave it to a program to take what virtio-rng has. */
static void
add_device(void)
{
	int fd = open("/dev/hwrng", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pool p;
	ssize_t n = fd < 0 ? 0 : read(fd, p.bytes, SEED_BYTES);

	if (n > 0)
		add(&p, n);
	if (fd >= 0)
		close(fd);
}

static int
renew(const char *seed)
{
	char bytes[SEED_BYTES];

	/* Not now: there is nothing yet that a seed could be made of. */
	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) != (ssize_t)sizeof(bytes))
		return 0;
	return file_write(seed, bytes, sizeof(bytes), 0600);
}

int
entropy_add(const char *seed)
{
	struct pool p;
	ssize_t n;

	if (!is_ready())
		add_device();
	if (!seed)
		return 0;
	n = file_read(seed, p.bytes, sizeof(p.bytes));
	if (n > 0 && unlink(seed) == 0)
		add(&p, n);
	if (renew(seed) == 0)
		return 0;
	log_msg(LOG_WARN, "write %s: %s", seed, strerror(errno));
	return -1;
}
