/* SPDX-License-Identifier: GPL-3.0-only */
/* What /etc/msmv/init.ini asks for. Read once; every string lies in one static buffer. */
#ifndef INIT_CONFIG_H
#define INIT_CONFIG_H

#include <stdint.h>
#include <sys/types.h>

#include "output.h"
#include "probe.h"

#define CONFIG_PATH "/etc/msmv/init.ini"
#define CONFIG_NETWORK "/etc/msmv/net.ini" /* of the network helper */
#define CONFIG_HELPER "/sbin/msmv-net"
#define CONFIG_BYTES 65536 /* of the file */
#define CONFIG_APPS 16 /* and one more for the network helper */
#define CONFIG_GROUPS 16 /* of one application */
#define CONFIG_VOLUMES 16
#define CONFIG_WORDS 2048 /* of all argv, env and dns together */

struct line;

/* What happens when an application ends. */
enum then { THEN_POWEROFF, THEN_REBOOT, THEN_RESTART, THEN_NONE };

/* How the machine ends. AUTO: powered off where the machine can, else restarted. */
enum halt_action { HALT_AUTO, HALT_POWEROFF, HALT_REBOOT, HALT_STOP };

/* When an application that ended is started again. */
enum restart { RESTART_NEVER, RESTART_ON_FAILURE, RESTART_ALWAYS };

/* What makes an application ready, so that those after it are started. */
enum ready {
	READY_STARTED, /* its exec succeeded */
	READY_LINE,    /* it wrote a text */
	READY_TCP,     /* somebody listens on a port */
	READY_FILE,    /* a file is there */
	READY_TASK,    /* it ended with 0 */
	READY_NETWORK  /* of the network helper, which says so itself */
};

struct app {
	const char *name;
	char **argv, **env; /* env: complete, made by config_read */
	char **after;       /* names, or NULL */
	uint32_t needs;     /* bit per place in apps[] of those that must be ready first, and
			       of those that these are after */
	const char *dir;
	unsigned uid, gid;
	unsigned groups[CONFIG_GROUPS], group_count; /* supplementary */
	unsigned on_exit; /* enum then */
	unsigned restart; /* enum restart */
	unsigned task;    /* it is expected to end */
	unsigned ready;   /* enum ready */
	const char *ready_text; /* the line's, or the file's path */
	unsigned ready_port;
	unsigned ready_ms; /* after the first start; then it has failed; 0: never */
	unsigned stop_signal;
	unsigned tty;
	/* While it runs; see service.c. */
	pid_t pid; /* 0: not running */
	unsigned begun, is_ready;
	unsigned tries;   /* of a task, that failed */
	unsigned stopped; /* it has had its stop signal */
	struct probe_mark before; /* the file of ready, as it was before the start */
	unsigned quick_ends;
	uint64_t started_us;
	uint64_t restart_us, limit_us, probe_us; /* when that is due; 0: not at all */
	struct output output;
};

struct net {
	const char *interface; /* NULL: no network but the loopback is configured */
	uint32_t address, netmask, gateway; /* network byte order; 0: not given */
	char **dns;
};

/* A file system of the configuration's own. */
struct volume {
	const char *path, *type;
	char *source;
	char **options; /* as in fstab, one a word; NULL: none */
	char **mkfs;    /* run with the device behind it if that is blank; NULL: never */
	unsigned uid, gid; /* of its root */
	unsigned owned;    /* they were given */
	unsigned mounted;  /* by init */
};

struct config {
	char *term; /* "TERM=..." for applications that do not set it */
	const char *hostname;
	char **env;
	char **sysctl;    /* NAME=VALUE */
	const char *seed; /* file with entropy, or NULL */
	unsigned grace_ms; /* for applications to end after their stop signal */
	unsigned log;      /* enum log_level */
	unsigned halt;     /* enum halt_action */
	struct net net;
	struct volume volumes[CONFIG_VOLUMES];
	unsigned volume_count;
	unsigned network_wait_ms; /* for the network helper, before applications start */
	struct app apps[CONFIG_APPS + 1];
	unsigned app_count; /* with the helper, which is the last */
};

extern char config_path[]; /* "PATH=...", what programs get if nothing else is said */
extern const char *const then_names[];
extern const char *const halt_names[];

/* Adds the network helper, which all applications wait for. */
void config_add_helper(struct config *);
/* What holds when nothing is configured; the config is all zeros. term outlives the config; NULL: none. */
void config_init(struct config *, char *term);
/* 0, or an errno value with why = "PATH:LINE: reason". What was read before it stays. */
int config_read(struct config *, const char *path, struct line *why);
/* The same from memory; text has room for size + 1 bytes and must outlive the config. */
int config_parse(
	struct config *, char *text, size_t size, const char *path, struct line *why);

#endif
