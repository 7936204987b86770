/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The fixed part of a root file system. /bin, /lib and /usr come from the
 * applications; here is what a guest needs that no application brings.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "text.h"

static const struct {
	const char *path;
	unsigned mode;
} folders[] = {
	{"dev", 0755},
	{"dev/pts", 0755},
	{"dev/shm", 01777},
	{"etc", 0755},
	{"etc/msmv", 0755},
	{"home", 0755},
	{"mnt", 0755},
	{"proc", 0555},
	{"root", 0700},
	{"run", 0755},
	{"sys", 0555},
	{"tmp", 01777},
	{"var", 0755},
	{"var/lib", 0755},
	{"var/log", 0755},
	{"var/tmp", 01777},
};

/* For kernels without devtmpfs, and for the time before it is mounted. */
static const struct {
	const char *path;
	unsigned mode, gid, major, minor;
} nodes[] = {
	{"dev/console", 0600, 0, 5, 1},
	{"dev/full", 0666, 0, 1, 7},
	{"dev/hvc0", 0620, 5, 229, 0},
	{"dev/kmsg", 0600, 0, 1, 11},
	{"dev/null", 0666, 0, 1, 3},
	{"dev/ptmx", 0666, 5, 5, 2},
	{"dev/random", 0666, 0, 1, 8},
	{"dev/tty", 0666, 5, 5, 0},
	{"dev/tty0", 0620, 5, 4, 0},
	{"dev/ttyAMA0", 0620, 5, 204, 64},
	{"dev/ttyS0", 0620, 5, 4, 64},
	{"dev/urandom", 0666, 0, 1, 9},
	{"dev/zero", 0666, 0, 1, 5},
};

static const struct {
	const char *path, *target;
} links[] = {
	{"etc/mtab", "/proc/self/mounts"},
	/* Written at run time, and / may be read-only then. */
	{"etc/resolv.conf", "/run/resolv.conf"},
	{"var/run", "/run"},
};

/* [files] wins over the skeleton. */
static int
is_replaced(struct msmv_stage *s, const char *path)
{
	char full[64];

	snprintf(full, sizeof(full), "/%s", path);
	return files_has(s, full);
}

void
skeleton_each(struct msmv_stage *s,
	void (*visit)(void *arg, const char *path, unsigned mode), void *arg)
{
	static const char *const files[] = {"etc/passwd", "etc/group", "etc/shadow",
		"etc/hostname", "etc/hosts", "etc/fstab"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		visit(arg, folders[i].path, S_IFDIR);
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (!is_replaced(s, nodes[i].path))
			visit(arg, nodes[i].path, S_IFCHR);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!is_replaced(s, links[i].path))
			visit(arg, links[i].path, S_IFLNK);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!is_replaced(s, files[i]))
			visit(arg, files[i], S_IFREG);
}

static int
add_file(struct msmv_stage *s, struct msmv_tree *tree, const char *path, unsigned mode,
	struct text *t)
{
	struct msmv_entry e = {.struct_size = sizeof(e),
		.mode = S_IFREG | mode,
		.path = path,
		.fd = -1,
		.size = t->len,
		.data = t->data};
	int failed = t->failed ? s->host->fail(s, MSMV_FAIL_SYSTEM, "out of memory")
		     : is_replaced(s, path) ? 0
					    : s->host->tree_add(tree, &e);

	text_release(t);
	return failed;
}

static int
add_link(struct msmv_stage *s, struct msmv_tree *tree, const char *path,
	const char *target)
{
	struct msmv_entry e = {.struct_size = sizeof(e),
		.mode = S_IFLNK | 0777,
		.path = path,
		.target = target,
		.fd = -1};

	return is_replaced(s, path) ? 0 : s->host->tree_add(tree, &e);
}

static int
add_folder(struct msmv_stage *s, struct msmv_tree *tree, const char *path, unsigned mode)
{
	struct msmv_entry e = {
		.struct_size = sizeof(e), .mode = S_IFDIR | mode, .path = path, .fd = -1};

	return s->host->tree_add(tree, &e);
}

static int
add_tables(struct msmv_stage *s, struct msmv_tree *tree)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (add_folder(s, tree, folders[i].path, folders[i].mode) != 0)
			return -1;
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		struct msmv_entry e = {.struct_size = sizeof(e),
			.path = nodes[i].path,
			.mode = S_IFCHR | nodes[i].mode,
			.gid = nodes[i].gid,
			.major = nodes[i].major,
			.minor = nodes[i].minor,
			.fd = -1};

		if (!is_replaced(s, nodes[i].path) && s->host->tree_add(tree, &e) != 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (add_link(s, tree, links[i].path, links[i].target) != 0)
			return -1;
	return 0;
}

static int
add_accounts(struct msmv_stage *s, struct msmv_tree *tree)
{
	struct text passwd = {0}, group = {0}, shadow = {0};
	int failed = accounts_write(s, &passwd, &group, &shadow);

	failed = failed || add_file(s, tree, "etc/passwd", 0644, &passwd) != 0 ||
		 add_file(s, tree, "etc/group", 0644, &group) != 0 ||
		 add_file(s, tree, "etc/shadow", 0600, &shadow) != 0;
	text_release(&passwd);
	text_release(&group);
	text_release(&shadow);
	return failed ? -1 : 0;
}

static int
add_names(struct msmv_stage *s, struct msmv_tree *tree)
{
	char name[HOSTNAME_MAX + 1];
	struct text t = {0};

	hostname_get(s, name);
	text_fmt(&t, "%s\n", name);
	if (add_file(s, tree, "etc/hostname", 0644, &t) != 0)
		return -1;
	text_fmt(&t, "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n", name);
	if (add_file(s, tree, "etc/hosts", 0644, &t) != 0)
		return -1;
	text_str(&t, "# msmv-init mounts the kernel's file systems by itself.\n");
	return add_file(s, tree, "etc/fstab", 0644, &t);
}

static int
add_ini(struct msmv_stage *s, struct msmv_tree *tree)
{
	struct text t = {0};

	if (ini_write(s, &t) != 0) {
		text_release(&t);
		return -1;
	}
	return add_file(s, tree, "etc/msmv/init.ini", 0644, &t);
}

/* Its presence is what init starts msmv-net by. */
static int
add_net_ini(struct msmv_stage *s, struct msmv_tree *tree)
{
	struct text t = {0};

	if (net_ini(s, &t) != 0) {
		text_release(&t);
		return -1;
	}
	return t.len == 0 ? 0 : add_file(s, tree, "etc/msmv/net.ini", 0644, &t);
}

int
skeleton_write(struct msmv_stage *s, struct msmv_tree *tree)
{
	/* First: of two equal folders the first counts. */
	if (files_write(s, tree) != 0 || add_tables(s, tree) != 0 || add_accounts(s, tree) != 0 ||
		add_names(s, tree) != 0 || add_ini(s, tree) != 0 ||
		add_net_ini(s, tree) != 0)
		return -1;
	return extras_write(s, tree);
}
