/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is known of machines, as data: a table of QEMU's, and one of the other programs
 * that start a Linux kernel. Whoever makes a command line asks here and nowhere else.
 */
#ifndef VM_MACHINE_H
#define VM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

/* How a guest ends its machine. */
enum machine_off {
	MACHINE_OFF_RESET, /* it cannot: Linux resets, and QEMU runs with -no-reboot */
	MACHINE_OFF_ACPI,
	MACHINE_OFF_FIRMWARE /* PSCI, SBI */
};

struct machine {
	const char *name;  /* as a recipe and -machine call it */
	const char *arch;  /* of its guests, as Linux calls it: "x86", "arm64" */
	const char *accel; /* the only one under which this row holds; NULL: any */
	bool acpi;         /* the row for guests that are to have ACPI, if there are two */
	const char *value; /* of -machine */
	const char *bus;   /* of virtio devices: "mmio" or "pci" */
	const char *console; /* the serial port's name in the guest; NULL: as the
	                        architecture has it */
	enum machine_off off;
	bool button;       /* QMP's system_powerdown reaches the guest */
	const char *words; /* that the kernel's command line needs to end it so; or NULL */
	bool firmware;     /* can start UEFI, and so a UKI */
	bool pvh;          /* an ELF kernel with the PVH note starts faster than a bzImage */
	const char *gpu;   /* for who wants a screen */
};

/*
 * The row for a machine of this architecture under this accelerator (either may be
 * NULL: any), NULL if there is none. acpi is a wish: a machine that has but one row has
 * it as it is.
 */
const struct machine *machine_find(const char *arch, const char *name, const char *accel,
                                   bool acpi);
/* The architecture's first machine that can start UEFI, or NULL. */
const struct machine *machine_with_firmware(const char *arch);
/* "microvm, q35, pc": of this architecture; "" if it is not in the table. */
void machine_names(const char *arch, char *names, size_t size);

/* Another virtual machine monitor than QEMU. */
struct vmm {
	const char *name; /* "cloud-hypervisor", "firecracker" */
	const char *arch;
	const char *console;
	const char *words; /* that the kernel's command line needs there; or NULL */
	bool elf;          /* takes a kernel as ELF file (vmlinux) ... */
	bool image;        /* ... and as bzImage or Image */
	const char *bus;   /* kernel option of the bus that its virtio devices are on */
	bool firmware;     /* can start UEFI */
	bool qcow2;        /* reads such disks, not raw ones alone */
};

/* NULL if the program cannot run such guests. */
const struct vmm *vmm_find(const char *arch, const char *name);
/* Row i of the table; NULL after the last. */
const struct vmm *vmm_at(size_t i);

#endif
