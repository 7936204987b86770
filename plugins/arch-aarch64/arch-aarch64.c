/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What msmv has to know about aarch64, and nothing else: no stage asks "is this
 * ARM?", it asks for a fact by name. README.md explains each fact.
 */
#include <msmv/plugin.h>

static const struct msmv_pair facts[] = {
	{ "kernel.arch", "arm64" },
	{ "kernel.target", "Image" },
	{ "kernel.image", "arch/arm64/boot/Image" },
	{ "kernel.config", "64BIT=y" },
	{ "gnu.triplet", "aarch64-linux-gnu" },
	{ "cross.prefix", "aarch64-linux-gnu-" },
	{ "musl.arch", "aarch64" },
	{ "elf.machine", "183" },
	{ "console", "ttyAMA0" },
	{ "qemu.binary", "qemu-system-aarch64" },
	{ "qemu.machine", "virt" },
	{ "qemu.machine.virt", "virt,gic-version=max" },
	{ "qemu.cpu", "max,pauth-impdef=on" },
	{ "efi.stub", "/usr/lib/systemd/boot/efi/linuxaa64.efi.stub" },
	{ "efi.firmware", "/usr/share/AAVMF/AAVMF_CODE.fd "
	                  "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd "
	                  "/usr/share/edk2/aarch64/QEMU_EFI.fd "
	                  "/usr/share/qemu/edk2-aarch64-code.fd" },
};

static const char *const provides[] = { "arch:aarch64" };

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_ARCH,
	.name = "arch-aarch64",
	.version = "1",
	.summary = "facts about 64-bit ARM machines",
	.provides = MSMV_TABLE(provides),
	.arch = MSMV_TABLE(facts),
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
