/* SPDX-License-Identifier: GPL-3.0-only */
/* UEFI for a UKI: which image, and the disk on which it finds the program. */
#include "firmware.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prepare.h"

const char *
firmware_find(struct msmv_stage *stage, int (*visit)(struct msmv_stage *, const char *))
{
	const char *set = stage->host->option(stage, "firmware");
	const char *chosen = set && *set ? set : NULL;
	const char *p = chosen ? chosen : stage->host->arch(stage, "efi.firmware");

	while (p && *p) {
		size_t n = chosen ? strlen(p) : strcspn(p, " ");
		const char *path = text_keep(stage, "%.*s", (int)n, p);

		if (!path || (visit && visit(stage, path) < 0))
			return NULL;
		if (access(path, R_OK) == 0)
			return path;
		p += n;
		p += strspn(p, " ");
	}
	return NULL;
}

/* "…_CODE_4M.fd" is flash and has a twin "…_VARS_4M.fd"; anything else is a ROM. */
static int
take_flash(struct msmv_stage *stage, struct guest *g)
{
	const char *code, *name, *vars;

	g->firmware = firmware_find(stage, NULL);
	if (!g->firmware)
		return stage->host->fail(stage, MSMV_FAIL_TOOL,
		                         "no UEFI firmware to start a UKI: install ovmf"
		                         " or qemu-efi-aarch64, or set firmware");
	name = strrchr(g->firmware, '/');
	code = strstr(name ? name : g->firmware, "CODE");
	if (!code)
		return 0;
	vars = text_keep(stage, "%.*sVARS%s", (int)(code - g->firmware), g->firmware,
	                 code + 4);
	if (!vars)
		return -1;
	if (access(vars, R_OK) == 0)
		g->vars = vars;
	return 0;
}

/*
 * The way a user's machine would: the firmware finds \EFI\BOOT\BOOT*.EFI on a disk.
 * QEMU shows the folder as a FAT disk, so nothing is copied.
 */
static int
take_esp(struct msmv_stage *stage, struct guest *g)
{
	const struct msmv_host *host = stage->host;
	const char *elf = host->arch(stage, "elf.machine"), *dir = host->workdir(stage);
	const char *arch = elf && strcmp(elf, "183") == 0 ? "AA64" : "X64";
	const char *efi = dir ? text_keep(stage, "%s/esp/EFI", dir) : NULL;
	const char *boot = efi ? text_keep(stage, "%s/BOOT", efi) : NULL;
	const char *file = boot ? text_keep(stage, "%s/BOOT%s.EFI", boot, arch) : NULL;
	const char *esp = file ? text_keep(stage, "%s/esp", dir) : NULL;

	if (!esp)
		return -1;
	g->disks[g->disk_count++] = (struct guest_disk){ .path = esp, .format = "fat" };
	if (mkdir(esp, 0755) < 0 || mkdir(efi, 0755) < 0 || mkdir(boot, 0755) < 0 ||
	    symlink(g->uki, file) < 0)
		return host->fail(stage, MSMV_FAIL_SYSTEM, "cannot make %s: %s", file,
		                  strerror(errno));
	return 0;
}

int
firmware_take(struct msmv_stage *stage, struct guest *g)
{
	return take_flash(stage, g) < 0 ? -1 : take_esp(stage, g);
}
