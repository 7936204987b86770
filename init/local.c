/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * As somebody's program, for those who write a guest's configuration: of a
 * machine that is somebody else's only the applications are ours.
 */
#include "local.h"

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "control.h"
#include "halt.h"
#include "line.h"
#include "wait.h"

static const char *folder; /* NULL: process 1 of a machine */
static unsigned port;      /* 0: a socket in the folder */

/* 0 if it is none. */
static unsigned
port_of(const char *text)
{
	unsigned n = 0;

	for (; *text >= '0' && *text <= '9' && n <= 65535; text++)
		n = n * 10 + (unsigned)(*text - '0');
	return *text == '\0' && n <= 65535 ? n : 0;
}

int
local_begin(int argc, char **argv)
{
	static const char text[] = "msmv-init: starts as process 1 of a machine; "
				   "msmv-init FOLDER [PORT] tries FOLDER/init.ini here\n";

	if (argc == 3)
		port = port_of(argv[2]);
	if (argc < 2 || argc > 3 || (argc == 3 && port == 0))
		return write(2, text, sizeof(text) - 1) < 0 ? 3 : 2;
	folder = argv[1];
	wait_block(0);
	halt_locally();
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return 0;
}

int
is_local(void)
{
	return folder != NULL;
}

const char *
local_file(struct line *path, const char *name)
{
	line_clear(path);
	line_fmt(path, "%s/%s", folder, name);
	return path->text;
}

int
local_control(struct line *what)
{
	local_file(what, "control");
	if (control_open_local(what->text, port) == 0)
		return 0;
	if (port != 0) {
		line_clear(what);
		line_fmt(what, "127.0.0.1:%u", port);
	}
	return errno;
}
