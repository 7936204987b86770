#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Archives read back by two foreign readers: members, owners, nodes, links and data.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2034,SC2154
. "${top_srcdir:?}/tests/lib.sh"
requires cpio cpio
requires bsdtar libarchive-tools
requires gzip gzip
requires xz xz-utils
requires zstd zstd
requires lz4 lz4
requires od coreutils
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

# recipe OPTIONS-OF-THE-TREE OPTIONS-OF-CPIO
recipe()
{
	cat >r.toml <<EOF
[stage.tree]
plugin = "mktree"
$1
[stage.image]
plugin = "cpio"
inputs = { root = "tree:root" }
$2
EOF
}

# build: runs the recipe; the archive is at $archive.
build()
{
	rm -rf out
	msmv run r.toml -o out || return 1
	archive=$(echo out/initramfs.cpio*)
}

long=$(printf '%0200d' 0)
members='members = [
"dir dev 0755 0 0",
"char dev/console 0600 0 5 5 1",
"block dev/vda 0660 0 6 254 3",
"fifo run/pipe 0622 0 0",
"file bin/su 4755 0 0 text set-uid",
"file etc/motd 0640 1000 1001 text hello there",
"file empty 0600 65534 4000000000 zero 0",
"file noise 0644 0 0 random 1234567",
"link a-name-before 0 0 0 noise",
"link noise-again 0 0 0 noise",
"slink lib 0777 0 0 usr/lib",
"slink deep 0777 0 0 '$long'",
"file with-'$long' 0644 0 0 text long name",
"dir tmp 1777 0 0",
]'

# ---- Members ----------------------------------------------------------

recipe "$members" ''
check "an archive is written" build
expect "it is named so" out/initramfs.cpio "$archive"
LC_ALL=C bsdtar -tvf "$archive" >list

# member PATH: mode, owner, group, and size or device, as bsdtar sees them.
member()
{
	awk -v p="$1" '$9 == p { print $1, $3, $4, $5 }' list
}

expect "a device keeps mode, owner and numbers" "crw------- 0 5 5,1" "$(member dev/console)"
expect "a block device too" "brw-rw---- 0 6 254,3" "$(member dev/vda)"
expect "a fifo" "prw--w--w- 0 0 0" "$(member run/pipe)"
expect "set-uid stays" "-rwsr-xr-x 0 0 7" "$(member bin/su)"
expect "owners are the tree's, not the builder's" "-rw-r----- 1000 1001 11" "$(member etc/motd)"
expect "ids of 32 bits" "-rw------- 65534 4000000000 0" "$(member empty)"
expect "a sticky folder" "drwxrwxrwt 0 0 0" "$(member tmp)"
expect "a parent that nobody listed" "drwxr-xr-x 0 0 0" "$(member etc)"
expect "a symbolic link" "lib -> usr/lib" "$(awk '$9 == "lib" { print $9, $10, $11 }' list)"
expect "a long one" "$long" "$(awk '$9 == "deep" { print $11 }' list)"
expect "a long name" 1 "$(grep -c "with-$long\$" list)"
expect "all times are the epoch" 1 "$(awk '{ print $6, $7, $8 }' list | sort -u | wc -l)"
expect "parents come first" dev "$(awk '$9 ~ /^dev/ { print $9; exit }' list)"
expect "members are sorted" "" \
	"$(bsdtar -tf "$archive" | LC_ALL=C sort -c 2>&1)"

mkdir gnu bsd
(cd gnu && cpio -i --quiet --no-preserve-owner -d 'bin/*' 'etc/*' empty 'noise*' \
	'a-name*' lib 'with*') <"$archive"
(cd bsd && bsdtar --no-same-owner -xf "../$archive" --exclude dev)
expect "GNU cpio reads a text" "hello there" "$(cat gnu/etc/motd)"
expect "bsdtar reads a text" "hello there" "$(cat bsd/etc/motd)"
expect "noise has its size" 1234567 "$(wc -c <gnu/noise)"
check "both read the same noise" cmp gnu/noise bsd/noise
expect "three names are one file to GNU cpio" 3 "$(stat -c %h gnu/a-name-before)"
expect "and to bsdtar" 3 "$(stat -c %h bsd/noise-again)"
check "the first name has the data" cmp bsd/noise gnu/a-name-before

# The header's fields, 8 hexadecimal digits each, behind the magic number.
field()
{
	dd if="$archive" bs=1 skip=$((6 + 8 * $1)) count=8 2>/dev/null
}
expect "the magic number" 070701 "$(head -c 6 "$archive")"
expect "inode numbers count from 1" 00000001 "$(field 0)"
expect "the device is nobody's" 0000000000000000 "$(field 7)$(field 8)"
expect "padded to 512" 0 $(($(wc -c <"$archive") % 512))
expect "it ends with its mark" 1 "$(tail -c 512 "$archive" | grep -ac 'TRAILER!!!')"

# ---- The same bytes ---------------------------------------------------

cp "$archive" first.cpio
recipe "$members
reverse = true" ''
build >/dev/null
check "order of input does not matter" cmp first.cpio "$archive"
recipe "$members" ''
MSMV_STORE=$T/store2
build >/dev/null
check "another run elsewhere gives the same bytes" cmp first.cpio "$archive"
MSMV_STORE=$T/store

# ---- Compression ------------------------------------------------------

# Low levels have small blocks: so there is something to share out among threads.
many='count = 300
size = "10M"'
recipe "$many" ''
build >/dev/null
cp "$archive" plain.cpio

# compressed NAME SUFFIX PROGRAM LEVEL
compressed()
{
	recipe "$many" "compression = \"$1\"
level = $4"
	check "$1 is written" build
	expect "$1 is named so" "out/initramfs.cpio$2" "$archive"
	$3 -dc <"$archive" >back.cpio
	check "$3 gives back what none gives" cmp plain.cpio back.cpio
	check "$1 is smaller" test "$(wc -c <"$archive")" -lt "$(wc -c <plain.cpio)"
	cp "$archive" "one.$1"
	MSMV_STORE=$T/store-$1
	rm -rf out
	msmv run r.toml -j 1 -o out >/dev/null
	MSMV_STORE=$T/store
	check "$1 with one job gives the same bytes" cmp "one.$1" "$archive"
}
compressed gzip .gz gzip 4
compressed xz .xz xz 0
compressed zstd .zst zstd 1
compressed lz4 .lz4 lz4 3
bytes()
{
	od -An -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}
expect "gzip has no time and no name" 1f8b080000000000 "$(bytes one.gzip 0 8)"
xz -lvv one.xz >filters
expect "xz has a CRC32 check" CRC32 "$(xz -l one.xz | awk 'NR == 2 { print $(NF - 1) }')"
fails "and no filter but LZMA2" grep -q -e --x86 -e --arm -e --delta filters
expect "lz4 is the legacy frame" 02214c18 "$(bytes one.lz4 0 4)"

# A small archive must not ask the guest for a large dictionary.
recipe 'members = ["file a 0644 0 0 text small"]' 'compression = "xz"'
build >/dev/null
expect "xz: a dictionary no larger than needed" dict=4KiB \
	"$(xz -lvv "$archive" | grep -o 'dict=[0-9A-Za-z]*')"
recipe 'members = ["file a 0644 0 0 text small"]' 'compression = "zstd"'
build >/dev/null
check "zstd: a window no larger than needed" zstd -q --memory=1KB -t "$archive"

recipe "$many" 'compression = "gzip"
level = 1'
build >/dev/null
fails "a level has its effect" cmp "$archive" one.gzip
check "xz had several blocks" test "$(xz -l one.xz | awk 'NR == 2 { print $2 }')" -gt 2

# ---- What is refused --------------------------------------------------

recipe "$many" 'compression = "xz"
level = 10'
refuse "a level that xz has not" "level = 10: xz has levels 0 to 9" build
recipe "$many" 'level = 3'
refuse "a level without compression" "without compression" build
recipe "$many" 'compression = "rar"'
refuse "an unknown compression" "rar" build
recipe 'members = ["file TRAILER!!! 0644 0 0 text x"]' ''
refuse "a name that ends archives" "/TRAILER!!!: .*end mark" build
recipe 'members = ["link a 0 0 0 gone", "file z 0644 0 0 text x"]' ''
fails "a hard link to nothing" build
check "and no archive is left" test ! -e out/initramfs.cpio
finish
