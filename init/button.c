/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A button is an input device with KEY_POWER: that of ACPI, gpio-keys, and a
 * keyboard that has such a key. Numbers as in linux/input.h, which a C library
 * alone does not bring.
 */
#include "button.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "config.h"
#include "events.h"
#include "file.h"
#include "line.h"
#include "wait.h"

#define DEVICES 16 /* that are looked at */
#define BUTTONS 4
#define EV_KEY 1
#define KEY_POWER 116
#define KEY_BYTES 96 /* of the set of all keys */
#define EVIOCGBIT_KEY _IOC(_IOC_READ, 'E', 0x20 + EV_KEY, KEY_BYTES)

struct input_event {
	struct timeval time;
	uint16_t type, code;
	int32_t value;
};

static int buttons[BUTTONS];
static unsigned count;

static int
has_key(int fd)
{
	unsigned char keys[KEY_BYTES] = {0};

	return ioctl(fd, EVIOCGBIT_KEY, keys) >= 0 &&
	       keys[KEY_POWER / 8] & 1 << KEY_POWER % 8;
}

void
button_open(void)
{
	struct stat st;

	/* Sixteen names that are not there are a sixteenth of a small guest's start. */
	if (stat("/dev/input", &st) != 0)
		return;
	for (unsigned i = 0; i < DEVICES && count < BUTTONS; i++) {
		struct line path;
		int fd;

		line_clear(&path);
		line_fmt(&path, "/dev/input/event%u", i);
		fd = file_open(path.text, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
		if (fd < 0)
			continue;
		if (has_key(fd))
			buttons[count++] = fd;
		else
			close(fd);
	}
}

int
button_is_there(void)
{
	return count > 0;
}

static void
came(void *arg, short events)
{
	int *fd = arg;
	struct input_event e[16];
	ssize_t n;

	(void)events;
	while ((n = read(*fd, e, sizeof(e))) > 0)
		for (size_t i = 0; i < (size_t)n / sizeof(e[0]); i++)
			if (e[i].type == EV_KEY && e[i].code == KEY_POWER && e[i].value == 1)
				events_end(HALT_AUTO, "button", 0);
	/* Unplugged: it would be ready for ever. */
	if (n == 0 || events & (POLLERR | POLLHUP)) {
		close(*fd);
		*fd = -1;
	}
}

void
button_wait(void)
{
	for (unsigned i = 0; i < count; i++)
		wait_fd(buttons[i], POLLIN, came, &buttons[i]);
}
