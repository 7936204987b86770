/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * QEMU's command line, from nothing up: no defaults, no user's configuration, only
 * the devices that are asked for, so that a boot here is a boot anywhere.
 */
#include "vm/guest_line.h"

#include <stdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Others than QEMU work in the guest's memory: it must be a file that they can have, too. */
static bool
is_shared(const struct guest *g)
{
	for (size_t i = 0; i < g->share_count; i++)
		if (g->shares[i].socket || g->shares[i].fd > 0)
			return true;
	for (size_t i = 0; i < g->nic_count; i++)
		if (g->nics[i].vhost_user)
			return true;
	return false;
}

/* Huge pages are taken at once: one that is gone when it is needed would be QEMU's end. */
static void
add_memory(struct line *l, bool backed)
{
	long long mib = (long long)(l->guest->memory >> 20);

	argv_add(&l->args, "-m");
	argv_add(&l->args, "%lldM", mib);
	if (!backed)
		return;
	argv_add(&l->args, "-object");
	argv_add(&l->args, "memory-backend-memfd,id=memory,size=%lldM,share=on%s", mib,
	         l->guest->hugepages ? ",hugetlb=on,prealloc=on" : "");
}

static void
add_machine(struct line *l)
{
	const struct guest *g = l->guest;
	const char *value = g->special   ? g->special
	                    : l->machine ? l->machine->value
	                                 : g->machine;
	bool backed = g->hugepages || is_shared(g);

	argv_add(&l->args, "-machine");
	argv_add(&l->args, "%s%s", value, backed ? ",memory-backend=memory" : "");
	argv_pair(&l->args, "-accel", g->accel);
	argv_pair(&l->args, "-cpu", g->cpu);
	add_memory(l, backed);
	argv_add(&l->args, "-smp");
	argv_add(&l->args, "%lld", (long long)g->cpus);
	argv_add(&l->args, "-nodefaults");
	argv_add(&l->args, "-no-user-config");
	argv_pair(&l->args, "-display", "none");
	/* Who serves a device from outside speaks virtio 1.0 alone; QEMU's mmio bus is older. */
	if (is_shared(g) && strcmp(l->suffix, "device") == 0)
		argv_pair(&l->args, "-global", "virtio-mmio.force-legacy=false");
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
	guest_devices(&l);
	for (size_t i = 0; g->more && g->more[i]; i++)
		argv_add(&l.args, "%s", g->more[i]);
	return argv_done(&l.args);
}
