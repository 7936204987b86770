/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * File systems that init mounts beside the kernel's, as a line of fstab has them without
 * its path: "ext4 /dev/vdb noatime", "9p share ro", "tmpfs size=16m".
 */
#include "options.h"

#include <string.h>

#include "../problem/problem.h"
#include "text.h"
#include "words.h"

#define VOLUMES_MAX 16 /* as many as init has room for */

struct volume {
	const char *path, *type, *source, *options;
	struct words words;
};

static int
is_memory(const char *type)
{
	static const char *const names[] = {"tmpfs", "ramfs", "proc", "sysfs", "debugfs",
		"tracefs", "securityfs", "bpf", "hugetlbfs", "mqueue", "configfs"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(type, names[i]) == 0)
			return 1;
	return 0;
}

static int
volume_read(struct msmv_stage *s, size_t i, struct volume *v)
{
	const char *text = s->host->option_at(s, "mounts", i), *error = NULL;
	size_t fixed;

	*v = (struct volume){.path = s->host->option_key(s, "mounts", i)};
	if (!guest_path_is_right(v->path))
		return problem_at(s, "mounts", v->path, NULL,
			"mounts: \"%s\" is not an absolute path", v->path);
	if (words_parse(&v->words, text, &error) != 0)
		return problem_at(s, "mounts", v->path, NULL, "mounts: %s = \"%s\": %s", v->path,
			text, error);
	fixed = v->words.count > 0 && is_memory(v->words.items[0]) ? 1 : 2;
	if (v->words.count < fixed || v->words.count > fixed + 1)
		return problem_at(s, "mounts", v->path,
			"write \"tmpfs size=16m\", \"ext4 /dev/vdb noatime\", \"9p TAG\"",
			"mounts: %s = \"%s\" is not a type, %swith or without options", v->path,
			text, fixed == 2 ? "a device or tag, " : "");
	v->type = v->words.items[0];
	v->source = v->words.items[fixed - 1];
	v->options = v->words.count > fixed ? v->words.items[fixed] : NULL;
	return 0;
}

static int
has_option(const char *options, const char *name)
{
	size_t n = strlen(name);

	for (const char *c = options; c && *c; c += strcspn(c, ",")) {
		c += *c == ',';
		if (strncmp(c, name, n) == 0)
			return 1;
	}
	return 0;
}

/* With a comma between to words of init.ini; 9p over virtio, unless it says otherwise. */
static void
options_write(struct text *t, const struct volume *v)
{
	int is_9p = strcmp(v->type, "9p") == 0 && !has_option(v->options, "trans=");
	const char *c = v->options ? v->options : "";

	if (*c == '\0' && !is_9p)
		return;
	text_str(t, "options =");
	if (is_9p)
		text_fmt(t, " trans=virtio%s",
			has_option(v->options, "version=") ? "" : " version=9p2000.L");
	while (*c != '\0') {
		size_t n = strcspn(c, ",");
		struct text word = {0};

		text_bytes(&word, c, n);
		text_str(t, n > 0 ? " " : "");
		if (n > 0 && word.data)
			word_quote(t, word.data);
		t->failed |= word.failed;
		text_release(&word);
		c += n + (c[n] == ',');
	}
	text_str(t, "\n");
}

static int
mkfs_write(struct msmv_stage *s, struct text *t, const struct volume *v)
{
	const char *text = map_get(s, "mount_mkfs", v->path), *error = NULL;
	struct words w = {0};
	int bad = 0;

	if (!text)
		return 0;
	if (strncmp(v->source, "/dev/", 5) != 0)
		return problem_at(s, "mount_mkfs", v->path, NULL,
			"mount_mkfs: %s is no disk, and mkfs would make nothing on \"%s\"", v->path,
			v->source);
	if (words_parse(&w, text, &error) != 0)
		bad = problem_at(s, "mount_mkfs", v->path, NULL, "mount_mkfs: %s: %s", text, error);
	else if (w.count == 0 || w.items[0][0] != '/' || w.count > 30)
		bad = problem_at(s, "mount_mkfs", v->path, "write \"/sbin/mke2fs -q -t ext4\"",
			"mount_mkfs: \"%s\" does not begin with a program's path in the guest",
			text);
	text_str(t, bad ? "" : "mkfs =");
	for (size_t i = 0; !bad && i < w.count; i++) {
		text_str(t, " ");
		word_quote(t, w.items[i]);
	}
	text_str(t, bad ? "" : "\n");
	words_release(&w);
	return bad;
}

static int
volume_write(struct msmv_stage *s, struct text *t, size_t i)
{
	struct volume v;
	unsigned uid, gid;
	int bad = volume_read(s, i, &v);

	if (!bad && v.type && v.source) {
		text_fmt(t, "\n[mount m%zu]\npath = ", i);
		word_quote(t, v.path);
		text_str(t, "\ntype = ");
		word_quote(t, v.type);
		text_str(t, "\nsource = ");
		word_quote(t, v.source);
		text_str(t, "\n");
		options_write(t, &v);
		bad = mkfs_write(s, t, &v);
		if (map_get(s, "mount_owner", v.path)) {
			bad |= account_find(s, "mount_owner", v.path, &uid, &gid);
			text_fmt(t, "uid = %u\ngid = %u\n", uid, gid);
		}
	}
	words_release(&v.words);
	return bad;
}

static int
keys_are_mounts(struct msmv_stage *s, const char *option)
{
	size_t n = s->host->option_count(s, option);
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *key = s->host->option_key(s, option, i);

		if (!map_get(s, "mounts", key))
			bad = problem_at(s, option, key, NULL,
				"%s: nothing is mounted at \"%s\"", option, key);
	}
	return bad;
}

/* Whether another that is not written yet is mounted on a folder above it, and would hide
 * it if it came later. */
static int
has_parent(struct msmv_stage *s, size_t n, size_t of, const unsigned char *written)
{
	const char *path = s->host->option_key(s, "mounts", of);

	for (size_t i = 0; i < n; i++) {
		const char *above = s->host->option_key(s, "mounts", i);
		size_t len = strlen(above);

		if (!written[i] && strncmp(path, above, len) == 0 && path[len] == '/')
			return 1;
	}
	return 0;
}

int
ini_volumes(struct msmv_stage *s, struct text *t)
{
	size_t n = s->host->option_count(s, "mounts");
	int bad = keys_are_mounts(s, "mount_mkfs") | keys_are_mounts(s, "mount_owner");
	unsigned char written[VOLUMES_MAX] = {0};

	if (n > VOLUMES_MAX)
		bad = problem_at(s, "mounts", NULL, NULL,
			"%zu mounts, and init has room for %d", n, VOLUMES_MAX);
	for (size_t left = n <= VOLUMES_MAX ? n : 0; left > 0; left--) {
		size_t next = 0;

		while (written[next] || has_parent(s, n, next, written))
			next++;
		written[next] = 1;
		bad |= volume_write(s, t, next);
	}
	return bad;
}
