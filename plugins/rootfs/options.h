/* SPDX-License-Identifier: GPL-3.0-only */
/* The recipe's wishes, looked at once for check() and run() alike. */
#ifndef ROOTFS_OPTIONS_H
#define ROOTFS_OPTIONS_H

#include <msmv/plugin.h>

struct text;

#define HOSTNAME_MAX 64
#define GUEST_PATH_MAX 4096

/* The value of a MAP option's key, or NULL. */
const char *map_get(struct msmv_stage *, const char *option, const char *key);
/* -1 and the failure recorded when a key of the MAP option names no application. */
int map_keys_are_apps(struct msmv_stage *, const char *option);
/* The host name, with - for what a host name cannot hold. */
void hostname_get(struct msmv_stage *, char name[HOSTNAME_MAX + 1]);

/* Writes all of init.ini; -1 and the failures recorded when it is wrong. */
int ini_write(struct msmv_stage *, struct text *);
/* Each appends its part of it. */
int ini_network(struct msmv_stage *, struct text *);
int ini_volumes(struct msmv_stage *, struct text *);
/* The whole of net.ini, nothing if msmv-net is not wanted. */
int net_ini(struct msmv_stage *, struct text *);
int ini_apps(struct msmv_stage *, struct text *);
/* The part of one application that is about others, its groups and its environment. */
int ini_service(struct msmv_stage *, struct text *, const char *app);
/* -1 and the failure recorded when applications wait for each other. */
int services_order(struct msmv_stage *);

/* Writes the passwd, group and shadow files. */
int accounts_write(struct msmv_stage *, struct text *passwd, struct text *group,
	struct text *shadow);
/* uid and gid of the "NAME" or "UID[:GID]" that a MAP option has for item; -1 and the
   failure recorded if there is none. */
int account_find(struct msmv_stage *, const char *option, const char *item, unsigned *uid,
	unsigned *gid);

/* gid of a group's name or number; -1 and the failure recorded at the option's item. */
int group_find(struct msmv_stage *, const char *option, const char *item, const char *group,
	unsigned *gid);

/* Adds dirs and symlinks of the recipe; tree NULL: only looks whether they are right. */
int extras_write(struct msmv_stage *, struct msmv_tree *tree);
/* An absolute path in the guest without ".", ".." or "//", and not / itself. */
int guest_path_is_right(const char *path);
/* Adds what [files] wants; tree NULL: only looks whether it is right. */
int files_write(struct msmv_stage *, struct msmv_tree *tree);
/* [files] says what is at this path, which begins with /. */
int files_has(struct msmv_stage *, const char *path);
/* -1 and the failures recorded when a path is two things, or below what is no folder. */
int layout_check(struct msmv_stage *);
/* What is in every guest and [files] does not replace; path without /, mode a type. */
void skeleton_each(struct msmv_stage *,
	void (*visit)(void *arg, const char *path, unsigned mode), void *arg);
/* Adds everything to the tree. */
int skeleton_write(struct msmv_stage *, struct msmv_tree *);

#endif
