/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-init, process 1 of a guest: the order of things. Nothing here may end
 * the process, as the kernel panics when process 1 ends; nothing allocates.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "events.h"
#include "halt.h"
#include "line.h"
#include "mounts.h"
#include "net.h"
#include "record.h"

#define KDGKBTYPE 0x4B33 /* answered by virtual terminals only */

static struct config config;

/* The value of msmv.NAME= on the kernel's command line, or NULL; it is cut in place. */
static char *
cmdline_value(char *line, const char *name)
{
	size_t len = strlen(name);

	for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n"))
		if (strncmp(word, name, len) == 0)
			return word + len;
	return NULL;
}

static char *
cmdline_get(const char *name)
{
	static char line[4096];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof(line) - 1);

	if (fd >= 0)
		close(fd);
	line[n > 0 ? n : 0] = '\0';
	return cmdline_value(line, name);
}

/* The command line is for the person who looks into a guest: it wins. */
static void
apply_cmdline(void)
{
	const char *log = cmdline_get("msmv.log=");
	const char *halt;
	int level = log ? log_level_named(log) : -1;

	if (level >= 0)
		config.log = (unsigned)level;
	log_set_level((enum log_level)config.log);
	halt = cmdline_get("msmv.halt=");
	for (unsigned i = 0; halt && halt_names[i]; i++)
		if (strcmp(halt, halt_names[i]) == 0)
			config.halt = i;
}

/*
 * The kernel says TERM=linux to every init, unless its command line has a TERM.
 * That is wrong on a serial line, where vt100 is what all terminals understand.
 */
static char *
terminal(void)
{
	static char serial[] = "TERM=vt100", term[64] = "TERM=";
	const char *given = getenv("TERM");
	char type;

	if (!given || strlen(given) + 6 > sizeof(term))
		return serial;
	if (strcmp(given, "linux") == 0 && ioctl(0, KDGKBTYPE, &type) != 0)
		return serial;
	strcpy(term + 5, given);
	return term;
}

/* Each returns how much of what the configuration asks for could not be done. */

static int
read_configuration(void)
{
	struct line why;
	int error;

	line_clear(&why);
	config_init(&config, terminal());
	error = config_read(&config, CONFIG_PATH, &why);
	apply_cmdline();
	if (error == 0)
		return 0;
	record_fail("config", NULL, error, why.text);
	/* Half a configuration is nobody's wish. */
	config.app_count = 0;
	return 1;
}

static int
set_hostname(void)
{
	if (!config.hostname ||
		sethostname(config.hostname, strlen(config.hostname)) == 0)
		return 0;
	record_fail("hostname", NULL, errno, strerror(errno));
	return 1;
}

static int
start_network(void)
{
	struct line why;
	int error;

	net_loopback();
	if (!config.net.interface)
		return 0;
	line_clear(&why);
	error = net_start(&config.net, &why);
	if (error == 0)
		return 0;
	record_fail("network", NULL, error, why.text);
	return 1;
}

int
main(void)
{
	uint64_t started_us = clock_us(CLOCK_MONOTONIC);
	unsigned failures;

	if (getpid() != 1) {
		static const char text[] =
			"msmv-init: starts as process 1 of a machine only\n";

		return write(2, text, sizeof(text) - 1) < 0 ? 3 : 2;
	}
	events_block();
	halt_on_crash();
	umask(022);
	/* The kernel leaves nothing open, but a container's runtime may. */
	syscall(SYS_close_range, 3, ~0U, 0);
	mounts_dev();
	console_open();
	mounts_rest();
	/* Ctrl-Alt-Del comes as SIGINT instead of an unclean restart. */
	reboot(RB_DISABLE_CAD);
	failures = (unsigned)read_configuration();
	if (failures > 0) {
		events_fail();
		events_run(&config);
	}
	failures += (unsigned)set_hostname();
	failures += (unsigned)start_network();
	failures += events_start_apps(&config);
	if (failures == 0)
		record_ready(clock_us(CLOCK_BOOTTIME),
			clock_us(CLOCK_MONOTONIC) - started_us, config.app_count);
	events_run(&config);
}
