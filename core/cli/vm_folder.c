/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The folder that a run left: boot.json says what was proven to boot, and the files what
 * they are.
 */
#include "cli/vm_plan.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/image.h"

/* The first file, by name, that begins and ends so and is of this kind; NULL: none. */
static const char *
find_file(struct vm_plan *p, const char *start, const char *end, enum image_kind kind,
	struct image *image)
{
	cleanup_free char *best = NULL;
	DIR *dir = opendir(p->path);
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		cleanup_free char *path = path_join(p->path, e->d_name);
		struct image found;

		if (!str_starts(e->d_name, start) || !str_ends(e->d_name, end) ||
			image_read(path, &found) < 0 || found.kind != kind ||
			(best && strcmp(path, best) >= 0))
			continue;
		free(best);
		best = take(path);
		*image = found;
	}
	if (dir)
		closedir(dir);
	return best ? plan_keep(p, take(best)) : NULL;
}

/* The word behind an option in boot.json's command, a line for a shell. NULL: none. */
static const char *
command_word(struct vm_plan *p, const char *option)
{
	const char *s = strstr(vm_text(p->boot, "command"), option);
	cleanup_str struct str word = STR_INIT;
	bool quoted = false;

	if (!s)
		return NULL;
	for (s += strlen(option); *s && (quoted || *s != ' '); s++) {
		if (*s == '\'')
			quoted = !quoted;
		else if (*s == '\\' && !quoted && s[1])
			str_addc(&word, *++s);
		else
			str_addc(&word, *s);
	}
	return plan_keep(p, str_take(&word));
}

static int
take_boot_json(struct vm_plan *p)
{
	cleanup_free char *path = path_join(p->path, "boot.json");
	json_error_t error;

	if (!fs_exists(path))
		return 0; /* built without a proof: what lies there is tried */
	p->boot = json_load_file(path, 0, &error);
	if (json_is_object(p->boot))
		return 0;
	return complain(EXIT_FAILED, "%s is no report of a boot: %s", path,
		p->boot ? "no object" : error.text);
}

static int
nothing_there(const struct vm_plan *p)
{
	return complain(EXIT_FAILED, "nothing in %s boots: neither a kernel nor a UKI (msmv run"
		" RECIPE -o %s)", p->path, p->path);
}

/*
 * The one that was proven; an older report has a name that is not there, and then it is
 * the one of the usual name, or any.
 */
static const char *
find_initramfs(struct vm_plan *p)
{
	const char *named = p->boot ? command_word(p, " -initrd ") : NULL;
	const char *found = NULL;
	struct image image;

	if (named && !strchr(named, '/'))
		found = find_file(p, named, "", IMAGE_INITRAMFS, &image);
	if (!found)
		found = find_file(p, "initramfs", "", IMAGE_INITRAMFS, &image);
	return found ? found : find_file(p, "", "", IMAGE_INITRAMFS, &image);
}

/* A UKI is all there is to it; else a kernel, with its disk or its initramfs. */
int
plan_folder(struct vm_plan *p)
{
	struct guest *g = &p->guest;
	struct image image = { IMAGE_UNKNOWN, NULL }, other;
	const char *form;

	if (take_boot_json(p) != 0)
		return EXIT_FAILED;
	form = vm_text(p->boot, "form");
	g->elf = find_file(p, "", "", IMAGE_ELF, &image);
	g->kernel = find_file(p, "", "", IMAGE_KERNEL, &image);
	if (streq(form, "uki") || (!g->kernel && !g->elf)) {
		g->uki = find_file(p, "", ".efi", IMAGE_UKI, &image);
		g->kernel = g->elf = NULL;
		g->form = "uki";
	} else {
		p->disk = streq(form, "kernel") ? NULL : find_file(p, "", "", IMAGE_QCOW2, &other);
		if (!p->disk && !streq(form, "kernel"))
			p->disk = find_file(p, "", ".img", IMAGE_DISK, &other);
		g->form = p->disk ? "disk" : "kernel";
		if (!p->disk)
			g->initramfs = find_initramfs(p);
		g->cmdline = p->boot ? command_word(p, " -append ") : NULL;
	}
	p->arch = image.arch;
	return g->uki || g->kernel || g->elf ? 0 : nothing_there(p);
}
