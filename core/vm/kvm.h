/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Whether KVM on this machine can run a guest, proven by running one.
 *
 * /dev/kvm that opens proves nothing: in some virtual machines and containers it
 * hands out machines which then fail, hang, or step through the guest one
 * instruction at a time, hundreds of times slower than QEMU's own translator.
 */
#ifndef VM_KVM_H
#define VM_KVM_H

#include <stddef.h>

enum kvm_verdict {
	KVM_WORKS,
	KVM_FAILS,  /* a guest was run and it did not do: it will not the next time */
	KVM_UNKNOWN /* none could be run now: no device, no memory, no time */
};

/*
 * Takes milliseconds; one second when KVM hangs. kernel_arch is the guest's
 * ("x86", "arm64"). why says why not, for a person; it is empty if KVM works.
 */
enum kvm_verdict kvm_probe(const char *kernel_arch, char *why, size_t size);

#endif
