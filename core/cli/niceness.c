/* SPDX-License-Identifier: GPL-3.0-only */
/* How much of the machine is left to others; workers and their tools inherit it. */
#include "cli/niceness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/str.h"
#include "recipe/conf.h"

enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_SHIFT = 13, IOPRIO_LOWEST = 7 };

static int
read_nice(const char *text, int *out)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || n < 0 || n > CONF_NICE_MAX)
		return complain(EXIT_USAGE, "--nice needs a number from 0 to %d, not '%s'",
			CONF_NICE_MAX, text);
	*out = (int)n;
	return 0;
}

static int
read_ionice(const char *text, enum conf_ionice *out)
{
	*out = streq(text, "idle") ? CONF_IONICE_IDLE
		: streq(text, "best-effort") ? CONF_IONICE_BEST_EFFORT : CONF_IONICE_UNSET;
	return *out ? 0
		: complain(EXIT_USAGE, "--ionice is best-effort or idle, not '%s'", text);
}

/* A process that is nicer already stays so: it may not take back what it gave. */
int
be_nice(const struct conf *conf, const struct args *args)
{
	const char *nice = args_get(args, "nice", 0), *io = args_get(args, "ionice", 0);
	enum conf_ionice class = conf->ionice;
	int level = conf->nice, code = nice ? read_nice(nice, &level) : 0;

	if (code == 0 && io)
		code = read_ionice(io, &class);
	if (code)
		return code;
	if (level > getpriority(PRIO_PROCESS, 0))
		setpriority(PRIO_PROCESS, 0, level);
	if (class)
		syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
			(int)class << IOPRIO_CLASS_SHIFT |
				(class == CONF_IONICE_BEST_EFFORT ? IOPRIO_LOWEST : 0));
	return 0;
}
