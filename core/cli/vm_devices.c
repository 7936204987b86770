/* SPDX-License-Identifier: GPL-3.0-only */
/* The devices of "msmv vm start" but its network: --disk, --share, --cloud-init and others. */
#include "cli/vm_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/folder.h"
#include "vm/image.h"
#include "vm/machine.h"
#include "vm/vsock.h"

/* ---- Words between commas ------------------------------------------------- */

char *
plan_word(char **list)
{
	char *word = *list, *comma = word ? strchr(word, ',') : NULL;

	if (comma)
		*comma = '\0';
	*list = comma ? comma + 1 : NULL;
	return word;
}

const char *
plan_value(const char *word, const char *key)
{
	size_t n = strlen(key);

	return strncmp(word, key, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

/* ---- --disk FILE[,readonly][,discard][,backing][,format=F][,serial=TEXT] --- */

static bool
is_qcow2(const char *path)
{
	struct image image;

	return image_read(path, &image) == 0 && image.kind == IMAGE_QCOW2;
}

/*
 * What a guest wrote to a raw disk may look like any format, and name any file of this
 * machine as its backing file: without the name saying so a disk is not taken for qcow2.
 */
static int
take_format(struct guest_disk *d)
{
	if (!d->format)
		d->format = str_ends(d->path, ".qcow2") ? "qcow2" : "raw";
	else if (streq(d->format, "raw"))
		return 0; /* somebody says so */
	if (streq(d->format, "raw") && is_qcow2(d->path))
		return complain(EXIT_FAILED, "--disk %s begins like a qcow2 disk: say"
			" ,format=qcow2, or ,format=raw if a guest wrote that", d->path);
	return 0;
}

/* Its backing file or data file may be any file of this machine. */
static bool
is_foreign(const char *path, const char *format)
{
	return streq(format, "qcow2") && image_has_backing(path);
}

static bool
disk_word(struct vm_plan *p, struct guest_disk *d, const char *word)
{
	const char *value;

	if (streq(word, "readonly") || streq(word, "ro"))
		d->readonly = true;
	else if (streq(word, "discard"))
		d->discard = true;
	else if ((value = plan_value(word, "format")) && (streq(value, "raw") || streq(value, "qcow2")))
		d->format = plan_keep(p, xstrdup(value));
	else if ((value = plan_value(word, "serial")))
		d->serial = plan_keep(p, xstrdup(value));
	else
		return false;
	return true;
}

static int
add_disk(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy, *word = plan_word(&rest);
	struct guest_disk d = { .format = NULL };
	bool backing = false;

	if (p->guest.disk_count == GUEST_DISKS_MAX)
		return complain(EXIT_USAGE, "at most %d disks", GUEST_DISKS_MAX);
	if (access(word, R_OK) < 0)
		return complain(EXIT_FAILED, "--disk %s: %s", word, strerror(errno));
	d.path = plan_path(p, word);
	while ((word = plan_word(&rest)))
		if (streq(word, "backing"))
			backing = true;
		else if (!disk_word(p, &d, word))
			return complain(EXIT_USAGE, "--disk has no '%s': readonly, discard, backing,"
				" format=raw or qcow2, serial=TEXT", word);
	if (!d.readonly && !d.discard && access(d.path, W_OK) < 0)
		return complain(EXIT_FAILED, "--disk %s: %s (,readonly or ,discard need no"
			" permission to write)", d.path, strerror(errno));
	if (take_format(&d) != 0)
		return EXIT_FAILED;
	if (!backing && is_foreign(d.path, d.format))
		return complain(EXIT_FAILED, "--disk %s rests on another file: say ,backing if that"
			" shall be read, too", d.path);
	p->guest.disks[p->guest.disk_count++] = d;
	return 0;
}

/* ---- The rest ----------------------------------------------------------------- */

static int
add_share(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *equals = strrchr(copy, '='), *comma;
	struct guest_share s = { .tag = NULL };
	struct stat st;

	if (!equals || equals == copy || !equals[1])
		return complain(EXIT_USAGE, "--share wants DIR=TAG[,readonly], not '%s'", text);
	*equals = '\0';
	comma = strchr(equals + 1, ',');
	if (comma) {
		*comma = '\0';
		s.readonly = streq(comma + 1, "readonly") || streq(comma + 1, "ro");
		if (!s.readonly)
			return complain(EXIT_USAGE, "--share has no '%s': readonly", comma + 1);
	}
	if (stat(copy, &st) < 0 || !S_ISDIR(st.st_mode))
		return complain(EXIT_FAILED, "--share %s: it is no folder", copy);
	if (p->guest.share_count == GUEST_SHARES_MAX)
		return complain(EXIT_USAGE, "at most %d shared folders", GUEST_SHARES_MAX);
	s.path = plan_path(p, copy);
	s.tag = plan_keep(p, xstrdup(equals + 1));
	p->guest.shares[p->guest.share_count++] = s;
	return 0;
}

/* A small disk by the name that cloud-init looks for; QEMU makes it of the folder. */
static int
add_seed(struct vm_plan *p, const char *dir)
{
	const struct machine *m = machine_find(p->guest.arch, p->guest.machine, p->guest.accel,
		p->guest.acpi);
	cleanup_str struct str word = STR_INIT;
	const char *path = plan_path(p, dir);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return complain(EXIT_FAILED, "--cloud-init %s: it is no folder", dir);
	str_add(&word, "driver=vvfat,node-name=seed,label=CIDATA,read-only=on,dir=");
	for (const char *c = path; *c; c++)
		str_add(&word, *c == ',' ? ",," : (char[]){ *c, '\0' });
	vec_push(&p->more, "-blockdev");
	vec_push(&p->more, plan_keep(p, str_take(&word)));
	vec_push(&p->more, "-device");
	vec_push(&p->more, m && streq(m->bus, "mmio") ? "virtio-blk-device,drive=seed"
						      : "virtio-blk-pci,drive=seed");
	return 0;
}

/* Free pages of the kernel's default size, in bytes. */
static int64_t
free_hugepages(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	long long n = 0, kib = 0, value;
	char line[128];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "HugePages_Free: %lld", &value) == 1)
			n = value;
		else if (sscanf(line, "Hugepagesize: %lld", &value) == 1)
			kib = value;
	}
	if (f)
		fclose(f);
	return n * kib * 1024;
}

static void
add_hugepages(struct vm_plan *p)
{
	int64_t free = free_hugepages();

	if (free < p->guest.memory) {
		fprintf(stderr, "msmv: note: only %lld MB of huge pages are free: the guest gets"
			" ordinary memory\n", (long long)(free >> 20));
		return;
	}
	vec_push(&p->more, "-object");
	vec_push(&p->more, plan_keep(p, xasprintf("memory-backend-memfd,id=huge,size=%lldM,"
		"hugetlb=on,share=on", (long long)(p->guest.memory >> 20))));
	vec_push(&p->more, "-machine");
	vec_push(&p->more, "memory-backend=huge");
}

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

static int
add_own_disk(struct vm_plan *p)
{
	struct guest_disk *d = &p->guest.disks[0];

	if (!p->disk)
		return 0;
	d->format = is_qcow2(p->disk) && !str_ends(p->disk, ".raw") ? "qcow2" : "raw";
	if (is_foreign(p->disk, d->format))
		return complain(EXIT_FAILED, "%s rests on another file: qemu-img convert makes one"
			" that does not", p->disk);
	d->discard = args_has(p->args, "discard");
	d->path = d->discard ? p->disk
			     : plan_keep(p, xasprintf("%s/disk.%s", p->folder, d->format));
	p->guest.disk_count = 1;
	return 0;
}

int
plan_devices(struct vm_plan *p)
{
	static const struct {
		const char *option;
		int (*add)(struct vm_plan *, const char *);
	} table[] = {
		{ "disk", add_disk },
		{ "share", add_share },
		{ "cloud-init", add_seed },
	};
	const char *text;
	int code = add_own_disk(p);

	for (size_t i = 0; code == 0 && i < ARRAY_LEN(table); i++)
		for (int k = 0; code == 0 && (text = args_get(p->args, table[i].option, k)); k++)
			code = table[i].add(p, text);
	if (code == 0)
		code = plan_network(p);
	if (args_has(p->args, "hugepages"))
		add_hugepages(p);
	add_vsock(p);
	p->guest.rng = true;
	p->guest.screen = args_has(p->args, "screen");
	return code;
}
