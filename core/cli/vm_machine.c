/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The machine of "msmv vm start": what a person says, else what the boot was proven with,
 * else what is usual for the architecture.
 */
#include "cli/vm_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/accel.h"
#include "vm/machine.h"
#include "vm/pvh.h"

enum { MEMORY_MB = 128, MEMORY_UKI_MB = 256, CPUS_MAX = 255,
	MEMORY_MAX_MB = 1 << 24 };

/* An option, else what boot.json says of it, else other. */
static const char *
choose(const struct vm_plan *p, const char *option, const char *other)
{
	const char *given = args_get(p->args, option, 0);
	const char *proven = vm_text(p->boot, option);

	return given ? given : *proven ? proven : other;
}

static int
take_number(const struct vm_plan *p, const char *option, int64_t other, int64_t max, int64_t *out)
{
	const char *text = args_get(p->args, option, 0);
	char *end;

	*out = vm_number(p->boot, option, other);
	if (!text && (*out < 1 || *out > max))
		return complain(EXIT_FAILED, "boot.json of %s says %lld for %s", p->word,
			(long long)*out, option);
	if (!text)
		return 0;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || *out < 1 || *out > max)
		return complain(EXIT_USAGE, "--%s wants a number from 1 to %lld, not '%s'", option,
			(long long)max, text);
	return 0;
}

/* "256M", "1G"; a bare number is MB. */
static int
take_memory(struct vm_plan *p)
{
	const char *text = args_get(p->args, "memory", 0);
	int64_t usual = p->guest.uki || !(p->guest.kernel || p->guest.elf) ? MEMORY_UKI_MB
									   : MEMORY_MB;
	long long n;
	char *end;

	p->guest.memory = vm_number(p->boot, "memory", usual << 20);
	if (!text && (p->guest.memory < 1 << 20 || p->guest.memory >> 20 > MEMORY_MAX_MB))
		return complain(EXIT_FAILED, "boot.json of %s says a memory of %lld bytes", p->word,
			(long long)p->guest.memory);
	if (!text)
		return 0;
	n = strtoll(text, &end, 10);
	if ((*end == 'G' || *end == 'g') && n <= MEMORY_MAX_MB)
		n *= 1024;
	if (*text < '0' || *text > '9' || n < 1 || n > MEMORY_MAX_MB ||
		(*end && (!strchr("MmGg", *end) || end[1])))
		return complain(EXIT_USAGE, "--memory wants 256M or 1G, not '%s'", text);
	p->guest.memory = (int64_t)n << 20;
	return 0;
}

/* The verdict is the one that boots of the store's recipes rest on, too. */
static bool
kvm_works(struct vm_plan *p)
{
	cleanup_free char *folder = store_path(&p->session.ctx.store, "accel");
	struct accel accel = { .folder = folder, .arch = p->guest.arch, .qemu = plan_qemu(p) };
	bool works = accel_kvm(&accel);

	if (!works)
		snprintf(p->why, sizeof(p->why), "%s", accel.why);
	return works;
}

/* A model is one of an accelerator's: "host" is none of TCG's, and "max" may be less there. */
static const char *
proven_cpu(const struct vm_plan *p)
{
	const char *cpu = vm_text(p->boot, "cpu");

	return *cpu && streq(vm_text(p->boot, "accel"), p->guest.accel) ? cpu : NULL;
}

static int
take_accel(struct vm_plan *p)
{
	const char *accel = args_get(p->args, "accel", 0);
	bool automatic = !accel || streq(accel, "auto");

	if (!automatic && !streq(accel, "kvm") && !streq(accel, "tcg"))
		return complain(EXIT_USAGE, "--accel wants auto, kvm or tcg, not '%s'", accel);
	if (!automatic)
		p->guest.accel = accel;
	else if (kvm_works(p))
		p->guest.accel = "kvm";
	else
		p->guest.accel = "tcg";
	p->guest.cpu = args_get(p->args, "cpu", 0);
	if (!p->guest.cpu)
		p->guest.cpu = proven_cpu(p);
	if (!p->guest.cpu)
		p->guest.cpu = streq(p->guest.accel, "kvm") ? "host" : plan_fact(p, "qemu.cpu");
	if (!p->guest.cpu)
		p->guest.cpu = "max";
	return 0;
}

/* What starts from firmware needs a machine that has some. */
static int
take_machine(struct vm_plan *p)
{
	struct guest *g = &p->guest;
	bool firmware = !g->kernel && !g->elf;
	const struct machine *m = firmware ? machine_with_firmware(g->arch) : NULL;
	const char *usual = plan_fact(p, "qemu.machine");
	char names[128];

	g->machine = choose(p, "machine", m ? m->name : usual ? usual : "virt");
	g->special = plan_fact(p, plan_keep(p, xasprintf("qemu.machine.%s", g->machine)));
	m = machine_find(g->arch, g->machine, NULL, g->acpi);
	machine_names(g->arch, names, sizeof(names));
	if (!m && *names)
		return complain(EXIT_USAGE, "%s is no machine for %s: %s are", g->machine, p->arch,
			names);
	if (m && firmware && !m->firmware)
		return complain(EXIT_USAGE, "%s has no firmware, and %s is started by that", g->machine,
			p->word);
	return 0;
}

/* "..._CODE_4M.fd" is flash and has a twin "..._VARS_4M.fd", copied: the guest writes to it. */
static int
take_firmware(struct vm_plan *p)
{
	const char *given = args_get(p->args, "firmware", 0);
	const char *list = given ? given : plan_fact(p, "efi.firmware"), *code;
	cleanup_free char *copy = xstrdup(list ? list : "");
	char *rest, *path;

	for (path = strtok_r(copy, " ", &rest); path; path = strtok_r(NULL, " ", &rest))
		if (access(path, R_OK) == 0)
			break;
	if (!path)
		return complain(EXIT_FAILED, "no UEFI firmware to start %s: install ovmf or"
			" qemu-efi-aarch64, or say it with --firmware FILE", p->word);
	p->guest.firmware = plan_path(p, path);
	code = strstr(path_base(p->guest.firmware), "CODE");
	if (code) {
		const char *vars = plan_keep(p, xasprintf("%.*sVARS%s",
			(int)(code - p->guest.firmware), p->guest.firmware, code + 4));

		p->guest.vars = access(vars, R_OK) == 0 ? vars : NULL;
	}
	return 0;
}

/* The firmware finds \EFI\BOOT\BOOTX64.EFI on a disk that QEMU makes of a folder. */
static int
take_uki(struct vm_plan *p)
{
	static const char *const names[][2] = { { "x86_64", "X64" }, { "aarch64", "AA64" },
		{ "riscv64", "RISCV64" } };
	cleanup_free char *esp = path_join(p->folder, "esp");
	cleanup_free char *dir = path_join(esp, "EFI/BOOT");
	cleanup_free char *file = NULL;
	cleanup_err struct err err = ERR_INIT;
	struct guest_disk *d = &p->guest.disks[p->guest.disk_count++];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (streq(names[i][0], p->arch))
			file = xasprintf("%s/BOOT%s.EFI", dir, names[i][1]);
	if (!file)
		return complain(EXIT_FAILED, "%s is for %s, which is not known here", p->word, p->arch);
	if (fs_mkdirs(dir, 0700, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	if (symlink(p->guest.uki, file) < 0)
		return complain(EXIT_FAILED, "cannot make %s: %s", file, strerror(errno));
	d->format = "fat";
	d->path = plan_keep(p, take(esp));
	return take_firmware(p);
}

/* ---- The kernel's command line ---------------------------------------------- */

/* Whether the command line has a word that begins so. */
static bool
has_word(const char *line, const char *word)
{
	size_t n = strcspn(word, "=");

	n += word[n] == '=';
	for (const char *s = line; *s; s += strcspn(s, " ")) {
		s += strspn(s, " ");
		if (strncmp(s, word, n) == 0)
			return true;
	}
	return false;
}

static void
add_word(struct vm_plan *p, const char *word)
{
	const char *line = p->guest.cmdline ? p->guest.cmdline : "";

	if (!word || has_word(line, word))
		return;
	p->guest.cmdline = plan_keep(p, xasprintf("%s%s%s", line, *line ? " " : "", word));
}

/* A console to listen to, the disk, and the way in which this machine ends. */
static void
take_cmdline(struct vm_plan *p)
{
	const struct machine *m = machine_find(p->guest.arch, p->guest.machine, p->guest.accel,
		p->guest.acpi);
	const char *console = m && m->console ? m->console : plan_fact(p, "console");

	if (console)
		add_word(p, plan_keep(p, xasprintf("console=%s", console)));
	if (p->disk && !p->guest.initramfs)
		add_word(p, "root=/dev/vda rw");
	add_word(p, m ? m->words : NULL);
}

/* QEMU can enter an ELF kernel with the PVH note, and that is quicker where it is. */
static int
take_kernel(struct vm_plan *p)
{
	struct guest *g = &p->guest;
	const struct machine *m = machine_find(g->arch, g->machine, g->accel, g->acpi);
	bool pvh = g->elf && (!streq(p->arch, "x86_64") || pvh_kernel(g->elf));

	if (pvh && (!g->kernel || (m && m->pvh)))
		g->kernel = g->elf;
	if (!g->kernel && g->elf)
		return complain(EXIT_FAILED, "%s has no PVH entry (CONFIG_PVH), so QEMU cannot start"
			" it: take the bzImage", g->elf);
	if (g->kernel)
		take_cmdline(p);
	return 0;
}

int
plan_proven(struct vm_plan *p)
{
	const json_t *acpi = json_object_get(p->boot, "acpi"), *word;
	const char *bus = vm_text(p->boot, "bus");
	size_t i;

	/* Another machine than the proven one has no share in what that was made of. */
	bool same = !args_has(p->args, "machine") ||
		streq(args_get(p->args, "machine", 0), vm_text(p->boot, "machine"));

	p->guest.acpi = !same || !json_is_boolean(acpi) || json_is_true(acpi);
	p->guest.bus = !same ? "auto" : streq(bus, "pci") ? "pci" : streq(bus, "mmio") ? "mmio"
									 : "auto";
	json_array_foreach(json_object_get(p->boot, "args"), i, word) {
		if (!json_is_string(word))
			return complain(EXIT_FAILED, "boot.json of %s has args that are no text",
				p->word);
		vec_push(&p->more, json_string_value(word));
	}
	return 0;
}

int
plan_machine(struct vm_plan *p)
{
	int code = take_machine(p);

	if (code == 0)
		code = take_accel(p);
	if (code == 0)
		code = take_memory(p);
	if (code == 0)
		code = take_number(p, "cpus", 1, CPUS_MAX, &p->guest.cpus);
	if (code == 0)
		code = take_kernel(p);
	if (code == 0 && p->guest.uki)
		code = take_uki(p);
	return code;
}
