/* SPDX-License-Identifier: GPL-3.0-only */
/* What /etc/msmv/init.ini asks for. Read once; every string lies in one static buffer. */
#ifndef INIT_CONFIG_H
#define INIT_CONFIG_H

#include <stdint.h>
#include <sys/types.h>

#define CONFIG_PATH "/etc/msmv/init.ini"
#define CONFIG_BYTES 65536 /* of the file */
#define CONFIG_APPS 16
#define CONFIG_WORDS 2048 /* of all argv, env and dns together */

struct line;

/* What happens when an application ends. */
enum then { THEN_POWEROFF, THEN_REBOOT, THEN_RESTART, THEN_NONE };

/* How the machine ends. AUTO: powered off where the machine can, else restarted. */
enum halt_action { HALT_AUTO, HALT_POWEROFF, HALT_REBOOT, HALT_STOP };

struct app {
	const char *name;
	char **argv, **env; /* env: complete, made by config_read */
	const char *dir;
	unsigned uid, gid;
	unsigned on_exit; /* enum then */
	unsigned stop_signal;
	unsigned tty;
	/* While it runs; see events.c. */
	pid_t pid; /* 0: not running */
	unsigned quick_ends;
	uint64_t started_us, restart_us; /* restart_us 0: no restart is due */
};

struct net {
	const char *interface; /* NULL: no network but the loopback is configured */
	uint32_t address, netmask, gateway; /* network byte order; 0: not given */
	char **dns;
};

struct config {
	char *term; /* "TERM=..." for applications that do not set it */
	const char *hostname;
	char **env;
	unsigned grace_ms; /* for applications to end after their stop signal */
	unsigned log;      /* enum log_level */
	unsigned halt;     /* enum halt_action */
	struct net net;
	struct app apps[CONFIG_APPS];
	unsigned app_count;
};

extern const char *const then_names[];
extern const char *const halt_names[];

/* What holds when nothing is configured. term outlives the config; NULL: none. */
void config_init(struct config *, char *term);
/* 0, or an errno value with why = "PATH:LINE: reason". What was read before it stays. */
int config_read(struct config *, const char *path, struct line *why);
/* The same from memory; text has room for size + 1 bytes and must outlive the config. */
int config_parse(
	struct config *, char *text, size_t size, const char *path, struct line *why);

#endif
