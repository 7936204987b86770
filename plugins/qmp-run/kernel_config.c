/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What would be a panic, or nothing at all on the console, is said in words here: that the
 * kernel was built without what it is given.
 */
#include "kernel_config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONFIG_MAX = 4 << 20 };

char *
kernel_config_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t used = 1;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size < CONFIG_MAX)
		text = malloc((size_t)st.st_size + 2);
	while (text) {
		ssize_t n = read(fd, text + used, (size_t)st.st_size + 1 - used);

		if (n <= 0)
			break;
		used += (size_t)n;
	}
	if (text) {
		text[0] = '\n';
		text[used] = '\0';
	}
	if (fd >= 0)
		close(fd);
	return text;
}

bool
kernel_config_has(const char *text, const char *name, const char *value)
{
	char line[128];

	snprintf(line, sizeof(line), "\nCONFIG_%s=%s\n", name, value);
	return strstr(text, line) != NULL;
}

/* ---- What is booted ------------------------------------------------------- */

/* How an initramfs is packed, as its first bytes say. */
static const struct packing {
	const char *name, *option, *magic;
	size_t size;
} packings[] = {
	{ "gzip", "RD_GZIP", "\x1f\x8b", 2 },
	{ "xz", "RD_XZ", "\xfd" "7zXZ", 6 },
	{ "zstd", "RD_ZSTD", "\x28\xb5\x2f\xfd", 4 },
	{ "lz4", "RD_LZ4", "\x02\x21\x4c\x18", 4 },
	{ "bzip2", "RD_BZIP2", "BZh", 3 },
	{ "lzma", "RD_LZMA", "\x5d\x00\x00", 3 },
	{ "lzo", "RD_LZO", "\x89LZO", 4 },
};

static const struct packing *
packing_of(const char *path)
{
	char head[8] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (n >= (ssize_t)packings[i].size &&
		    memcmp(head, packings[i].magic, packings[i].size) == 0)
			return &packings[i];
	return NULL;
}

static int
missing(struct msmv_stage *stage, const char *what, const char *option)
{
	return stage->host->fail(stage, MSMV_FAIL_RECIPE,
	                         "%s, and the kernel has no %s: set it in [kernel.options]", what,
	                         option);
}

static int
initramfs_fits(struct msmv_stage *stage, const char *path, const char *config)
{
	const struct packing *p = packing_of(path);
	char what[64];

	if (!kernel_config_has(config, "BLK_DEV_INITRD", "y"))
		return missing(stage, "there is an initramfs", "BLK_DEV_INITRD");
	if (!p || kernel_config_has(config, p->option, "y"))
		return 0;
	snprintf(what, sizeof(what), "the initramfs is packed with %s", p->name);
	return missing(stage, what, p->option);
}

static int
disk_fits(struct msmv_stage *stage, const struct guest *g, const char *config)
{
	const char *bus = strcmp(guest_bus(g), "pci") == 0 ? "VIRTIO_PCI" : "VIRTIO_MMIO";

	if (!kernel_config_has(config, "VIRTIO_BLK", "y"))
		return missing(stage, "it boots from a virtio disk", "VIRTIO_BLK");
	if (!kernel_config_has(config, bus, "y"))
		return missing(stage, "its disk is a virtio device", bus);
	return 0;
}

int
kernel_config_fits(struct msmv_stage *stage, const struct guest *g, const char *path)
{
	char *config = path ? kernel_config_read(path) : NULL;
	int rc = 0;

	/* A module may be in the initramfs; a root of its own it must have. */
	if (config && g->initramfs)
		rc = initramfs_fits(stage, g->initramfs, config);
	else if (config && strcmp(g->form, "disk") == 0)
		rc = disk_fits(stage, g, config);
	free(config);
	return rc;
}
