#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What the profile microvm marks as needed to boot at all (!NAME=y) is: without it the
# guest of the quick start does not come up, with it and without the rest it does.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
recipe=$top_srcdir/recipes/hello.toml
profile=$top_srcdir/plugins/kconfig/profiles/microvm.x86.config

# with OPTION=VALUE...: the quick start with these kernel options.
with()
{
	count_of=$#
	for o; do
		set -- "$@" --set "kernel.options.$o"
	done
	shift "$count_of"
	msmv run "$recipe" --set run.timeout=60 --set run.silence=30 -o out "$@"
}

needed=$(sed -n 's/^!\([A-Z0-9_]*\)=y$/\1/p' "$profile")
check "the profile says what it needs" test -n "$needed"
for o in $needed; do
	refuse "without $o the guest does not come up" 'boot failed\|failed: boot\|error: boot:' \
		with "$o=n"
done
check "without any virtio and without PVH it does" with PVH=n KVM_GUEST=n PARAVIRT=n \
	HYPERVISOR_GUEST=n VIRTIO_MMIO_CMDLINE_DEVICES=n VIRTIO_MMIO=n
finish
