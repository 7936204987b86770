#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The list of an image's files, and that a foreign reader reads it as it was meant.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2034,SC2154
. "${top_srcdir:?}/tests/lib.sh"
requires bsdtar libarchive-tools
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >r.toml <<'E_O_F'
[stage.tree]
plugin = "mktree"
members = [
"dir dev 0755 0 0",
"char dev/console 0600 0 5 5 1",
"block dev/vda 0660 0 6 254 3",
"fifo run/pipe 0622 0 0",
"file bin/su 4755 0 0 text set-uid",
"file etc/motd 0640 1000 1001 text hello there",
"file empty 0600 65534 4000000000 zero 0",
"file noise 0644 0 0 random 1234567",
"link noise-again 0 0 0 noise",
"slink lib 0777 0 0 usr/lib",
"file odd#=*[ä\\ 0600 0 0 text odd",
]
[stage.list]
plugin = "manifest"
inputs = { root = "tree:root" }
[stage.image]
plugin = "cpio"
inputs = { root = "tree:root" }
E_O_F
check "a list is written" msmv run r.toml -o out
list=out/manifest.mtree

line()
{
	grep -qxF -e "$1" "$list" || {
		cat "$list"
		false
	}
}

sum()
{
	printf '%s' "$1" | sha256sum | cut -d ' ' -f 1
}

check "mode, owner, size and digest" line \
	"./etc/motd type=file mode=0640 uid=1000 gid=1001 size=11 sha256digest=$(sum 'hello there')"
check "set-uid" line "./bin/su type=file mode=4755 uid=0 gid=0 size=7 sha256digest=$(sum set-uid)"
check "an empty file, large numbers" line \
	"./empty type=file mode=0600 uid=65534 gid=4000000000 size=0 sha256digest=$(sum '')"
check "a folder" line "./dev type=dir mode=0755 uid=0 gid=0"
check "devices" line "./dev/console type=char mode=0600 uid=0 gid=5 device=linux,5,1"
check "of blocks, too" line "./dev/vda type=block mode=0660 uid=0 gid=6 device=linux,254,3"
check "a link" line "./lib type=link mode=0777 uid=0 gid=0 link=usr/lib"
check "a name that would read as something else" line \
	"./odd\\043\\075\\052\\133\\303\\244\\134 type=file mode=0600 uid=0 gid=0 size=3 sha256digest=$(sum odd)"
check "a second name of a file" grep -q '^./noise-again type=file .* contents=./noise$' "$list"
bsdtar -xOf out/initramfs.cpio noise-again >noise
check "a file of many reads" grep -q "^./noise .*=$(sha256sum <noise | cut -d ' ' -f 1)\$" "$list"

# names ARCHIVE: as bsdtar reads them.
names()
{
	LC_ALL=C.UTF-8 bsdtar -tf "$1" | sed 's,^\./,,; s,/$,,' | grep -vx '' | LC_ALL=C sort
}
names out/initramfs.cpio >cpio.txt
names "$list" >mtree.txt
check "bsdtar reads the names that are in the archive" cmp cpio.txt mtree.txt
bsdtar -tvf out/initramfs.cpio etc/motd | awk '{ print $1, $3, $4 }' >cpio.txt
bsdtar -tvf "$list" ./etc/motd | awk '{ print $1, $3, $4 }' >mtree.txt
check "with their modes and owners" cmp cpio.txt mtree.txt

cp "$list" first
MSMV_STORE=$T/elsewhere
check "made again" msmv run r.toml -o again
check "it has the same bytes" cmp first again/manifest.mtree
finish
