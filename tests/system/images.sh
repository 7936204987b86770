#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# One kernel, all forms: initramfs, qcow2 and raw disks with root=/dev/vda, a UKI under OVMF.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires qemu-img qemu-utils
requires objdump binutils
requires bsdtar libarchive-tools
requires cpio cpio
requires jq jq
. "$top_srcdir/tests/system/lib.sh"
recipe=$top_srcdir/tests/system/recipes/images.toml

run_recipe "all forms boot, and pass the checks" "$recipe"
check "the initramfs did" grep -q '^  \(done\|cached\) *boot ' run.txt
check "the disk did" grep -q '^  \(done\|cached\) *boot\.qcow2 ' run.txt
check "the raw disk did" grep -q '^  \(done\|cached\) *boot\.raw ' run.txt
expect "each boot has its report" "kernel ,disk qcow2,disk raw,uki raw" "$(for f in boot boot.qcow2 boot.raw boot.uki; do
	jq -r '"\(.form) \(.commands.qemu | [capture("format=(?<f>[a-z0-9]*)").f] | .[0] // "")"' "out/$f.json"
done | paste -s -d , )"
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

# Without an initramfs it is the disk that boots: that was proven above, as boot.qcow2.
run_recipe "boot.initramfs = false" "$recipe" --set boot.initramfs=false \
	--set 'output.format=["qcow2"]' -o disk
check "boots from the disk" grep -q '^  cached *boot ' run.txt
expect "as its report says" disk "$(jq -r .form disk/boot.json)"
check "and by hand, under the name that it has there" \
	boots_by_hand disk '^msmv: ready ' 20

# A machine without a power button: its init is told by the control port.
run_recipe "microvm is asked to power off" "$recipe" --set 'output.format=["initramfs", "manifest"]' \
	--set applications.hello.on_exit=none --set run.machine=microvm --set run.powerdown=true \
	--set run.initcalls=true
expect "and does" "powerdown reboot" "$(report '.boot | "\(.end) \(.halt)"')"
bsdtar -tf out/manifest.mtree | sed 's,^\./,,; s,/$,,' | grep -vx '' | sort >manifest.txt
grep -vx '\.' bsdtar.txt >archive.txt
check "the manifest has what is in the archive" cmp manifest.txt archive.txt
fails "and nothing that building left" grep -E '\.(c|h|o|a|la|pc|orig|rej)$|/include/' manifest.txt
check "the kernel's slowest initcalls are told, the slowest first" jq -e \
	'.boot.split.initcalls | length == 10 and .[0].us >= .[9].us and .[9].us > 0' out/boot.json
check "init's steps are told" jq -e '.boot.split.steps | length > 3' out/boot.json
finish
