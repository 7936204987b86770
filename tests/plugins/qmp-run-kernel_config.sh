#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A kernel that was built without what it is given is not booted, and it is said what it lacks.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2154,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"
requires python3 python3

guest server stop "hello\r\n$ready"

# given PORT FILE OPTION...: the guest with this input, and a kernel that has these options.
given()
{
	given_port=$1
	given_file=$2
	shift 2
	printf 'CONFIG_%s=y\n' "$@" >config
	cat >given.toml <<EOF
[stage.guest]
plugin = "fetch-http"
url = "file://$PWD/server"
[stage.given]
plugin = "fetch-http"
url = "file://$PWD/$given_file"
[stage.config]
plugin = "fetch-http"
url = "file://$PWD/config"
[stage.boot]
plugin = "qmp-run"
inputs = { vmlinux = "guest:file", config = "config:file", $given_port = "given:file" }
accel = "tcg"
EOF
	msmv run given.toml -o out
}

while read -r packing option head; do
	python3 -c 'import sys; open(sys.argv[1], "wb").write(bytes.fromhex(sys.argv[2]) + b"0" * 600)' \
		"$packing" "$head"
	check "$packing and a kernel that unpacks it" given initramfs "$packing" BLK_DEV_INITRD "$option"
	refuse "$packing and one that does not" \
		"the initramfs is packed with $packing, and the kernel has no $option" \
		given initramfs "$packing" BLK_DEV_INITRD RD_OTHER
done <<'EOF'
gzip RD_GZIP 1f8b08
xz RD_XZ fd377a585a00
zstd RD_ZSTD 28b52ffd
lz4 RD_LZ4 02214c18
EOF
echo 070701 >plain
check "an archive that is not packed" given initramfs plain BLK_DEV_INITRD
refuse "a kernel without initramfs at all" "there is an initramfs, and the kernel has no BLK_DEV_INITRD" \
	given initramfs plain RD_XZ
truncate -s 1M disk.raw
check "a disk, and its driver on the machine's bus" given disk disk.raw VIRTIO_BLK VIRTIO_MMIO
refuse "no driver" "from a virtio disk, and the kernel has no VIRTIO_BLK" \
	given disk disk.raw VIRTIO_MMIO
refuse "no bus" "a virtio device, and the kernel has no VIRTIO_MMIO" \
	given disk disk.raw VIRTIO_BLK VIRTIO_PCI
finish
