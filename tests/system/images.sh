#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# One kernel, three forms: initramfs, a qcow2 disk with root=/dev/vda, a UKI under OVMF.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires qemu-img qemu-utils
requires objdump binutils
requires bsdtar libarchive-tools
requires cpio cpio
recipe=$top_srcdir/tests/system/recipes/images.toml

run_recipe "all three forms boot" "$recipe"
check "the initramfs did" grep -q '^  \(done\|cached\) *boot ' run.txt
check "the disk did" grep -q '^  \(done\|cached\) *boot\.qcow2 ' run.txt
check "the UKI did, under OVMF" grep -q '^  \(done\|cached\) *boot\.uki ' run.txt
no_qemu "no QEMU is left"

check "qemu-img finds no fault" qemu-img check out/images.qcow2
qemu-img convert -O raw out/images.qcow2 disk.raw
check "nor does e2fsck" /sbin/e2fsck -fn disk.raw
check "the UKI's sections are read by objdump" objdump -h out/uki.efi
objdump -h out/uki.efi >sections.txt
for s in .osrel .cmdline .linux .initrd; do
	check "section $s" grep -q " $s " sections.txt
done
objcopy -O binary --only-section=.linux out/uki.efi linux.bin
check "the UKI's kernel is the kernel" cmp -n "$(stat -c %s out/bzImage)" linux.bin out/bzImage
gzip -cd out/initramfs.cpio.gz >initramfs.cpio 2>/dev/null || cp out/initramfs.cpio initramfs.cpio
check "GNU cpio reads the initramfs" sh -c 'cpio -t <initramfs.cpio | grep -qx init'
check "bsdtar reads it too" sh -c 'bsdtar -tf initramfs.cpio | grep -qx init'
cpio -t <initramfs.cpio 2>/dev/null | sort >cpio.txt
bsdtar -tf initramfs.cpio | sed 's|/$||' | sort >bsdtar.txt
check "and they agree" cmp cpio.txt bsdtar.txt
finish
