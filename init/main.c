/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-init, process 1 of a guest: the order of things. Nothing here may end
 * the process, as the kernel panics when process 1 ends; nothing allocates.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "console.h"
#include "control.h"
#include "entropy.h"
#include "events.h"
#include "halt.h"
#include "line.h"
#include "local.h"
#include "mounts.h"
#include "net.h"
#include "record.h"
#include "services.h"
#include "steps.h"
#include "sysctl.h"
#include "volume.h"
#include "wait.h"

static struct config config;

/*
 * What the kernel does not know of its command line comes as environment. So a person
 * who looks into a guest can change something, and /proc/cmdline need not be read.
 */
static char *
kernel_word(const char *name)
{
	for (char **word = environ; *word; word++) {
		size_t i = 0;

		while (name[i] != '\0' && (*word)[i] == name[i])
			i++;
		if (name[i] == '\0' && (*word)[i] == '=')
			return *word + i + 1;
	}
	return NULL;
}

/* It wins over the file. */
static void
apply_cmdline(void)
{
	const char *log = kernel_word("msmv_log"), *halt = kernel_word("msmv_halt");
	const char *hostname = kernel_word("msmv_hostname");
	int level = log ? log_level_named(log) : -1;

	if (level >= 0)
		config.log = (unsigned)level;
	for (unsigned i = 0; halt && halt_names[i]; i++)
		if (strcmp(halt, halt_names[i]) == 0)
			config.halt = i;
	if (hostname)
		config.hostname = hostname;
}

/* A virtual terminal, and not a serial line. */
static int
is_screen(int fd)
{
	unsigned device = 0;

	return ioctl(fd, TIOCGDEV, &device) == 0 && major(device) == 4 && minor(device) < 64;
}

/*
 * The kernel says TERM=linux to every init, unless its command line has a TERM.
 * That is wrong on a serial line, where vt100 is what all terminals understand.
 */
static char *
terminal(void)
{
	static char serial[] = "TERM=vt100";
	char *given = kernel_word("TERM");

	if (!given || (strcmp(given, "linux") == 0 && !is_screen(0)))
		return serial;
	return given - strlen("TERM=");
}

/* Each step of the boot. What one cannot do is told where it is known best. */

static enum step_result
failed(const char *step, int error, const char *text, enum step_result how)
{
	record_fail(step, NULL, error, text);
	services_fail();
	return how;
}

static enum step_result
mount_kernels(void)
{
	return mounts_rest() == 0 ? STEP_DONE : STEP_PART;
}

static const char *
config_file(void)
{
	static struct line path;

	return is_local() ? local_file(&path, "init.ini") : CONFIG_PATH;
}

static enum step_result
read_configuration(void)
{
	struct line why;
	int error;

	line_clear(&why);
	config_init(&config, terminal());
	error = config_read(&config, config_file(), &why);
	if (!is_local())
		apply_cmdline();
	log_set_level((enum log_level)config.log);
	if (error == 0)
		return STEP_DONE;
	/* Half a configuration is nobody's wish. */
	config.app_count = 0;
	return failed("config", error, why.text, STEP_FATAL);
}

static enum step_result
set_hostname(void)
{
	if (!config.hostname ||
		sethostname(config.hostname, strlen(config.hostname)) == 0)
		return STEP_DONE;
	return failed("hostname", errno, strerror(errno), STEP_FAILED);
}

static enum step_result
start_network(void)
{
	struct line why;
	struct stat st;
	int error;

	net_loopback();
	if (stat(CONFIG_NETWORK, &st) == 0) {
		config_add_helper(&config);
		services_open_network();
	}
	if (!config.net.interface)
		return STEP_DONE;
	line_clear(&why);
	error = net_start(&config.net, &why);
	return error == 0 ? STEP_DONE : failed("network", error, why.text, STEP_FAILED);
}

static enum step_result
set_clock(void)
{
	return clock_from_rtc() == 0 ? STEP_DONE : STEP_PART;
}

static enum step_result
add_entropy(void)
{
	return entropy_add(config.seed) == 0 ? STEP_DONE : STEP_PART;
}

static enum step_result
set_sysctl(void)
{
	enum step_result result = STEP_DONE;

	for (char **pair = config.sysctl; pair && *pair; pair++)
		if (sysctl_set(*pair) != 0)
			result = failed("sysctl", errno, *pair, STEP_FAILED);
	return result;
}

static enum step_result
mount_volumes(void)
{
	enum step_result result = STEP_DONE;

	for (unsigned i = 0; i < config.volume_count; i++) {
		struct volume *v = &config.volumes[i];
		struct line why;
		int error;

		line_clear(&why);
		error = volume_mount(v, &why);
		v->mounted = error == 0;
		/* Without its data an application might begin with none. */
		if (error != 0 && !volume_may_fail(v))
			return failed("mount", error, why.text, STEP_FATAL);
		if (error != 0) {
			log_msg(LOG_WARN, "%s", why.text);
			result = STEP_PART;
		}
		/* Somebody asked for the end while mkfs ran. */
		if (events_ending())
			return STEP_FATAL;
	}
	return result;
}

static enum step_result
open_control(void)
{
	control_open();
	return STEP_DONE;
}

static enum step_result
open_local(void)
{
	struct line what;
	int error = local_control(&what);

	if (error == 0)
		return STEP_DONE;
	line_fmt(&what, ": %s", strerror(error));
	return failed("control", error, what.text, STEP_FATAL);
}

static const struct step steps[] = {
	{"mounts", mount_kernels},
	{"config", read_configuration},
	{"clock", set_clock},
	{"hostname", set_hostname},
	{"sysctl", set_sysctl},
	{"network", start_network},
	/* Before volumes: their mkfs may take long, and a host be in a hurry. */
	{"control", open_control},
	{"volumes", mount_volumes},
	{"entropy", add_entropy},
};

static const struct step local_steps[] = {
	{"config", read_configuration},
	{"control", open_local},
};

static void __attribute__((noreturn))
run(const struct step *table, size_t count)
{
	if (steps_run(table, count) == STEP_FATAL)
		events_end(HALT_AUTO, "fail", 125);
	/* Nobody waits for what the first look at signals and children would cost. */
	services_advance();
	events_run(&config);
}

int
main(int argc, char **argv)
{
	uint64_t started_us = clock_us(CLOCK_MONOTONIC);

	services_open(&config, started_us);
	if (getpid() != 1) {
		int status = local_begin(argc, argv);

		if (status != 0)
			return status;
		run(local_steps, sizeof(local_steps) / sizeof(local_steps[0]));
	}
	wait_block(1);
	halt_on_crash();
	umask(022);
	/* The kernel leaves nothing open, but a container's runtime may. */
	syscall(SYS_close_range, 3, ~0U, 0);
	mounts_dev();
	console_open();
	run(steps, sizeof(steps) / sizeof(steps[0]));
}
