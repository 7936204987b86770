/* SPDX-License-Identifier: GPL-3.0-only */
/* What "msmv vm start" asks of the hardware: huge pages, nested KVM, free slots, vsock. */
#include "cli/vm_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/folder.h"
#include "vm/vsock.h"

enum { SLOTS_MAX = 16 };

/* A line of /proc/meminfo, in the unit that it has there; 0 without one. */
static long long
meminfo(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "re");
	size_t n = strlen(name);
	long long value = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			value = strtoll(line + n + 1, NULL, 10);
	if (f)
		fclose(f);
	return value;
}

/* Pages of the kernel's default huge size that are free and nobody's yet. */
static void
add_hugepages(struct vm_plan *p)
{
	long long page = meminfo("Hugepagesize") << 10;
	long long free = (meminfo("HugePages_Free") - meminfo("HugePages_Rsvd")) * page;

	p->guest.hugepages = page && free >= p->guest.memory && p->guest.memory % page == 0;
	if (p->guest.hugepages)
		return;
	if (page && p->guest.memory % page)
		fprintf(stderr, "msmv: note: %lld MB are no whole number of huge pages of %lld MB: the"
			" guest gets ordinary memory\n", (long long)(p->guest.memory >> 20), page >> 20);
	else
		fprintf(stderr, "msmv: note: only %lld MB of huge pages are free: the guest gets"
			" ordinary memory\n", free >> 20);
}

/* ---- --nested ------------------------------------------------------------------ */

/* "Y", "1": how KVM's modules say it. */
static bool
says_yes(const char *path)
{
	FILE *f = fopen(path, "re");
	int c = f ? fgetc(f) : EOF;

	if (f)
		fclose(f);
	return c == 'Y' || c == '1';
}

/* The flag that stands for it in a CPU model of x86; NULL if this machine has none. */
static const char *
nested_flag(const struct vm_plan *p)
{
	if (!streq(p->guest.accel, "kvm"))
		return "svm"; /* which TCG can do */
	if (says_yes("/sys/module/kvm_intel/parameters/nested"))
		return "vmx";
	return says_yes("/sys/module/kvm_amd/parameters/nested") ? "svm" : NULL;
}

static int
add_nested(struct vm_plan *p)
{
	const char *flag = streq(p->guest.arch, "x86") ? nested_flag(p) : NULL;

	if (streq(p->guest.arch, "arm64")) {
		vec_push(&p->more, "-machine");
		vec_push(&p->more, "virtualization=on");
		return 0;
	}
	if (!streq(p->guest.arch, "x86"))
		return complain(EXIT_USAGE, "--nested is for x86_64 and aarch64, not for %s", p->arch);
	if (!flag)
		return complain(EXIT_FAILED, "KVM of this machine gives guests no KVM of their own: load"
			" kvm_intel or kvm_amd with nested=1, or say --accel tcg");
	p->guest.cpu = plan_keep(p, xasprintf("%s,%s=on", p->guest.cpu, flag));
	return 0;
}

/* ---- --slots ------------------------------------------------------------------- */

static int
add_slots(struct vm_plan *p)
{
	const char *text = args_get(p->args, "slots", 0);
	char *end;
	long n = text ? strtol(text, &end, 10) : 0;

	if (text && (*text < '0' || *text > '9' || *end || n > SLOTS_MAX))
		return complain(EXIT_USAGE, "--slots wants a number up to %d, not '%s'", SLOTS_MAX, text);
	if (n && !streq(p->guest.machine, "q35") && !streq(p->guest.machine, "virt"))
		return complain(EXIT_USAGE, "%s has no slots: q35 and virt have", p->guest.machine);
	p->guest.slots = (int)n;
	return 0;
}

/* ---- vsock, and all ------------------------------------------------------------- */

/* The numbers that VMs which run have. */
static void
add_vsock(struct vm_plan *p)
{
	VEC(uint32_t) taken = VEC_INIT;
	struct vm_names names;

	if (!vsock_usable())
		return;
	vm_names(p->vm->root, &names, NULL);
	for (size_t i = 0; i < names.len; i++) {
		json_t *config = vm_read(p->vm->root, names.v[i], "vm.json");

		if (!streq(names.v[i], p->vm->name))
			vec_push(&taken, (uint32_t)vm_number(config, "cid", 0));
		json_decref(config);
	}
	p->guest.vsock_cid = vsock_cid(p->vm->name, taken.v, taken.len);
	vec_release(&taken);
	vm_names_release(&names);
}

int
plan_hardware(struct vm_plan *p)
{
	int code = add_slots(p);

	if (code == 0 && args_has(p->args, "nested"))
		code = add_nested(p);
	if (code)
		return code;
	if (args_has(p->args, "hugepages"))
		add_hugepages(p);
	add_vsock(p);
	p->guest.rng = true;
	p->guest.screen = args_has(p->args, "screen");
	return 0;
}
