/* SPDX-License-Identifier: GPL-3.0-only */
/* See vm_plan.h. */
#include "cli/vm_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/json.h"
#include "config.h"
#include "vm/argv.h"
#include "vm/folder.h"
#include "vm/machine.h"

enum { START_MIN_MS = 10000 };

const char *
plan_keep(struct vm_plan *p, char *text)
{
	vec_push(&p->kept, text);
	return text;
}

const char *
plan_path(struct vm_plan *p, const char *path)
{
	return plan_keep(p, path_absolute(path));
}

const char *
plan_fact(const struct vm_plan *p, const char *name)
{
	return p->facts ? record_get(p->facts, name) : NULL;
}

const char *
plan_qemu(const struct vm_plan *p)
{
	const char *given = args_get(p->args, "qemu", 0), *usual = plan_fact(p, "qemu.binary");

	return given ? given : usual ? usual : "qemu-system-x86_64";
}

void
plan_release(struct vm_plan *p)
{
	session_close(&p->session);
	for (size_t i = 0; i < p->kept.len; i++)
		free(p->kept.v[i]);
	vec_release(&p->kept);
	vec_release(&p->more);
	json_decref(p->boot);
	if (p->lock >= 0)
		close(p->lock);
	free(p->folder);
	free(p->word);
	free(p->path);
}

static json_t *
words_json(char *const *words)
{
	json_t *list = json_array();

	for (size_t i = 0; words && words[i]; i++)
		json_array_append_new(list, json_text(words[i]));
	return list;
}

static json_t *
disks_json(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->disk_count; i++)
		json_array_append_new(list, json_pack("{s:o, s:s, s:b, s:b}", "file",
			json_text(g->disks[i].path), "format", g->disks[i].format, "readonly",
			(int)g->disks[i].readonly, "discard", (int)g->disks[i].discard));
	return list;
}

static json_t *
ports_json(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; g->nic_count && i < g->nics[0].forward_count; i++) {
		const struct guest_forward *f = &g->nics[0].forwards[i];

		json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:s}", "address",
			f->address ? f->address : "127.0.0.1", "host", f->host, "guest", f->guest,
			"protocol", f->udp ? "udp" : "tcp"));
	}
	return list;
}

static json_t *
shares_json(const struct vm_plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->guest.share_count; i++) {
		const struct guest_share *s = &p->guest.shares[i];
		json_t *o = json_pack("{s:o, s:o, s:b}", "path", json_text(s->path), "tag",
			json_text(s->tag), "readonly", (int)s->readonly);

		if (s->fd > 0) {
			json_object_set_new(o, "virtiofsd", json_text(p->virtiofsd));
			json_object_set_new(o, "fd", json_integer(s->fd));
		}
		json_array_append_new(list, o);
	}
	return list;
}

/* The machine, as vm.json and msmv vm status tell of it. */
static json_t *
machine_json(const struct vm_plan *p)
{
	const struct guest *g = &p->guest;
	const struct machine *m = machine_find(g->arch, g->machine, g->accel, g->acpi);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:b}", "arch", p->arch,
		"form", g->form, "machine", g->machine, "accel", g->accel, "cpu", g->cpu, "memory",
		(json_int_t)g->memory, "cpus", (json_int_t)g->cpus, "disks", disks_json(g), "ports",
		ports_json(g), "button", (int)(m ? m->button : true));

	json_object_set_new(o, "shares", shares_json(p));
	json_object_set_new(o, "slots", json_integer(g->slots));
	if (*p->why)
		json_object_set_new(o, "accel_why", json_text(p->why));
	if (g->vsock_cid)
		json_object_set_new(o, "cid", json_integer(g->vsock_cid));
	return o;
}

static json_t *
config_json(const struct vm_plan *p, char *const *argv)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	cleanup_free char *named = path_absolute(p->word);
	json_t *o = machine_json(p);
	int start_ms;

	json_object_set_new(o, "v", json_integer(1));
	json_object_set_new(o, "name", json_string(p->vm->name));
	json_object_set_new(o, "created", json_integer((json_int_t)time(NULL)));
	json_object_set_new(o, "msmv", json_string(PACKAGE_VERSION));
	json_object_set_new(o, "from", json_pack("{s:s, s:o}", "kind", p->kind, "path",
		json_text(named)));
	if (p->disk && !p->guest.disks[0].discard)
		json_object_set_new(o, "own_disk", json_pack("{s:o, s:o}", "image",
			json_text(p->disk), "file", json_text(p->guest.disks[0].path)));
	json_object_set_new(o, "paused", json_boolean(args_has(p->args, "paused")));
	json_object_set_new(o, "ends_at_reset", json_boolean(!args_has(p->args, "reboot")));
	if (vm_timeout(p->args, "timeout", 0, &start_ms) == 0 && start_ms > 0) {
		/* Of a guest that is waited for, QEMU has no part in a short time. */
		if (args_has(p->args, "wait") && start_ms < START_MIN_MS)
			start_ms = START_MIN_MS;
		json_object_set_new(o, "start_ms", json_integer(start_ms));
	}
	json_object_set_new(o, "dir", json_text(cwd));
	json_object_set_new(o, "argv", words_json(argv));
	return o;
}

int
plan_fresh_disk(const json_t *config, struct err *err)
{
	const json_t *own = json_object_get(config, "own_disk");
	const char *file = vm_text(own, "file");
	cleanup_free char *aside = xasprintf("%s.new", file);

	if (!own)
		return 0;
	unlink(aside);
	if (fs_copy(vm_text(own, "image"), aside, 0600, err) < 0) {
		unlink(aside); /* the disk stays as it is */
		return -1;
	}
	return rename(aside, file) < 0 ? err_errno(err, "replace %s", file) : 0;
}

/* The person's own words come last, so that they win. */
static char **
make_argv(struct vm_plan *p)
{
	cleanup_free char *console = path_join(p->folder, "console");
	const struct guest_sockets sockets = { { .fd = VM_FD_QMP },
		{ .fd = -1, .path = console, .pipe = true }, { .fd = VM_FD_CONTROL }, true };
	if (args_has(p->args, "reboot")) {
		vec_push(&p->more, "-action");
		vec_push(&p->more, "reboot=reset");
	}
	for (size_t i = 1; i < p->args->words.len; i++)
		vec_push(&p->more, p->args->words.v[i]);
	vec_push(&p->more, NULL);
	p->guest.more = p->more.v;
	return guest_argv(&p->guest, plan_qemu(p), &sockets);
}

/* vm.json has to hold each byte of what will be run, and where. */
static int
check_text(const struct vm_plan *p, char *const *argv)
{
	cleanup_free char *cwd = getcwd(NULL, 0);
	const char *const paths[] = { cwd ? cwd : "", p->folder, p->disk ? p->disk : "" };
	const char *bad = NULL;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (!json_can_hold(paths[i]))
			bad = paths[i];
	for (size_t i = 0; i < p->guest.share_count; i++)
		if (!json_can_hold(p->guest.shares[i].path))
			bad = p->guest.shares[i].path;
	for (size_t i = 0; argv[i]; i++)
		if (!json_can_hold(argv[i]))
			bad = argv[i];
	return bad ? complain(EXIT_FAILED, "'%s' is no UTF-8, as all that a VM is described with has"
		" to be", bad) : 0;
}

int
plan_write(struct vm_plan *p)
{
	cleanup_err struct err err = ERR_INIT;
	char **argv = make_argv(p);
	json_t *config;

	if (!argv)
		return complain(EXIT_FAILED, "out of memory");
	if (check_text(p, argv) != 0) {
		argv_free(argv);
		return EXIT_FAILED;
	}
	config = config_json(p, argv);
	argv_free(argv);
	if (plan_fresh_disk(config, &err) < 0 ||
		vm_write(p->folder, "vm.json", json_incref(config), &err) < 0)
		complain(EXIT_FAILED, "%s", err_msg(&err));
	json_decref(config);
	return err.msg ? EXIT_FAILED : 0;
}
