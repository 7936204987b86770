/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What msmv has to know about x86_64, and nothing else: no stage asks "is this
 * x86?", it asks for a fact by name. README.md explains each fact.
 */
#include <msmv/plugin.h>

static const struct msmv_pair facts[] = {
	{ "kernel.arch", "x86" },
	{ "kernel.target", "bzImage" },
	{ "kernel.image", "arch/x86/boot/bzImage" },
	{ "kernel.config", "64BIT=y" },
	{ "gnu.triplet", "x86_64-linux-gnu" },
	{ "cross.prefix", "x86_64-linux-gnu-" },
	{ "musl.arch", "x86_64" },
	{ "elf.machine", "62" },
	{ "console", "ttyS0" },
	{ "qemu.binary", "qemu-system-x86_64" },
	{ "qemu.machine", "microvm" },
	{ "qemu.cpu", "max" },
	{ "efi.stub", "/usr/lib/systemd/boot/efi/linuxx64.efi.stub" },
	{ "efi.firmware", "/usr/share/OVMF/OVMF_CODE_4M.fd "
	                  "/usr/share/OVMF/OVMF_CODE.fd "
	                  "/usr/share/edk2/x64/OVMF_CODE.4m.fd "
	                  "/usr/share/edk2/ovmf/OVMF_CODE.fd "
	                  "/usr/share/qemu/edk2-x86_64-code.fd" },
};

static const char *const provides[] = { "arch:x86_64" };

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_ARCH,
	.name = "arch-x86_64",
	.version = "1",
	.summary = "facts about 64-bit x86 machines",
	.provides = MSMV_TABLE(provides),
	.arch = MSMV_TABLE(facts),
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
