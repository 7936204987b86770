/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * See folder.h. An open file description lock (F_OFD_SETLK) and no lock of a process, as it
 * goes from msmv vm start to the supervisor and to QEMU without a moment in which nobody
 * has it; and no flock, as others can ask for it without taking it.
 */
#include "vm/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/reserve.h"

enum { JSON_FILE_MAX = 4 << 20 };

/* In each lock file, so that no other file of that name is taken for one. */
static const char mark[] = "msmv vm lock\n";

char *
vm_root(void)
{
	const char *dir = getenv("MSMV_VM_DIR"), *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (dir && *dir)
		return path_absolute(dir);
	if (state && *state == '/') /* the XDG specification: a relative one is ignored */
		return path_join(state, "msmv/vm");
	return home && *home ? path_join(home, ".local/state/msmv/vm") : NULL;
}

bool
vm_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > VM_NAME_MAX || !isalnum((unsigned char)name[0]))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			return false;
	return true;
}

char *
vm_path(const char *root, const char *name, const char *file)
{
	return file ? xasprintf("%s/%s/%s", root, name, file)
		    : xasprintf("%s/%s", root, name);
}

bool
vm_exists(const char *root, const char *name)
{
	cleanup_free char *path = vm_path(root, name, "vm.json");

	return vm_name_ok(name) && fs_exists(path);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
vm_names(const char *root, struct vm_names *out, struct err *err)
{
	DIR *dir = opendir(root);
	struct dirent *e;

	*out = (struct vm_names)VEC_INIT;
	if (!dir && errno != ENOENT)
		return err_errno(err, "read %s", root);
	while (dir && (e = readdir(dir)))
		if (vm_is_there(root, e->d_name))
			vec_push(out, xstrdup(e->d_name));
	if (dir)
		closedir(dir);
	if (out->len)
		qsort(out->v, out->len, sizeof(*out->v), by_name);
	return 0;
}

void
vm_names_release(struct vm_names *names)
{
	for (size_t i = 0; i < names->len; i++)
		free(names->v[i]);
	vec_release(names);
}

static bool
is_marked(const char *folder)
{
	cleanup_free char *path = path_join(folder, "lock");
	cleanup_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[sizeof(mark)];

	return fd >= 0 && read(fd, text, sizeof(text)) == (ssize_t)sizeof(mark) - 1 &&
	       memcmp(text, mark, sizeof(mark) - 1) == 0;
}

bool
vm_is_there(const char *root, const char *name)
{
	cleanup_free char *folder = vm_path(root, name, NULL);

	return vm_exists(root, name) || (vm_name_ok(name) && is_marked(folder));
}

/* What msmv makes in a VM's folder; a name with '*' is one that ends in something more. */
static bool
is_ours(const char *name)
{
	static const char *const ours[] = { "lock", "vm.json", "vm.json.tmp*", "state.json",
		"state.json.tmp*", "state.json.room", "out", "esp", "disk.raw*", "disk.qcow2*", "console.log*",
		"qemu.log*", "qmp.sock", "console.sock", "share.sock", "console.in", "console.out" };

	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		size_t n = strcspn(ours[i], "*");

		if (strncmp(name, ours[i], n) == 0 && (!name[n] || ours[i][n]))
			return true;
	}
	return false;
}

bool
vm_is_left_over(const char *folder)
{
	struct stat st;
	DIR *dir = lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) ? opendir(folder) : NULL;
	bool ours = dir && is_marked(folder);
	struct dirent *e;

	while (ours && (e = readdir(dir)))
		ours = streq(e->d_name, ".") || streq(e->d_name, "..") || is_ours(e->d_name);
	if (dir)
		closedir(dir);
	return ours;
}

bool
vm_held(const char *root, const char *name)
{
	cleanup_free char *path = vm_path(root, name, "lock");
	cleanup_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* vm.json is a command that will be run: nobody else may have written it. */
static int
check_owner(const char *folder, struct err *err)
{
	struct stat st;

	if (stat(folder, &st) < 0)
		return err_errno(err, "look at %s", folder);
	if (st.st_uid != geteuid())
		return err_set(err, "%s belongs to another user", folder);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(err, "%s can be written to by others (chmod go-w)", folder);
	return 0;
}

/* Locked, and still the file of that name: a folder may go while it is waited for. */
static int
take_lock(int fd, const char *path, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat held, named;

	if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EAGAIN || errno == EACCES)
			return err_set(err, "it runs already");
		return err_errno(err, "lock %s", path);
	}
	if (fstat(fd, &held) < 0 || stat(path, &named) < 0 || held.st_ino != named.st_ino ||
		held.st_dev != named.st_dev)
		return err_set(err, "it is being deleted");
	/* Without its mark it would pass for a stranger's the next time. */
	if (held.st_size == 0 && pwrite(fd, mark, sizeof(mark) - 1, 0) != sizeof(mark) - 1) {
		err_errno(err, "write %s", path);
		unlink(path);
		return -1;
	}
	return 0;
}

int
vm_hold(const char *folder, struct err *err)
{
	cleanup_free char *path = path_join(folder, "lock");
	cleanup_close int fd = -1;

	if (check_owner(folder, err) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "open %s", path);
	return take_lock(fd, path, err) < 0 ? -1 : take_fd(fd);
}

int
vm_hold_on(const char *folder, int fd, struct err *err)
{
	cleanup_free char *path = path_join(folder, "lock");

	return check_owner(folder, err) < 0 ? -1 : take_lock(fd, path, err);
}

int
vm_delete(const char *root, const char *name, struct err *err)
{
	cleanup_free char *folder = vm_path(root, name, NULL);
	cleanup_free char *aside = xasprintf("%s/.%s.deleted", root, name);

	if (fs_remove(aside, err) < 0)
		return -1;
	if (rename(folder, aside) < 0)
		return err_errno(err, "remove %s", folder);
	return fs_remove(aside, err);
}

json_t *
vm_read(const char *root, const char *name, const char *file)
{
	cleanup_free char *path = vm_path(root, name, file);
	cleanup_str struct str text = STR_INIT;
	json_t *o;

	if (fs_read(path, JSON_FILE_MAX, &text, NULL) < 0)
		return NULL;
	o = json_loadb(str_text(&text), text.len, 0, NULL);
	if (json_is_object(o))
		return o;
	json_decref(o);
	return NULL;
}

/* o is released. */
static int
to_text(json_t *o, const char *path, struct str *out, struct err *err)
{
	cleanup_free char *text = json_dumps(o, JSON_INDENT(2));

	json_decref(o);
	if (!text)
		return err_set(err, "%s holds what JSON cannot", path);
	str_addf(out, "%s\n", text);
	return 0;
}

int
vm_write(const char *folder, const char *file, json_t *o, struct err *err)
{
	cleanup_free char *path = path_join(folder, file);
	cleanup_str struct str text = STR_INIT;

	if (to_text(o, path, &text, err) < 0)
		return -1;
	return fs_write(path, text.p, text.len, false, err);
}

int
vm_write_state(const char *folder, json_t *o, struct err *err)
{
	cleanup_free char *path = path_join(folder, "state.json");
	cleanup_str struct str text = STR_INIT;

	if (to_text(o, path, &text, err) < 0)
		return -1;
	return reserve_write(path, text.p, text.len, err);
}

const char *
vm_boot_id(void)
{
	static char id[64];
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, id, sizeof(id) - 1);

	if (fd >= 0)
		close(fd);
	id[n > 0 ? n : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
	return id;
}

/* The supervisor writes an end before it goes; without one it was killed, most likely. */
static void
put_right(json_t *state)
{
	const char *now = json_string_value(json_object_get(state, "state"));
	const char *boot = json_string_value(json_object_get(state, "boot_id"));
	bool other = boot && *boot && !streq(boot, vm_boot_id());

	if (now && (streq(now, "stopped") || streq(now, "dead") || streq(now, "created")))
		return;
	json_object_set_new(state, "state", json_string("dead"));
	json_object_set_new(state, "why",
		json_string(other ? "this host was started anew while it ran"
				  : "its end was not recorded: its supervisor was killed, or "
				    "the disk is full"));
	json_object_del(state, "qemu");
	json_object_del(state, "supervisor");
}

json_t *
vm_state(const char *root, const char *name)
{
	/* The lock first: one that ends in between has written its end by then. */
	bool held = vm_held(root, name);
	json_t *state = vm_read(root, name, "state.json");

	if (!state)
		state = json_pack("{s:i, s:s}", "v", 1, "state", held ? "starting" : "created");
	if (!held)
		put_right(state);
	if (!vm_exists(root, name))
		json_object_set_new(state, "why", json_string(held ? "it is being made"
			: "it was not made to its end"));
	json_object_set_new(state, "name", json_string(name));
	return state;
}
