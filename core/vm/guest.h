/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One machine to start, and the command lines that start it: QEMU's, for a program that
 * listens on sockets or for a person at the serial console, and those of other virtual
 * machine monitors.
 */
#ifndef VM_GUEST_H
#define VM_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

enum { GUEST_DISKS_MAX = 16, GUEST_NICS_MAX = 8, GUEST_FORWARDS_MAX = 32,
       GUEST_SHARES_MAX = 8 };

struct guest_disk {
	const char *path;
	const char *format; /* "raw", "qcow2"; "fat": a folder that is shown as a disk */
	const char *serial; /* how the guest knows it (/dev/disk/by-id); NULL for none */
	bool readonly;
	bool discard; /* what the guest writes goes to a file that is gone afterwards */
};

/* A port of this machine that leads to one of the guest's. */
struct guest_forward {
	const char *address; /* of this machine; NULL: 127.0.0.1 */
	int host, guest;
	bool udp;
	bool chosen; /* host is: nobody asked for just this one */
};

struct guest_nic {
	const char *tap; /* interface of this machine; NULL: QEMU's user network */
	const char *vhost_user; /* the socket of a switch on this machine; or NULL */
	const char *mac; /* NULL: the monitor's choice */
	struct guest_forward forwards[GUEST_FORWARDS_MAX]; /* user network only */
	size_t forward_count;
};

/* A folder of this machine that the guest mounts by its tag. */
struct guest_share {
	const char *tag;
	const char *path;   /* 9p */
	const char *socket; /* of a virtiofsd that serves it; NULL: 9p ... */
	int fd;             /* ... unless QEMU inherits a connection to one */
	bool readonly;
};

struct guest {
	const char *form;    /* "uki", "disk", "kernel": what is proven to boot */
	const char *arch;    /* of the guest, as Linux calls it ("x86"); NULL: any */
	const char *machine; /* name of a row of the machine table */
	const char *special; /* what -machine says for it on this architecture, or NULL */
	bool acpi;           /* where the machine has a choice */
	const char *accel;   /* "kvm", "tcg" */
	const char *cpu;
	const char *bus; /* "mmio", "pci", or "auto": as the machine has it */
	int64_t memory;  /* bytes */
	int64_t cpus;
	/* Files; NULL for what there is not. */
	const char *kernel, *initramfs, *cmdline;
	const char *elf;             /* the same kernel, as ELF file (vmlinux) ... */
	const char *image;           /* ... and as bzImage or Image */
	const char *uki;             /* what -kernel hands over when there is no kernel */
	const char *firmware, *vars; /* flash images; without vars: one ROM image */
	struct guest_disk disks[GUEST_DISKS_MAX]; /* the first is /dev/vda */
	size_t disk_count;
	struct guest_nic nics[GUEST_NICS_MAX];
	size_t nic_count;
	struct guest_share shares[GUEST_SHARES_MAX];
	size_t share_count;
	uint32_t vsock_cid; /* 0: no vsock */
	int vsock_fd;       /* a /dev/vhost-vsock that holds the cid; 0: QEMU opens it */
	const char *vsock_socket; /* the other monitors' end of it on this machine */
	bool rng;           /* entropy from this machine */
	bool screen;        /* a graphics device, for screendump */
	bool hugepages;     /* memory in pages of the kernel's default huge size */
	int slots;          /* PCI Express slots for devices that come later */
	const char *const *more; /* NULL-terminated, the user's own words; or NULL */
};

/*
 * One of QEMU's streams: a socket that it inherits, or a pipe for what it says, else a
 * socket that it listens on.
 */
struct guest_wire {
	int fd;           /* -1: none */
	const char *path; /* NULL: none */
	bool pipe;        /* fd is one; of a path: PATH.in and PATH.out are, made by mkfifo */
};

struct guest_sockets {
	struct guest_wire qmp, console;
	struct guest_wire control; /* the guest's port msmv.control; none: no such port */
	bool paused; /* the machine starts with QMP's "cont": nothing runs unheard */
};

#define GUEST_WIRE_NONE { -1, NULL, false }
#define GUEST_SOCKETS_NONE \
	{ GUEST_WIRE_NONE, GUEST_WIRE_NONE, GUEST_WIRE_NONE, false }

/*
 * QEMU's, NULL-terminated; NULL without memory. argv_free frees it. Without sockets the
 * serial console is a person's terminal.
 */
char **guest_argv(const struct guest *guest, const char *qemu,
                  const struct guest_sockets *sockets);

/* Where its virtio devices are: "mmio" or "pci", also where the guest leaves it open. */
const char *guest_bus(const struct guest *guest);

/* A stream's name in the guest: the virtio-serial port that its init listens on. */
#define GUEST_CONTROL_PORT "msmv.control"

/* ---- guest_vmm.c ------------------------------------------------------ */

/*
 * Whether another monitor than QEMU could start this guest; if not, why says why not.
 * What only QEMU has (the user network's forwards, 9p) is left out of its command line.
 */
bool guest_fits(const struct guest *guest, const char *vmm, char *why, size_t size);
/* As guest_argv, for a person; api is a socket that it shall listen on, or NULL. */
char **guest_cloud_hypervisor(const struct guest *guest, const char *api);
/* What --config-file of Firecracker names; NULL without memory. */
json_t *guest_firecracker(const struct guest *guest);
char **guest_firecracker_argv(const char *config, const char *api);

#endif
