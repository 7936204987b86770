/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The same guest for the monitors that do little else than start a Linux kernel. Both run
 * under KVM alone, and reach a network only through a tap interface.
 */
#include "vm/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/argv.h"
#include "vm/machine.h"

/* Whether the command line has a word that begins so. */
static bool
has_word(const char *line, const char *start)
{
	size_t n = strlen(start);

	for (const char *p = line; *p; p += strcspn(p, " ")) {
		p += strspn(p, " ");
		if (strncmp(p, start, n) == 0)
			return true;
	}
	return false;
}

/* A key that the monitor's words set is not there twice: "reboot=t" is QEMU's. */
static bool
is_overridden(const char *word, size_t n, const char *words)
{
	size_t key = strcspn(word, "=");
	char start[64];

	if (key >= n || key + 1 >= sizeof(start))
		return false;
	memcpy(start, word, key + 1);
	start[key + 1] = '\0';
	return has_word(words, start);
}

/*
 * The guest's command line as this monitor wants it: its console in place of QEMU's, its
 * words, the rest as it is. The caller frees it.
 */
static char *
cmdline_for(const struct guest *g, const struct vmm *v)
{
	const char *line = g->cmdline ? g->cmdline : "", *words = v->words ? v->words : "";
	size_t size = strlen(line) + strlen(words) + strlen(v->console) + 16;
	char *text = malloc(size), *p = text;

	if (!text)
		return NULL;
	p += sprintf(p, "console=%s", v->console);
	for (const char *word = line; *word;) {
		size_t n;

		word += strspn(word, " ");
		n = strcspn(word, " ");
		if (n && strncmp(word, "console=ttyS", 12) != 0 &&
		    strncmp(word, "console=ttyAMA", 14) != 0 &&
		    !is_overridden(word, n, words))
			p += sprintf(p, " %.*s", (int)n, word);
		word += n;
	}
	if (*words)
		sprintf(p, " %s", words);
	return text;
}

static bool
has_qcow2(const struct guest *g)
{
	for (size_t i = 0; i < g->disk_count; i++)
		if (strcmp(g->disks[i].format, "qcow2") == 0)
			return true;
	return false;
}

/* What this monitor is handed: the ELF file where it can be, as nothing is unpacked then. */
static const char *
kernel_for(const struct guest *g, const struct vmm *v)
{
	return v->elf && g->elf ? g->elf : v->image ? g->kernel : NULL;
}

bool
guest_fits(const struct guest *g, const char *vmm, char *why, size_t size)
{
	const struct vmm *v = g->arch ? vmm_find(g->arch, vmm) : NULL;
	const char *text = NULL;

	if (!v)
		text = "it does not run guests of this architecture";
	else if (!g->kernel && !g->elf && !v->firmware)
		text = "it does not start UEFI";
	else if ((g->kernel || g->elf) && !kernel_for(g, v))
		text = v->elf ? "it wants the kernel as ELF file" : "it wants no ELF kernel";
	else if (!g->kernel && !g->elf && g->disk_count == 0)
		text = "its UEFI starts from a disk";
	else if (has_qcow2(g) && !v->qcow2)
		text = "it reads raw disks only";
	snprintf(why, size, "%s", text ? text : "");
	return !text;
}

/* ---- Cloud Hypervisor ------------------------------------------------------ */

/* All values of a kind are words of one option. */
static void
add_disks(struct argv *args, const struct guest *g)
{
	for (size_t i = 0; i < g->disk_count; i++) {
		const struct guest_disk *d = &g->disks[i];

		if (i == 0)
			argv_add(args, "--disk");
		argv_add(args, "path=%s%s%s%s", d->path, d->readonly ? ",readonly=on" : "",
		         d->serial ? ",serial=" : "", d->serial ? d->serial : "");
	}
}

/* Without a name it makes a tap interface itself. */
static void
add_nets(struct argv *args, const struct guest *g)
{
	for (size_t i = 0; i < g->nic_count; i++) {
		const struct guest_nic *nic = &g->nics[i];

		if (i == 0)
			argv_add(args, "--net");
		argv_add(args, "tap=%s%s%s", nic->tap ? nic->tap : "",
		         nic->mac ? ",mac=" : "", nic->mac ? nic->mac : "");
	}
}

static void
add_shares(struct argv *args, const struct guest *g)
{
	bool first = true;

	for (size_t i = 0; i < g->share_count; i++) {
		if (!g->shares[i].socket)
			continue;
		if (first)
			argv_add(args, "--fs");
		argv_add(args, "tag=%s,socket=%s", g->shares[i].tag, g->shares[i].socket);
		first = false;
	}
}

static bool
has_virtiofs(const struct guest *g)
{
	for (size_t i = 0; i < g->share_count; i++)
		if (g->shares[i].socket)
			return true;
	return false;
}

static void
add_start(struct argv *args, const struct guest *g, const struct vmm *v)
{
	const char *kernel = kernel_for(g, v);
	char *cmdline = kernel ? cmdline_for(g, v) : NULL;

	if (!kernel)
		argv_pair(args, "--firmware", g->firmware ? g->firmware : "CLOUDHV.fd");
	else if (cmdline) {
		argv_pair(args, "--kernel", kernel);
		if (g->initramfs)
			argv_pair(args, "--initramfs", g->initramfs);
		argv_pair(args, "--cmdline", cmdline);
	} else {
		args->failed = true;
	}
	free(cmdline);
}

char **
guest_cloud_hypervisor(const struct guest *g, const char *api)
{
	const struct vmm *v = vmm_find(g->arch, "cloud-hypervisor");
	struct argv args = { .item = NULL };

	if (!v)
		return NULL;
	argv_add(&args, "cloud-hypervisor");
	if (api)
		argv_pair(&args, "--api-socket", api);
	add_start(&args, g, v);
	argv_add(&args, "--cpus");
	argv_add(&args, "boot=%lld", (long long)g->cpus);
	argv_add(&args, "--memory");
	argv_add(&args, "size=%lldM%s", (long long)(g->memory >> 20),
	         has_virtiofs(g) ? ",shared=on" : "");
	add_disks(&args, g);
	add_nets(&args, g);
	add_shares(&args, g);
	if (g->vsock_cid && g->vsock_socket) {
		argv_add(&args, "--vsock");
		argv_add(&args, "cid=%u,socket=%s", g->vsock_cid, g->vsock_socket);
	}
	if (g->rng)
		argv_pair(&args, "--rng", "src=/dev/urandom");
	argv_pair(&args, "--serial", "tty");
	argv_pair(&args, "--console", "off");
	return argv_done(&args);
}

/* ---- Firecracker ----------------------------------------------------------- */

static json_t *
boot_source(const struct guest *g, const struct vmm *v)
{
	char *cmdline = cmdline_for(g, v);
	json_t *o = json_pack("{s:s?, s:s*, s:s?}", "kernel_image_path", kernel_for(g, v),
	                      "initrd_path", g->initramfs, "boot_args", cmdline);

	free(cmdline);
	return o;
}

static json_t *
drives(const struct guest *g)
{
	json_t *list = json_array();

	/* The command line says what the root is; "true" would make it say so twice. */
	for (size_t i = 0; i < g->disk_count; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:s, s:b, s:b}", "drive_id",
		                        json_sprintf("disk%zu", i), "path_on_host",
		                        g->disks[i].path, "is_root_device", 0,
		                        "is_read_only", (int)g->disks[i].readonly));
	return list;
}

/* A tap interface cannot be made by it: one of this name must be there. */
static json_t *
interfaces(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->nic_count; i++) {
		const struct guest_nic *nic = &g->nics[i];

		json_array_append_new(
			list, json_pack("{s:o, s:o, s:s*}", "iface_id",
		                        json_sprintf("eth%zu", i), "host_dev_name",
		                        nic->tap ? json_string(nic->tap)
		                                 : json_sprintf("tap%zu", i),
		                        "guest_mac", nic->mac));
	}
	return list;
}

json_t *
guest_firecracker(const struct guest *g)
{
	const struct vmm *v = vmm_find(g->arch, "firecracker");
	json_t *o = v ? json_pack("{s:o, s:o, s:{s:I, s:I}, s:o}", "boot-source",
	                          boot_source(g, v), "drives", drives(g),
	                          "machine-config", "vcpu_count", (json_int_t)g->cpus,
	                          "mem_size_mib", (json_int_t)(g->memory >> 20),
	                          "network-interfaces", interfaces(g))
	              : NULL;

	if (o && g->vsock_cid && g->vsock_socket)
		json_object_set_new(o, "vsock",
		                    json_pack("{s:I, s:s}", "guest_cid",
		                              (json_int_t)g->vsock_cid, "uds_path",
		                              g->vsock_socket));
	if (o && g->rng)
		json_object_set_new(o, "entropy", json_object());
	return o;
}

char **
guest_firecracker_argv(const char *config, const char *api)
{
	struct argv args = { .item = NULL };

	argv_add(&args, "firecracker");
	if (api)
		argv_pair(&args, "--api-sock", api);
	else
		argv_add(&args, "--no-api");
	argv_pair(&args, "--config-file", config);
	return argv_done(&args);
}
