/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv.conf: what a person or a site sets once, for every recipe. It can change where
 * things come from and where they are kept, never what a recipe makes.
 *
 *	[mirrors]
 *	https://ftp.gnu.org/gnu/ = https://mirror.example/gnu/
 *
 *	[store]
 *	dir = ~/big-disk/msmv
 *
 *	[run]
 *	jobs = 4
 *	nice = 10
 *	ionice = idle
 *	ccache = true
 *
 *	[sandbox]
 *	enable = true
 *	read = /opt/toolchain /srv/licences
 *
 *	[limits]
 *	memory = 8G
 *	[limits.kernel.build]
 *	time = 14400
 *
 *	[fetch]
 *	proxy = http://proxy.example:3128
 *	no_proxy = localhost,.example
 *	ca_file = /etc/ssl/company.pem
 *	offline = true
 *
 * A comment begins with ';' or '#', or with " ;" behind a value.
 */
#ifndef MSMV_RECIPE_CONF_H
#define MSMV_RECIPE_CONF_H

#include "base/err.h"
#include "base/record.h"

/* The kernel's numbers of its classes. */
enum conf_ionice { CONF_IONICE_UNSET = 0, CONF_IONICE_BEST_EFFORT = 2, CONF_IONICE_IDLE = 3 };

struct conf {
	struct record mirrors; /* url prefix -> replacement, the first that fits is tried first */
	char *store_dir;       /* absolute; NULL: not set */
	int jobs;              /* 0: not set */
	int ccache;            /* 1: true, -1: false, 0: not set */
	int nice;              /* 0 to 19; -1: not set */
	enum conf_ionice ionice;
	int sandbox;           /* 1: true, -1: false, 0: not set */
	char *sandbox_read;    /* absolute paths, a space between; NULL: not set */
	struct record limits;  /* "memory" or "STAGE memory" = decimal: run/limits.h */
	struct record fetch;   /* options of fetch stages that change no result */
};

#define CONF_INIT { RECORD_INIT, NULL, 0, 0, -1, CONF_IONICE_UNSET, 0, NULL, RECORD_INIT, \
	RECORD_INIT }
#define CONF_JOBS_MAX 4096
#define CONF_NICE_MAX 19

/*
 * $MSMV_CONF alone if it is set (it must exist then; empty for no file at all), else
 * msmv/msmv.conf in $XDG_CONFIG_HOME or ~/.config, and after it the system's. What the
 * earlier file sets stands; its mirrors come first. -1 with "file:line: cause" in err.
 */
int conf_load(struct conf *c, struct err *err);
/* One file that must exist; what c has already set stands. */
int conf_read(struct conf *c, const char *path, struct err *err);
void conf_release(struct conf *c);

#endif
