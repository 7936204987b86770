#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Disks read back by QEMU's and e2fsprogs' own tools: image, file system, members.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2034,SC2154
. "${top_srcdir:?}/tests/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
requires qemu-img qemu-utils
requires e2fsck e2fsprogs
requires debugfs e2fsprogs
requires dumpe2fs e2fsprogs
requires resize2fs e2fsprogs
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

# recipe OPTIONS-OF-THE-TREE OPTIONS-OF-THE-DISK
recipe()
{
	cat >r.toml <<EOF
[stage.tree]
plugin = "mktree"
$1
[stage.disk]
plugin = "qcow2"
inputs = { root = "tree:root" }
$2
EOF
}

build()
{
	rm -rf out
	msmv run r.toml -o out
}

# sound WHAT: the image and its file system are; it is left as disk.raw.
sound()
{
	check "$1: built" build
	check "$1: qemu-img finds no fault" qemu-img check out/disk.qcow2
	check "$1: it converts" qemu-img convert -O raw out/disk.qcow2 disk.raw
	check "$1: e2fsck finds no fault" e2fsck -fn disk.raw
}

fs()
{
	debugfs -R "$1" disk.raw 2>/dev/null
}

# inode PATH FIELD: a field of debugfs' stat.
inode()
{
	fs "stat $1" | awk -v f="$2:" '{ for (i = 1; i < NF; i++) if ($i == f) { print $(i + 1); exit } }'
}

short=$(printf '%059d' 0)
just=$(printf '%060d' 0)
long=$(printf '%0300d' 0)
longest=$(printf '%0255d' 0)
members='members = [
"dir dev 0755 0 0",
"char dev/console 0600 0 5 5 1",
"block dev/vda 0660 0 6 254 3",
"block dev/far 0660 0 6 259 70000",
"fifo run/pipe 0622 0 0",
"file bin/su 4755 0 0 text set-uid",
"file etc/motd 0640 1000 1001 text hello there",
"file empty 0600 65534 70000 zero 0",
"file noise 0644 0 0 random 1234567",
"file zeros 0644 0 0 zero 9000000",
"file holes 0644 0 0 holes 20000000",
"link a-name-before 0 0 0 noise",
"link noise-again 0 0 0 noise",
"slink fast 0777 0 0 '$short'",
"slink just 0777 0 0 '$just'",
"slink slow 0777 0 0 '$long'",
"file '$longest' 0644 0 0 text long name",
"dir tmp 1777 0 0",
]'

# ---- Members ----------------------------------------------------------

recipe "$members" 'label = "my root"'
sound "a small disk"
check "holes take no room in the image" test "$(wc -c <out/disk.qcow2)" -lt 4000000
expect "it has its label" "my root" "$(dumpe2fs -h disk.raw 2>/dev/null | sed -n 's/^Filesystem volume name: *//p')"
fails "no journal where nobody asks" sh -c 'dumpe2fs -h disk.raw 2>/dev/null | grep has_journal'

expect "a device: mode" 0600 "$(inode dev/console Mode)"
expect "a device: group" 5 "$(inode dev/console Group)"
expect "a device: numbers" 05:01 "$(inode dev/console number)"
fs "stat dev/console" >console
expect "a device: type" 1 "$(grep -c 'Type: character' console)"
check "a device: major and minor" grep -q 'Device major/minor number: 05:01' console
fs "stat dev/far" >far
check "a device with large numbers" grep -q 'New-style device/node: 259:70000\|number: 259:70000' far
expect "a fifo" 1 "$(fs 'stat run/pipe' | grep -c 'Type: FIFO')"
expect "set-uid stays" 04755 "$(inode bin/su Mode)"
expect "owners are the tree's" "1000 1001" "$(inode etc/motd User) $(inode etc/motd Group)"
expect "ids of more than 16 bits" 70000 "$(inode empty Group)"
expect "a sticky folder" 01777 "$(inode tmp Mode)"
expect "a parent that nobody listed" 0755 "$(inode etc Mode)"
expect "a text" "hello there" "$(fs 'cat etc/motd')"
expect "a link in the inode" "$short" "$(fs 'stat fast' | sed -n 's/^Fast link dest: "\(.*\)"/\1/p')"
expect "one byte more has a block" "$just" "$(fs 'cat just')"
expect "and a long one" "$long" "$(fs 'cat slow')"
expect "a name of 255 bytes" "long name" "$(fs "cat $longest")"
expect "three names" 3 "$(inode noise Links)"
expect "of one inode" "$(inode noise Inode)" "$(inode a-name-before Inode)"
expect "nothing of zeros is stored" 0 "$(inode zeros Blockcount)"
expect "but their size is" 9000000 "$(inode zeros Size)"
# two blocks of 8 sectors in each of 20 MiB, and one that maps them
expect "holes stay holes" 328 "$(inode holes Blockcount)"
fs 'stat etc/motd' >stamps
expect "all times are the epoch" 0x12cea600 \
	"$(sed -n 's/^ *[acm]time: \(0x[0-9a-f]*\):.*/\1/p' stamps | sort -u)"

# The tree itself, by another plugin, is what the files must equal.
cat >tree.toml <<EOF
[stage.tree]
plugin = "mktree"
$members
[stage.image]
plugin = "cpio"
inputs = { root = "tree:root" }
EOF
msmv run tree.toml -o tree >/dev/null
mkdir files
(cd files && bsdtar --no-same-owner -xf ../tree/initramfs.cpio --exclude dev --exclude run)
for file in noise holes zeros; do
	fs "dump $file got" >/dev/null
	check "the data of $file" cmp got "files/$file"
done

# ---- The same bytes ---------------------------------------------------

cp out/disk.qcow2 first.qcow2
cp disk.raw first.raw
MSMV_STORE=$T/store2
sleep 1
build >/dev/null
check "another run elsewhere gives the same bytes" cmp first.qcow2 out/disk.qcow2
MSMV_STORE=$T/store
recipe "$members
reverse = true" 'label = "my root"'
build >/dev/null
check "order of input does not matter" cmp first.qcow2 out/disk.qcow2
uuid()
{
	dumpe2fs -h disk.raw 2>/dev/null | sed -n 's/^Filesystem UUID: *//p'
}
recipe 'members = ["file a 0644 0 0 text one"]' ''
build >/dev/null && qemu-img convert -O raw out/disk.qcow2 disk.raw
one=$(uuid)
expect "32 MiB where nobody says" 33554432 "$(wc -c <disk.raw)"
recipe 'members = ["file a 0644 0 0 text two"]' ''
build >/dev/null && qemu-img convert -O raw out/disk.qcow2 disk.raw
fails "another content has another UUID" test "$one" = "$(uuid)"

# ---- Formats ----------------------------------------------------------

recipe "$members" 'label = "my root"
format = "raw"'
MSMV_STORE=$T/store3
check "a raw disk" build
check "is sparse in the store" test "$(du -k "$MSMV_STORE/blobs" | tail -n 1 | cut -f 1)" -lt 45000
MSMV_STORE=$T/store
check "is the same disk" cmp first.raw out/disk.raw
check "also to qemu-img" qemu-img compare first.qcow2 out/disk.raw
recipe "$members" 'label = "my root"
format = "qemu_image"'
check "qemu_image" build
check "is qcow2" cmp first.qcow2 out/disk.qcow2
recipe "$members" 'journal = true'
sound "with a journal"
expect "it has one" 1 "$(dumpe2fs -h disk.raw 2>/dev/null | grep -c has_journal)"

# ---- Sizes ------------------------------------------------------------

recipe 'count = 5000
size = "20M"' ''
sound "5,000 files"
expect "they are there" 5000 "$(e2fsck -fn disk.raw 2>/dev/null |
	awk -F'[:/ ]' '/files/ { print $3 - 11 - 52 + 1 }')"
cp disk.raw grown.raw
truncate -s 200M grown.raw
check "it can grow" resize2fs grown.raw
check "and is sound then" e2fsck -fn grown.raw

recipe 'count = 5000
size = "20M"' 'size = "16M"'
refuse "a size that is too small" 'the files do not fit: size is 16384 KiB and they need' build
check "leaves no image" test ! -e out/disk.qcow2
enough=$(msmv run r.toml 2>&1 | sed -n 's/.*set size = "\([0-9]*K\)".*/\1/p' | head -n 1)
recipe 'count = 5000
size = "20M"' "size = \"$enough\""
sound "the size that the error names"
recipe "$members" 'size = "12M"'
sound "holes larger than the disk"
recipe 'members = ["file dense 0644 0 0 random 150000000"]' ''
sound "a large dense file"
check "is in few pieces" test "$(fs 'dump_extents dense' | wc -l)" -lt 10
recipe 'members = ["file a 0644 0 0 text x"]' 'size = "3G"'
sound "a large empty disk"
check "is a small image" test "$(wc -c <out/disk.qcow2)" -lt 3000000

# ---- What is refused --------------------------------------------------

recipe "members = [\"file ${longest}x 0644 0 0 text x\"]" ''
refuse "a name that ext4 cannot hold" "longer than the 255 bytes" build
recipe 'members = ["file lost+found 0644 0 0 text x"]' ''
refuse "a file where ext4 wants a folder" "lost+found" build
recipe "$members" 'label = "seventeen letters"'
refuse "a long label" "16 bytes" build
recipe "$members" 'size = "17T"'
fails "a size beyond ext4's" build
finish
