/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * QEMU's command line, from nothing up: no defaults, no user's configuration, only
 * the devices that are asked for, so that a boot here is a boot anywhere.
 */
#include "vm/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/argv.h"
#include "vm/machine.h"

struct line {
	struct argv args;
	const struct guest *guest;
	const struct machine *machine; /* NULL: one that the table does not know */
	const char *suffix;            /* of virtio devices: "device" is at an address */
};

static bool
has_virtiofs(const struct guest *g)
{
	for (size_t i = 0; i < g->share_count; i++)
		if (g->shares[i].socket)
			return true;
	return false;
}

/* virtiofsd works in the guest's memory, so that must be a file that it can have too. */
static void
add_memory(struct line *l, bool shared)
{
	long long mib = (long long)(l->guest->memory >> 20);

	argv_add(&l->args, "-m");
	argv_add(&l->args, "%lldM", mib);
	if (!shared)
		return;
	argv_add(&l->args, "-object");
	argv_add(&l->args, "memory-backend-memfd,id=memory,size=%lldM,share=on", mib);
}

static void
add_machine(struct line *l)
{
	const struct guest *g = l->guest;
	const char *value = g->special   ? g->special
	                    : l->machine ? l->machine->value
	                                 : g->machine;
	bool shared = has_virtiofs(g);

	argv_add(&l->args, "-machine");
	argv_add(&l->args, "%s%s", value, shared ? ",memory-backend=memory" : "");
	argv_pair(&l->args, "-accel", g->accel);
	argv_pair(&l->args, "-cpu", g->cpu);
	add_memory(l, shared);
	argv_add(&l->args, "-smp");
	argv_add(&l->args, "%lld", (long long)g->cpus);
	argv_add(&l->args, "-nodefaults");
	argv_add(&l->args, "-no-user-config");
	argv_pair(&l->args, "-display", "none");
	argv_add(&l->args, "-no-reboot"); /* a guest without power-off ends by reset */
}

/* ---- Streams ----------------------------------------------------------- */

static bool
is_wired(const struct guest_wire *w)
{
	return w->fd >= 0 || w->path;
}

static void
add_wire(struct line *l, const char *id, const struct guest_wire *w)
{
	char before[64];

	if (w->pipe && w->fd < 0) {
		snprintf(before, sizeof(before), "pipe,id=%s,path=", id);
		argv_add(&l->args, "-chardev");
		argv_file(&l->args, before, w->path);
		return;
	}
	if (w->pipe) {
		argv_add(&l->args, "-add-fd");
		argv_add(&l->args, "fd=%d,set=%d", w->fd, w->fd);
		argv_add(&l->args, "-chardev");
		/* It would cut the file off otherwise, which a pipe refuses. */
		argv_add(&l->args, "file,id=%s,path=/dev/fdset/%d,append=on", id, w->fd);
		return;
	}
	argv_add(&l->args, "-chardev");
	if (w->fd >= 0) {
		argv_add(&l->args, "socket,id=%s,fd=%d", id, w->fd);
		return;
	}
	snprintf(before, sizeof(before), "socket,id=%s,server=on,wait=off,path=", id);
	argv_file(&l->args, before, w->path);
}

static void
add_control(struct line *l, const struct guest_wire *w)
{
	add_wire(l, "control", w);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-serial-%s", l->suffix);
	argv_pair(&l->args, "-device",
	          "virtserialport,chardev=control,name=" GUEST_CONTROL_PORT);
}

static void
add_streams(struct line *l, const struct guest_sockets *s)
{
	if (!s) {
		argv_pair(&l->args, "-serial", "stdio");
		return;
	}
	if (is_wired(&s->qmp)) {
		add_wire(l, "qmp", &s->qmp);
		argv_pair(&l->args, "-mon", "chardev=qmp,mode=control");
	}
	if (is_wired(&s->console)) {
		add_wire(l, "console", &s->console);
		argv_pair(&l->args, "-serial", "chardev:console");
	}
	if (is_wired(&s->control))
		add_control(l, &s->control);
	if (s->paused)
		argv_add(&l->args, "-S");
}

/* ---- What it boots ------------------------------------------------------ */

static void
add_firmware(struct line *l)
{
	const struct guest *g = l->guest;

	if (!g->vars) {
		argv_pair(&l->args, "-bios", g->firmware);
		return;
	}
	argv_add(&l->args, "-drive");
	argv_file(&l->args, "if=pflash,unit=0,format=raw,readonly=on,file=", g->firmware);
	argv_add(&l->args, "-drive");
	argv_file(&l->args, "if=pflash,unit=1,format=raw,snapshot=on,file=", g->vars);
}

static bool
has_folder_disk(const struct guest *g)
{
	for (size_t i = 0; i < g->disk_count; i++)
		if (strcmp(g->disks[i].format, "fat") == 0)
			return true;
	return false;
}

/* A UKI is started by firmware: from a disk that holds it, else QEMU hands it over. */
static void
add_kernel(struct line *l)
{
	const struct guest *g = l->guest;
	const char *kernel = g->kernel           ? g->kernel
	                     : has_folder_disk(g) ? NULL
	                                          : g->uki;

	if (g->firmware)
		add_firmware(l);
	if (kernel)
		argv_pair(&l->args, "-kernel", kernel);
	if (g->initramfs)
		argv_pair(&l->args, "-initrd", g->initramfs);
	if (g->cmdline && *g->cmdline)
		argv_pair(&l->args, "-append", g->cmdline);
}

/* ---- Devices ------------------------------------------------------------ */

static void
add_disk(struct line *l, const struct guest_disk *d, size_t i)
{
	bool fat = strcmp(d->format, "fat") == 0;
	char before[96];

	snprintf(before, sizeof(before), "id=disk%zu,if=none,format=%s%s,file=%s", i,
	         fat ? "raw" : d->format,
	         d->readonly || fat ? ",readonly=on"
	         : d->discard       ? ",snapshot=on"
	                            : "",
	         fat ? "fat:" : "");
	argv_add(&l->args, "-drive");
	argv_file(&l->args, before, d->path);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-blk-%s,drive=disk%zu%s%s", l->suffix, i,
	         d->serial ? ",serial=" : "", d->serial ? d->serial : "");
}

static char *
forward_text(const struct guest_forward *f)
{
	char *text = NULL;

	if (asprintf(&text, ",hostfwd=%s:%s:%d-:%d", f->udp ? "udp" : "tcp",
	             f->address ? f->address : "127.0.0.1", f->host, f->guest) < 0)
		return NULL;
	return text;
}

/* "user,id=net0,hostfwd=..." grows with its forwards; the caller frees it. */
static char *
user_network(const struct guest_nic *nic, size_t i)
{
	char *text = NULL;

	if (asprintf(&text, "user,id=net%zu", i) < 0)
		return NULL;
	for (size_t k = 0; text && k < nic->forward_count; k++) {
		char *more = forward_text(&nic->forwards[k]), *both = NULL;

		if (!more || asprintf(&both, "%s%s", text, more) < 0)
			both = NULL;
		free(more);
		free(text);
		text = both;
	}
	return text;
}

static void
add_nic(struct line *l, const struct guest_nic *nic, size_t i)
{
	char *user = nic->tap ? NULL : user_network(nic, i);

	argv_add(&l->args, "-netdev");
	if (nic->tap)
		argv_add(&l->args, "tap,id=net%zu,ifname=%s,script=no,downscript=no", i,
		         nic->tap);
	else if (user)
		argv_add(&l->args, "%s", user);
	else
		l->args.failed = true;
	free(user);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-net-%s,netdev=net%zu%s%s", l->suffix, i,
	         nic->mac ? ",mac=" : "", nic->mac ? nic->mac : "");
}

static void
add_share(struct line *l, const struct guest_share *s, size_t i)
{
	char before[96];

	if (s->socket) {
		snprintf(before, sizeof(before), "socket,id=share%zu,path=", i);
		argv_add(&l->args, "-chardev");
		argv_file(&l->args, before, s->socket);
		argv_add(&l->args, "-device");
		argv_add(&l->args, "vhost-user-fs-%s,chardev=share%zu,tag=%s", l->suffix, i,
		         s->tag);
		return;
	}
	snprintf(before, sizeof(before), "local,id=share%zu,security_model=none%s,path=", i,
	         s->readonly ? ",readonly=on" : "");
	argv_add(&l->args, "-fsdev");
	argv_file(&l->args, before, s->path);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-9p-%s,fsdev=share%zu,mount_tag=%s", l->suffix, i, s->tag);
}

static void
add_vsock(struct line *l)
{
	const struct guest *g = l->guest;

	argv_add(&l->args, "-device");
	if (g->vsock_fd > 0)
		argv_add(&l->args, "vhost-vsock-%s,guest-cid=%u,vhostfd=%d", l->suffix,
		         g->vsock_cid, g->vsock_fd);
	else
		argv_add(&l->args, "vhost-vsock-%s,guest-cid=%u", l->suffix, g->vsock_cid);
}

static void
add_devices(struct line *l)
{
	const struct guest *g = l->guest;

	for (size_t i = 0; i < g->disk_count; i++)
		add_disk(l, &g->disks[i], i);
	for (size_t i = 0; i < g->nic_count; i++)
		add_nic(l, &g->nics[i], i);
	for (size_t i = 0; i < g->share_count; i++)
		add_share(l, &g->shares[i], i);
	if (g->vsock_cid)
		add_vsock(l);
	if (g->rng) {
		argv_add(&l->args, "-device");
		argv_add(&l->args, "virtio-rng-%s", l->suffix);
	}
	if (g->screen && l->machine)
		argv_pair(&l->args, "-device", l->machine->gpu);
}

const char *
guest_bus(const struct guest *g)
{
	const struct machine *m = machine_find(g->arch, g->machine, g->accel, g->acpi);

	if (g->bus && strcmp(g->bus, "auto") != 0)
		return g->bus;
	return m ? m->bus : "pci";
}

char **
guest_argv(const struct guest *g, const char *qemu, const struct guest_sockets *sockets)
{
	struct line l = { .guest = g,
		          .machine = machine_find(g->arch, g->machine, g->accel, g->acpi) };

	l.suffix = strcmp(guest_bus(g), "pci") == 0 ? "pci" : "device";
	argv_add(&l.args, "%s", qemu);
	add_machine(&l);
	add_streams(&l, sockets);
	add_kernel(&l);
	add_devices(&l);
	for (size_t i = 0; g->more && g->more[i]; i++)
		argv_add(&l.args, "%s", g->more[i]);
	return argv_done(&l.args);
}
