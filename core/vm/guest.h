/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One machine to start, and its QEMU command line: for this program, which listens
 * on sockets, and for a person, who sits at the serial console.
 */
#ifndef VM_GUEST_H
#define VM_GUEST_H

#include <stdbool.h>
#include <stdint.h>

struct guest {
	const char *form;    /* "uki", "disk", "kernel": what is proven to boot */
	const char *machine; /* name of a row of the machine table */
	const char *special; /* what -machine says for it on this architecture, or NULL */
	const char *accel;   /* "kvm", "tcg" */
	const char *cpu;
	const char *bus; /* "mmio", "pci", or "auto": as the machine has it */
	int64_t memory;  /* bytes */
	int64_t cpus;
	bool network;
	/* Files; NULL for what there is not. */
	const char *kernel, *initramfs, *cmdline;
	const char *disk, *disk_format;
	const char *uki;             /* what is in esp, or what -kernel hands over */
	const char *esp;             /* a folder that the firmware sees as a disk */
	const char *firmware, *vars; /* flash images; without vars: one ROM image */
	const char *const *more;     /* NULL-terminated, the recipe's; or NULL */
};

/* Where QEMU connects monitor and serial port; NULL: to a person's terminal. */
struct guest_sockets {
	int qmp, console;
};

/* NULL-terminated; NULL without memory. argv_free frees it. */
char **guest_argv(const struct guest *guest, const char *qemu,
                  const struct guest_sockets *sockets);
void argv_free(char **argv);
/* The command as text for a shell; NULL without memory; the caller frees it. */
char *argv_text(char *const *argv);

/* Whether the machine can start from firmware. */
bool machine_has_firmware(const char *machine);

#endif
