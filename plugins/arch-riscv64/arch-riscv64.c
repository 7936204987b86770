/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What msmv has to know about riscv64, and nothing else: no stage asks "is this
 * RISC-V?", it asks for a fact by name. README.md explains each fact.
 */
#include <msmv/plugin.h>

static const struct msmv_pair facts[] = {
	{ "kernel.arch", "riscv" },
	{ "kernel.target", "Image" },
	{ "kernel.image", "arch/riscv/boot/Image" },
	{ "kernel.config", "ARCH_RV64I=y MMU=y 64BIT=y" },
	{ "gnu.triplet", "riscv64-linux-gnu" },
	{ "cross.prefix", "riscv64-linux-gnu-" },
	{ "musl.arch", "riscv64" },
	{ "elf.machine", "243" },
	{ "console", "ttyS0" },
	{ "qemu.binary", "qemu-system-riscv64" },
	{ "qemu.machine", "virt" },
	{ "qemu.cpu", "rv64" },
};

static const char *const provides[] = { "arch:riscv64" };

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_ARCH,
	.name = "arch-riscv64",
	.version = "1",
	.summary = "facts about 64-bit RISC-V machines",
	.provides = MSMV_TABLE(provides),
	.arch = MSMV_TABLE(facts),
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
