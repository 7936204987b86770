/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Whether guests run under KVM here: kvm.h's proof, remembered in a folder, so that it is
 * made once and not for every boot. What it rests on is remembered with it: this boot of
 * the host, its kernel, its processor with microcode, the device and the QEMU. When any
 * of them is another one, the proof is made anew. So it is when it failed a day ago, and
 * when the last time it could not be made.
 */
#ifndef VM_ACCEL_H
#define VM_ACCEL_H

#include <stdbool.h>
#include <stddef.h>

enum { ACCEL_WHY_MAX = 512 };

struct accel {
	const char *folder; /* where it is remembered; made when missing; NULL: nowhere */
	const char *arch;   /* of the guest, as Linux calls it ("x86") */
	const char *qemu;   /* the program: a name in PATH, or a path */
	const char *device; /* NULL: /dev/kvm */
	/* Answers of accel_kvm. */
	bool remembered;
	char why[ACCEL_WHY_MAX]; /* not KVM, for a person; "" if KVM it is */
};

/* Takes milliseconds for the proof, one second when KVM hangs, nothing when remembered. */
bool accel_kvm(struct accel *accel);
/*
 * KVM passed its proof and then failed at a real guest that TCG could boot. For failures
 * that are KVM's own, and not of a QEMU that had no memory or no port.
 */
void accel_distrust(const struct accel *accel, const char *why);

/* What a verdict rests on, as text; false if this cannot be told. For the tests too. */
bool accel_facts(const struct accel *accel, char *text, size_t size);

#endif
