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

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes milliseconds; one second when KVM hangs. kernel_arch is the guest's
 * ("x86", "arm64"). When false, why says why not, for a person.
 */
bool kvm_probe(const char *kernel_arch, char *why, size_t size);

#endif
