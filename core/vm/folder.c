/* SPDX-License-Identifier: GPL-3.0-only */
/* See folder.h. A record lock (fcntl) and no flock, as its holder can be asked for. */
#include "vm/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { JSON_FILE_MAX = 4 << 20 };

char *
vm_root(void)
{
	const char *dir = getenv("MSMV_VM_DIR"), *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (dir && *dir)
		return path_absolute(dir);
	if (state && *state)
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

void
vm_names(const char *root, struct vm_names *out)
{
	DIR *dir = opendir(root);
	struct dirent *e;

	*out = (struct vm_names)VEC_INIT;
	while (dir && (e = readdir(dir)))
		if (vm_exists(root, e->d_name))
			vec_push(out, xstrdup(e->d_name));
	if (dir)
		closedir(dir);
	if (out->len)
		qsort(out->v, out->len, sizeof(*out->v), by_name);
}

void
vm_names_release(struct vm_names *names)
{
	for (size_t i = 0; i < names->len; i++)
		free(names->v[i]);
	vec_release(names);
}

pid_t
vm_holder(const char *root, const char *name)
{
	cleanup_free char *path = vm_path(root, name, "lock");
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd < 0 || fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid;
}

int
vm_hold(const char *folder, struct err *err)
{
	cleanup_free char *path = path_join(folder, "lock");
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(err, "open %s", path);
	if (fcntl(fd, F_SETLK, &lock) == 0)
		return fd;
	if (errno == EAGAIN || errno == EACCES)
		err_set(err, "it runs already");
	else
		err_errno(err, "lock %s", path);
	close(fd);
	return -1;
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

int
vm_write(const char *folder, const char *file, json_t *o, struct err *err)
{
	cleanup_free char *path = path_join(folder, file);
	cleanup_free char *text = json_dumps(o, JSON_INDENT(2));
	cleanup_str struct str line = STR_INIT;

	json_decref(o);
	if (!text)
		return err_set(err, "%s holds what JSON cannot", path);
	str_addf(&line, "%s\n", text);
	return fs_write(path, line.p, line.len, false, err);
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

/* The supervisor writes an end before it goes; without one it was killed. */
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
				  : "its supervisor was killed, and QEMU with it"));
	json_object_del(state, "qemu");
	json_object_del(state, "supervisor");
}

json_t *
vm_state(const char *root, const char *name)
{
	/* The holder first: one that ends in between has written its end by then. */
	pid_t holder = vm_holder(root, name);
	json_t *state = vm_read(root, name, "state.json");

	if (!state)
		state = json_pack("{s:i, s:s}", "v", 1, "state", holder ? "starting" : "created");
	if (!holder)
		put_right(state);
	json_object_set_new(state, "name", json_string(name));
	return state;
}
