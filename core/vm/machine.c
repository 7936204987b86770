/* SPDX-License-Identifier: GPL-3.0-only */
/* The tables. Of several rows of a name the first that fits is taken. */
#include "vm/machine.h"

#include <stdio.h>
#include <string.h>

/*
 * microvm without ACPI: with it a kernel under TCG finds no timer to calibrate
 * against and hangs, so that row is for KVM, whose clock needs no calibration. Without
 * ACPI its PIT, PIC and serial port stay on: without PIT and PIC the same happens. The
 * option ROMs serve devices that it does not have. It ends by a reset, and Linux would
 * first try a jump into the firmware there, which boots it a second time: reboot=t.
 *
 * Linux panics ("IO-APIC + timer doesn't work") if no tick comes within ten of the PIT's,
 * which an emulated timer on a busy host can miss: no_timer_check, as it does under KVM.
 */
static const struct machine machines[] = {
	{ .name = "microvm", .arch = "x86", .accel = "kvm", .acpi = true,
	  .value = "microvm,acpi=on,x-option-roms=off", .bus = "mmio",
	  .console = "ttyS0", .off = MACHINE_OFF_ACPI, .button = true, .pvh = true,
	  .gpu = "virtio-gpu-device" },
	{ .name = "microvm", .arch = "x86", .value = "microvm,acpi=off,x-option-roms=off",
	  .bus = "mmio", .console = "ttyS0", .off = MACHINE_OFF_RESET, .words = "reboot=t",
	  .pvh = true, .gpu = "virtio-gpu-device" },
	{ .name = "q35", .arch = "x86", .value = "q35", .bus = "pci", .console = "ttyS0",
	  .off = MACHINE_OFF_ACPI, .button = true, .firmware = true, .pvh = true,
	  .words = "no_timer_check", .gpu = "VGA" },
	{ .name = "pc", .arch = "x86", .value = "pc", .bus = "pci", .console = "ttyS0",
	  .off = MACHINE_OFF_ACPI, .button = true, .firmware = true, .pvh = true,
	  .words = "no_timer_check", .gpu = "VGA" },
	/* The button is a GPIO line that the device tree tells of. */
	{ .name = "virt", .arch = "arm64", .value = "virt", .bus = "mmio",
	  .console = "ttyAMA0", .off = MACHINE_OFF_FIRMWARE, .button = true,
	  .firmware = true, .gpu = "virtio-gpu-pci" },
	{ .name = "virt", .arch = "riscv", .value = "virt", .bus = "mmio",
	  .console = "ttyS0", .off = MACHINE_OFF_FIRMWARE, .firmware = true,
	  .gpu = "virtio-gpu-pci" },
};

/*
 * Cloud Hypervisor: an ELF kernel by the PVH note or a bzImage, ACPI on x86; it ends
 * when the guest powers off. Firecracker: ELF on x86, Image on ARM; it ends when the
 * guest resets through the keyboard controller, and probing PCI would only take time.
 */
static const struct vmm vmms[] = {
	{ .name = "cloud-hypervisor", .arch = "x86", .console = "ttyS0", .elf = true,
	  .image = true, .bus = "VIRTIO_PCI", .firmware = true, .qcow2 = true },
	{ .name = "cloud-hypervisor", .arch = "arm64", .console = "ttyAMA0", .image = true,
	  .bus = "VIRTIO_PCI", .firmware = true, .qcow2 = true },
	{ .name = "firecracker", .arch = "x86", .console = "ttyS0",
	  .words = "reboot=k panic=1 pci=off", .elf = true, .bus = "VIRTIO_MMIO" },
	{ .name = "firecracker", .arch = "arm64", .console = "ttyS0",
	  .words = "reboot=k panic=1 pci=off", .image = true, .bus = "VIRTIO_MMIO" },
};

enum { MACHINES = sizeof(machines) / sizeof(machines[0]),
       VMMS = sizeof(vmms) / sizeof(vmms[0]) };

static bool
is(const char *mine, const char *asked)
{
	return !mine || !asked || strcmp(mine, asked) == 0;
}

/* An architecture that the table does not know may have machines of these names. */
static bool
is_known(const char *arch)
{
	for (size_t i = 0; arch && i < MACHINES; i++)
		if (strcmp(machines[i].arch, arch) == 0)
			return true;
	return false;
}

const struct machine *
machine_find(const char *arch, const char *name, const char *accel, bool acpi)
{
	bool known = is_known(arch);
	const struct machine *found = NULL;

	for (size_t i = 0; i < MACHINES; i++) {
		const struct machine *m = &machines[i];

		if (strcmp(m->name, name) != 0 || (known && !is(m->arch, arch)) ||
		    (m->accel && (!accel || strcmp(m->accel, accel) != 0)))
			continue;
		/* A row with a wish is not for who has none. */
		if (m->acpi && !acpi)
			continue;
		if (!found)
			found = m;
	}
	return found;
}

const struct machine *
machine_with_firmware(const char *arch)
{
	for (size_t i = 0; i < MACHINES; i++)
		if (machines[i].firmware && is(machines[i].arch, arch))
			return &machines[i];
	return NULL;
}

static bool
is_repeated(const struct machine *m)
{
	return m > machines && strcmp(m[-1].name, m->name) == 0 &&
	       strcmp(m[-1].arch, m->arch) == 0;
}

void
machine_names(const char *arch, char *names, size_t size)
{
	size_t used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < MACHINES && used < size; i++) {
		const struct machine *m = &machines[i];

		if (strcmp(m->arch, arch) != 0 || is_repeated(m))
			continue;
		used += (size_t)snprintf(names + used, size - used, "%s%s",
		                         used ? ", " : "", m->name);
	}
}

const struct vmm *
vmm_at(size_t i)
{
	return i < VMMS ? &vmms[i] : NULL;
}

const struct vmm *
vmm_find(const char *arch, const char *name)
{
	for (size_t i = 0; i < VMMS; i++)
		if (strcmp(vmms[i].name, name) == 0 && strcmp(vmms[i].arch, arch) == 0)
			return &vmms[i];
	return NULL;
}
