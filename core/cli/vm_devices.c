/* SPDX-License-Identifier: GPL-3.0-only */
/* The disks of "msmv vm start", and in which order all else is plugged in. */
#include "cli/vm_plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/image.h"

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
		return complain(EXIT_FAILED, "disk %s begins like a qcow2 disk: say"
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

int
plan_disk(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy, *word = plan_word(&rest);
	struct guest_disk d = { .format = NULL };
	bool backing = false;

	if (p->guest.disk_count == GUEST_DISKS_MAX)
		return complain(EXIT_USAGE, "at most %d disks", GUEST_DISKS_MAX);
	if (access(word, R_OK) < 0)
		return complain(EXIT_FAILED, "disk %s: %s", word, strerror(errno));
	d.path = plan_path(p, word);
	while ((word = plan_word(&rest)))
		if (streq(word, "backing"))
			backing = true;
		else if (!disk_word(p, &d, word))
			return complain(EXIT_USAGE, "a disk has no '%s': readonly, discard, backing,"
				" format=raw or qcow2, serial=TEXT", word);
	if (!d.readonly && !d.discard && access(d.path, W_OK) < 0)
		return complain(EXIT_FAILED, "disk %s: %s (,readonly or ,discard need no"
			" permission to write)", d.path, strerror(errno));
	if (take_format(&d) != 0)
		return EXIT_FAILED;
	if (!backing && is_foreign(d.path, d.format))
		return complain(EXIT_FAILED, "disk %s rests on another file: say ,backing if that"
			" shall be read, too", d.path);
	p->guest.disks[p->guest.disk_count++] = d;
	return 0;
}

/* ---- Its own, and all ------------------------------------------------------------ */

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

static bool
has_share(const struct vm_plan *p, const char *tag)
{
	for (size_t i = 0; i < p->guest.share_count; i++)
		if (streq(p->guest.shares[i].tag, tag))
			return true;
	return false;
}

/* The proof had blank ones for what the guest mounts; a VM's are a person's to give. */
static void
note_missing(const struct vm_plan *p)
{
	size_t proven = json_array_size(json_object_get(p->boot, "disks")), given = 0, i;
	json_t *tag;

	while (args_get(p->args, "disk", (int)given))
		given++;
	if (given < proven)
		fprintf(stderr, "msmv: note: %s was proven with %zu blank disk%s, and gets %zu: --disk"
			" FILE gives it one\n", p->word, proven, proven == 1 ? "" : "s", given);
	json_array_foreach(json_object_get(p->boot, "shares"), i, tag)
		if (json_is_string(tag) && !has_share(p, json_string_value(tag)))
			fprintf(stderr, "msmv: note: %s was proven with a folder %s: --share DIR=%s gives"
				" it one\n", p->word, json_string_value(tag), json_string_value(tag));
}

int
plan_devices(struct vm_plan *p)
{
	static const struct {
		const char *option;
		int (*add)(struct vm_plan *, const char *);
	} table[] = {
		{ "disk", plan_disk },
		{ "share", plan_share },
		{ "cloud-init", plan_seed },
	};
	const char *text;
	int code = add_own_disk(p);

	for (size_t i = 0; code == 0 && i < ARRAY_LEN(table); i++)
		for (int k = 0; code == 0 && (text = args_get(p->args, table[i].option, k)); k++)
			code = table[i].add(p, text);
	if (code == 0)
		note_missing(p);
	if (code == 0)
		code = plan_network(p);
	return code ? code : plan_hardware(p);
}
