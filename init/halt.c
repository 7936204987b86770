/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Linux that is asked to power off a machine which cannot stops the processor
 * instead, and the host waits for ever. So init asks for it only where it
 * works, and restarts the machine elsewhere: QEMU with -no-reboot then ends.
 */
#include "halt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "console.h"
#include "control.h"
#include "file.h"
#include "line.h"
#include "mounts.h"
#include "record.h"

static const unsigned commands[] = {
	[HALT_POWEROFF] = RB_POWER_OFF,
	[HALT_REBOOT] = RB_AUTOBOOT,
	[HALT_STOP] = RB_HALT_SYSTEM,
};

/*
 * A PC powers off through ACPI, and QEMU's microvm may have none; the kernel
 * makes these folders when it found the tables. Machines of other kinds do it
 * through firmware that is always there (PSCI, SBI).
 */
static int
can_power_off(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return access("/sys/firmware/acpi", F_OK) == 0 || access("/proc/acpi", F_OK) == 0;
#else
	return 1;
#endif
}

enum halt_action
halt_resolve(enum halt_action action)
{
	if (action != HALT_AUTO)
		return action;
	return can_power_off() ? HALT_POWEROFF : HALT_REBOOT;
}

static int local;

void
halt_locally(void)
{
	local = 1;
}

/* Our children as the kernel lists them, those that were left to us too. */
static void
kill_children(int signal)
{
	char list[4096];
	struct line path;
	pid_t pid = 0;

	line_clear(&path);
	line_fmt(&path, "/proc/self/task/%d/children", (int)getpid());
	file_read(path.text, list, sizeof(list));
	for (const char *c = list; *c != '\0'; c++) {
		if (*c >= '0' && *c <= '9') {
			pid = pid * 10 + (*c - '0');
		} else if (pid > 1) {
			kill(pid, signal);
			pid = 0;
		}
	}
}

void
halt_kill(int signal)
{
	if (local)
		kill_children(signal);
	else
		kill(-1, signal);
}

void
halt_kill_left(int signal)
{
	if (local)
		kill_children(signal);
}

static void __attribute__((noreturn)) sleep_for_ever(void)
{
	for (;;)
		pause();
}

void
halt_machine(
	const struct config *c, enum halt_action action, const char *reason, int code)
{
	if (local) {
		record_halt("exit", reason, code);
		control_end();
		_exit(code);
	}
	action = halt_resolve(action);
	mounts_end(c);
	record_halt(halt_names[action], reason, code);
	control_end();
	if (reboot((int)commands[action]) != 0)
		log_msg(LOG_ERROR, "%s: %s", halt_names[action], strerror(errno));
	/* PID 1 that ended would be a kernel panic. */
	sleep_for_ever();
}

static void
crashed(int signal)
{
	struct line why;

	line_clear(&why);
	line_fmt(&why, "init was hit by signal %d", signal);
	record_fail("crash", NULL, 0, why.text);
	reboot(RB_AUTOBOOT);
	sleep_for_ever();
}

void
halt_on_crash(void)
{
	static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS};
	struct sigaction act = {.sa_handler = crashed};

	/* A second fault inside the handler must not come back to it. */
	act.sa_flags = (int)SA_RESETHAND;
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &act, NULL);
}
