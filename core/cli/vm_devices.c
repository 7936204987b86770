/* SPDX-License-Identifier: GPL-3.0-only */
/* The devices of "msmv vm start": --port, --disk, --nic, --share, --cloud-init and others. */
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

/* Cuts the next word off *list; NULL at its end. */
static char *
next_word(char **list)
{
	char *word = *list, *comma = word ? strchr(word, ',') : NULL;

	if (comma)
		*comma = '\0';
	*list = comma ? comma + 1 : NULL;
	return word;
}

/* What follows "key=" in word; NULL if it is another. */
static const char *
value_of(const char *word, const char *key)
{
	size_t n = strlen(key);

	return strncmp(word, key, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

/* ---- --port [ADDRESS:]HOST:GUEST[/udp] ------------------------------------ */

/* A port at *s, which then is behind it; -1: none. */
static int
take_port(const char **s)
{
	char *end;
	long n = **s >= '0' && **s <= '9' ? strtol(*s, &end, 10) : -1;

	if (n < 1 || n > 65535)
		return -1;
	*s = end;
	return (int)n;
}

static bool
parse_ports(const char *s, struct guest_forward *f)
{
	f->host = take_port(&s);
	if (f->host < 0 || *s++ != ':')
		return false;
	f->guest = take_port(&s);
	f->udp = streq(s, "/udp");
	return f->guest > 0 && (!*s || f->udp || streq(s, "/tcp"));
}

/* Whether no byte would mean something else to QEMU. */
static bool
is_address(const char *s)
{
	return *s && s[strspn(s, "0123456789.")] == '\0';
}

static int
add_port(struct vm_plan *p, const char *text)
{
	struct guest_nic *nic = &p->guest.nics[0];
	struct guest_forward f = { .address = NULL };
	cleanup_free char *copy = xstrdup(text);
	char *first = strchr(copy, ':'), *second = first ? strchr(first + 1, ':') : NULL;
	const char *ports = copy;

	if (second) {
		*first = '\0';
		f.address = plan_keep(p, xstrdup(copy));
		ports = first + 1;
	}
	if (!parse_ports(ports, &f) || (f.address && !is_address(f.address)))
		return complain(EXIT_USAGE, "--port wants [ADDRESS:]HOST:GUEST[/udp], such as"
			" 8080:80, not '%s'", text);
	if (nic->forward_count == GUEST_FORWARDS_MAX)
		return complain(EXIT_USAGE, "at most %d ports", GUEST_FORWARDS_MAX);
	nic->forwards[nic->forward_count++] = f;
	return 0;
}

/* ---- --disk FILE[,readonly][,discard][,format=qcow2|raw][,serial=TEXT] ----- */

static const char *
disk_format(const char *path)
{
	struct image image;

	return image_read(path, &image) == 0 && image.kind == IMAGE_QCOW2 ? "qcow2" : "raw";
}

static bool
disk_word(struct vm_plan *p, struct guest_disk *d, const char *word)
{
	const char *value;

	if (streq(word, "readonly") || streq(word, "ro"))
		d->readonly = true;
	else if (streq(word, "discard"))
		d->discard = true;
	else if ((value = value_of(word, "format")) && (streq(value, "raw") || streq(value, "qcow2")))
		d->format = plan_keep(p, xstrdup(value));
	else if ((value = value_of(word, "serial")))
		d->serial = plan_keep(p, xstrdup(value));
	else
		return false;
	return true;
}

static int
add_disk(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy, *word = next_word(&rest);
	struct guest_disk d = { .format = NULL };

	if (p->guest.disk_count == GUEST_DISKS_MAX)
		return complain(EXIT_USAGE, "at most %d disks", GUEST_DISKS_MAX);
	if (access(word, R_OK) < 0)
		return complain(EXIT_FAILED, "--disk %s: %s", word, strerror(errno));
	d.path = plan_path(p, word);
	while ((word = next_word(&rest)))
		if (!disk_word(p, &d, word))
			return complain(EXIT_USAGE, "--disk has no '%s': readonly, discard,"
				" format=raw or qcow2, serial=TEXT", word);
	if (!d.readonly && !d.discard && access(d.path, W_OK) < 0)
		return complain(EXIT_FAILED, "--disk %s: %s (,readonly or ,discard need no"
			" permission to write)", d.path, strerror(errno));
	if (!d.format)
		d.format = disk_format(d.path);
	p->guest.disks[p->guest.disk_count++] = d;
	return 0;
}

/* ---- --nic user|tap=IF|none[,mac=MAC] -------------------------------------- */

static bool
is_mac(const char *s)
{
	for (int i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : !strchr("0123456789abcdefABCDEF", s[i]) || !s[i])
			return false;
	return s[17] == '\0';
}

/* The same for the same VM and card, and another for each: 52:54:00 is for such. */
static const char *
make_mac(struct vm_plan *p)
{
	cleanup_free char *text = xasprintf("%s %zu", p->vm->name, p->guest.nic_count);
	uint32_t h = vsock_cid(text, NULL, 0);

	return plan_keep(p, xasprintf("52:54:00:%02x:%02x:%02x", h >> 16 & 0xff, h >> 8 & 0xff,
		h & 0xff));
}

static int
add_nic(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy;
	struct guest_nic *nic = &p->guest.nics[p->guest.nic_count];
	const char *word, *value;

	if (p->guest.nic_count == GUEST_NICS_MAX)
		return complain(EXIT_USAGE, "at most %d network cards", GUEST_NICS_MAX);
	while ((word = next_word(&rest))) {
		if ((value = value_of(word, "tap")) && *value && !strchr(value, '/'))
			nic->tap = plan_keep(p, xstrdup(value));
		else if ((value = value_of(word, "mac")) && is_mac(value))
			nic->mac = plan_keep(p, xstrdup(value));
		else if (!streq(word, "user"))
			return complain(EXIT_USAGE, "--nic wants user, tap=INTERFACE or none, and"
				" mac=52:54:00:12:34:56; not '%s'", word);
	}
	if (!nic->mac)
		nic->mac = make_mac(p);
	p->guest.nic_count++;
	return 0;
}

/* Ports lead through the first card, which then is a user network. */
static int
add_network(struct vm_plan *p)
{
	const char *text = args_get(p->args, "nic", 0);
	bool ports = args_has(p->args, "port");
	int code = 0;

	if (text && streq(text, "none"))
		return ports ? complain(EXIT_USAGE, "--port needs a network, and --nic is none") : 0;
	for (int i = 0; code == 0 && (text = args_get(p->args, "nic", i)); i++)
		code = add_nic(p, text);
	if (code == 0 && !p->guest.nic_count)
		code = add_nic(p, "user");
	if (code == 0 && ports && p->guest.nics[0].tap)
		return complain(EXIT_USAGE, "--port leads through --nic user, which must be the first");
	for (int i = 0; code == 0 && (text = args_get(p->args, "port", i)); i++)
		code = add_port(p, text);
	return code;
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
	vm_names(p->vm->root, &names);
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
	d->format = disk_format(p->disk);
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
		code = add_network(p);
	if (args_has(p->args, "hugepages"))
		add_hugepages(p);
	add_vsock(p);
	p->guest.rng = true;
	p->guest.screen = args_has(p->args, "screen");
	return code;
}
