/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Which form boots: a UKI needs nothing else, a disk needs a kernel beside it, else
 * it is a kernel with what it carries or an initramfs.
 */
#include "prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blank.h"
#include "firmware.h"
#include "kernel_config.h"
#include "ports.h"
#include "vm/machine.h"
#include "vm/pvh.h"

enum { MEMORY = 128 << 20, MEMORY_UKI = 256 << 20 };

const char *
text_keep(struct msmv_stage *stage, const char *fmt, ...)
{
	static char *kept[48];
	static size_t count;
	va_list ap;
	int n = -1;

	va_start(ap, fmt);
	if (count < sizeof(kept) / sizeof(kept[0]))
		n = vasprintf(&kept[count], fmt, ap);
	va_end(ap);
	if (n < 0) {
		stage->host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
		return NULL;
	}
	return kept[count++];
}

/* The only artifact of a port, or NULL. */
static const char *
input(struct msmv_stage *stage, const char *port)
{
	const struct msmv_host *host = stage->host;

	return host->input_count(stage, port) ? host->input_path(stage, port, 0) : NULL;
}

/* NULL for an option that is not set or empty. */
static const char *
option(struct msmv_stage *stage, const char *name)
{
	const char *text = stage->host->option(stage, name);

	return text && *text ? text : NULL;
}

/* Machines of one name differ by architecture: only ARM's virt has a GIC to choose. */
static const char *
machine_special(struct msmv_stage *stage, const char *machine)
{
	const char *fact = text_keep(stage, "qemu.machine.%s", machine);

	return fact ? stage->host->arch(stage, fact) : NULL;
}

static int
take_machine(struct msmv_stage *stage, const struct checks *checks, struct guest *g)
{
	const struct msmv_host *host = stage->host;
	const char *machine = option(stage, "machine");
	int64_t memory = host->option_int(stage, "memory");
	size_t n = host->option_count(stage, "qemu_args");
	const char **more = calloc(n + 1, sizeof(*more));
	const char *network = option(stage, "network");

	if (!more)
		return host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		more[i] = host->option_at(stage, "qemu_args", i);
	g->arch = host->arch(stage, "kernel.arch");
	g->machine = machine ? machine : host->arch(stage, "qemu.machine");
	g->special = g->machine ? machine_special(stage, g->machine) : NULL;
	g->bus = option(stage, "bus");
	g->cpus = host->option_int(stage, "cpus");
	g->memory = memory ? memory : g->uki ? MEMORY_UKI : MEMORY;
	g->acpi = host->option_int(stage, "acpi") != 0;
	g->rng = host->option_int(stage, "rng") != 0;
	g->more = more;
	g->nic_count = network && strcmp(network, "user") == 0;
	if (ports_read(stage, checks, g) < 0 || ports_reserve(stage, g) < 0)
		return -1;
	if (!g->machine)
		return host->fail(stage, MSMV_FAIL_RECIPE,
		                  "the architecture names no machine: set machine");
	return 0;
}

/* As the table knows it, whatever the accelerator will be. NULL: not in the table. */
static const struct machine *
machine_of(const struct guest *g)
{
	return machine_find(g->arch, g->machine, NULL, false);
}

/* The bare name of vmlinux is not enough: only with the PVH note can QEMU start it. */
static int
take_kernel(struct msmv_stage *stage, struct guest *g)
{
	const char *kernel = input(stage, "kernel"), *vmlinux = input(stage, "vmlinux");
	const struct machine *m = machine_of(g);
	bool pvh = vmlinux && pvh_kernel(vmlinux);

	g->elf = vmlinux;
	g->image = kernel;
	if (pvh && (!kernel || (m && m->pvh)))
		g->kernel = vmlinux;
	else
		g->kernel = kernel;
	if (g->kernel)
		return 0;
	if (vmlinux)
		return stage->host->fail(stage, MSMV_FAIL_INPUT,
		                         "%s has no PVH entry (CONFIG_PVH) and there is"
		                         " no other kernel",
		                         stage->host->input_name(stage, "vmlinux", 0));
	return stage->host->fail(stage, MSMV_FAIL_RECIPE,
	                         "nothing to boot: connect kernel, vmlinux or uki");
}

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

/* Adds a word, unless one that begins like it up to its '=' is there. */
static int
add_word(struct msmv_stage *stage, struct guest *g, const char *word)
{
	const char *start = text_keep(stage, "%.*s", (int)strcspn(word, "=") + 1, word);

	if (!start || has_word(g->cmdline, start))
		return start ? 0 : -1;
	g->cmdline = text_keep(stage, "%s%s%s", g->cmdline, *g->cmdline ? " " : "", word);
	return g->cmdline ? 0 : -1;
}

/*
 * What must be on the command line and is not: a console, as it is what is listened
 * to; the disk; and what the machine needs to end.
 */
static int
take_cmdline(struct msmv_stage *stage, struct guest *g)
{
	const char *line = option(stage, "cmdline");
	const char *console = stage->host->arch(stage, "console");
	const struct machine *m = machine_of(g);
	bool initcalls = stage->host->option_int(stage, "initcalls") != 0;
	const char *words[] = {
		console ? text_keep(stage, "console=%s", console) : NULL,
		g->disk_count && !g->initramfs ? "root=/dev/vda rw" : NULL,
		m ? m->words : NULL,
		/* The kernel tells of each at its lowest level. */
		initcalls ? "initcall_debug" : NULL,
		initcalls ? "ignore_loglevel" : NULL,
	};

	g->cmdline = line ? line : "";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] && add_word(stage, g, words[i]) < 0)
			return -1;
	return 0;
}

/* Nothing that the guest writes reaches the image: it is what was proven. */
static int
take_disk(struct msmv_stage *stage, struct guest *g, const char *path)
{
	static const char magic[] = { 'Q', 'F', 'I', (char)0xfb };
	char head[sizeof(magic)] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (n < 0)
		stage->host->fail(stage, MSMV_FAIL_INPUT, "cannot read %s: %s", path,
		                  strerror(errno));
	if (fd >= 0)
		close(fd);
	g->disks[g->disk_count++] = (struct guest_disk){
		.path = path,
		.format = memcmp(head, magic, sizeof(magic)) == 0 ? "qcow2" : "raw",
		.discard = true,
	};
	return n < 0 ? -1 : 0;
}

static int
prepare_uki(struct msmv_stage *stage, struct guest *g)
{
	const struct machine *m = machine_of(g), *other = machine_with_firmware(g->arch);

	if (m && !m->firmware && other) {
		stage->host->log(stage, MSMV_LOG_INFO,
		                 "%s has no UEFI firmware: the UKI boots on %s", g->machine,
		                 other->name);
		g->machine = other->name;
		g->special = machine_special(stage, g->machine);
	}
	g->form = "uki";
	/* So that a disk has the name that it has beside an initramfs. */
	return blank_take(stage, g) < 0 ? -1 : firmware_take(stage, g);
}

static int
prepare_kernel(struct msmv_stage *stage, struct guest *g)
{
	const char *disk = input(stage, "disk");

	g->form = disk ? "disk" : "kernel";
	if (take_kernel(stage, g) < 0 || (disk && take_disk(stage, g, disk) < 0))
		return -1;
	g->initramfs = input(stage, "initramfs");
	if (kernel_config_fits(stage, g, input(stage, "config")) < 0)
		return -1;
	return take_cmdline(stage, g) < 0 ? -1 : blank_take(stage, g);
}

int
guest_prepare(struct msmv_stage *stage, const struct checks *checks, struct guest *g)
{
	*g = (struct guest){ .uki = input(stage, "uki") };
	if (take_machine(stage, checks, g) < 0)
		return -1;
	return g->uki ? prepare_uki(stage, g) : prepare_kernel(stage, g);
}

const char *
guest_cpu(struct msmv_stage *stage, const char *accel)
{
	const char *cpu = option(stage, "cpu");

	if (cpu)
		return cpu;
	cpu = strcmp(accel, "kvm") == 0 ? "host" : stage->host->arch(stage, "qemu.cpu");
	return cpu ? cpu : "max";
}

/* What a person finds the input's file under. */
static const char *
file_of(struct msmv_stage *stage, const char *port, const char *fallback)
{
	const struct msmv_host *host = stage->host;
	const char *file =
		MSMV_HAS(host, input_file) ? host->input_file(stage, port, 0) : NULL;

	return file ? file : fallback;
}

void
guest_for_person(struct msmv_stage *stage, const struct guest *g, struct guest *person)
{
	*person = *g;
	person->vsock_cid = 0; /* this boot's alone */
	if (g->elf)
		person->elf = file_of(stage, "vmlinux", "vmlinux");
	if (g->kernel)
		person->kernel = g->kernel == g->elf ? person->elf
		                                     : file_of(stage, "kernel", "kernel");
	if (g->initramfs)
		person->initramfs = file_of(stage, "initramfs", "initramfs.cpio");
	if (g->uki)
		person->uki = file_of(stage, "uki", "linux.efi");
	person->disk_count = 0;
	for (size_t i = 0; i < g->disk_count; i++) {
		const struct guest_disk *d = &g->disks[i];

		if (strcmp(d->format, "fat") == 0)
			continue;
		person->disks[person->disk_count] = *d;
		person->disks[person->disk_count++].path =
			blank_is(d) ? blank_name(d) : file_of(stage, "disk", "disk.img");
	}
	for (size_t i = 0; i < g->share_count; i++)
		person->shares[i].path = g->shares[i].tag;
}
