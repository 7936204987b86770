/* SPDX-License-Identifier: GPL-3.0-only */
/* QEMU's command line while it is being written; guest.c and guest_devices.c share it. */
#ifndef VM_GUEST_LINE_H
#define VM_GUEST_LINE_H

#include "vm/argv.h"
#include "vm/guest.h"
#include "vm/machine.h"

struct line {
	struct argv args;
	const struct guest *guest;
	const struct machine *machine; /* NULL: one that the table does not know */
	const char *suffix;            /* of virtio devices: "device" is at an address */
};

/* Disks, cards, folders and all that is plugged in. */
void guest_devices(struct line *line);

#endif
