#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What a recipe of format_version 1 is given, byte for byte, by every writer of this tree: a
# better one writes so for a recipe of format 2, and these sums stay for good.
# shellcheck disable=SC2034,SC2154
. "${top_srcdir:?}/tests/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
requires mke2fs e2fsprogs
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >r.toml <<'EOF'
[general]
format_version = 1
[stage.tree]
plugin = "mktree"
members = [
	"dir dev 0755 0 0",
	"char dev/console 0600 0 5 5 1",
	"block dev/vda 0660 0 6 254 3",
	"fifo run/pipe 0622 0 0",
	"file bin/su 4755 0 0 text set-uid",
	"file etc/motd 0640 1000 1001 text hello there",
	"file empty 0600 65534 70000 zero 0",
	"file noise 0644 0 0 random 123456",
	"file holes 0644 0 0 holes 2000000",
	"link noise-again 0 0 0 noise",
	"slink lib 0777 0 0 usr/lib",
	"dir tmp 1777 0 0",
]
[stage.rootfs]
plugin = "rootfs"
hostname = "bytes"
app = { hello = "/bin/hello 'one two'" }
app_environment = { hello = "A=1" }
users = { www = "1000" }
mounts = { "/data" = "ext4 /dev/vdb" }
file_text = { "/etc/motd" = "hello" }
[stage.cpio]
plugin = "cpio"
inputs = { root = "tree:root" }
[stage.raw]
plugin = "qcow2"
format = "raw"
inputs = { root = "tree:root" }
[stage.qcow2]
plugin = "qcow2"
inputs = { root = "tree:root" }
EOF

# A kernel as it looks from outside, and an initramfs, for a unified image.
poke()
{
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
head -c 20001 /dev/zero >bzImage
poke bzImage 0 'MZ'
poke bzImage 60 '\200\0\0\0'
poke bzImage 128 'PE\0\0\144\206'
poke bzImage 514 'HdrS'
poke bzImage 526 '\0\020'
poke bzImage 4608 '6.1.99-test (somebody@somewhere) #1\0'
stub=/usr/lib/systemd/boot/efi/linuxx64.efi.stub
if [ -r "$stub" ]; then
	cp "$stub" stub
	cat >>r.toml <<'EOF'
[stage.kernel]
plugin = "trial"
files = "bzImage"
[stage.uki]
plugin = "uki"
stub = "stub"
cmdline = "console=ttyS0"
inputs = { kernel = "kernel:out", initramfs = "cpio:image" }
EOF
fi

# sum STAGE: of the one thing that it made.
sum()
{
	record=$(grep -lx "stage=$1" "$MSMV_STORE"/actions/*/*)
	sed -n 's/^digest=//p' "$record"
}

check "they write" msmv run r.toml -o out
expect "trees" fa63e5ad93129416ea10c54baea4991c2c1d6bbc444b130c6bf3ec73b07c0527 "$(sum tree)"
expect "the guest's skeleton" a807e5099230f96608ad461eb25d1bd535832a5e2eb2a15f6243a11a7964ca0a "$(sum rootfs)"
expect "initramfs" 463eb0e406f63f9c71eaa5ccebcad20b21a38aaa9ee5aa753e724c347625197f "$(sum cpio)"
# What is laid out by a library, or holds a file of the machine, is the same with the same one.
if mke2fs -V 2>&1 | grep -q '1\.47\.0'; then
	expect "disks" 1f9491006ec8154b4f6af1b97acd85cc011ba98fd0151b5cfae30d1bd74f06aa "$(sum raw)"
	expect "disks as QEMU has them" 4aed6e2b0fe5da9df92a98a81175395f296e91a1d3b61e166e39e0b3238b9743 "$(sum qcow2)"
else
	ok "disks # SKIP the sums are of e2fsprogs 1.47.0"
fi
if sha256sum stub 2>/dev/null | grep -q '^c62ae56ffaf49d1a61de4434f4f531dd1d4ed3b5aee46c934c56e3f809b22cc4'; then
	expect "unified images" cc1f754aca1a57cd930f422ace8aeccb6700a4ae5239e509b5ac5af66cb5421d "$(sum uki)"
elif [ -f stub ]; then
	ok "unified images # SKIP the sum is of another stub"
else
	ok "unified images # SKIP the stub is missing (package systemd-boot-efi)"
fi
finish
