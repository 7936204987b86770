#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The qcow2 stage beside what it replaces: qemu-img convert of a raw disk that is there
# already, and mke2fs -d with qemu-img convert. 50 MB in 5,000 files, best of several
# turns each. The stage's time is the worker's whole life.
# shellcheck disable=SC2154,SC2034
. "${top_srcdir:?}/tests/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
requires qemu-img qemu-utils
requires mke2fs e2fsprogs
requires bsdtar libarchive-tools
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
turns=${MSMV_BENCH_TURNS:-5}

# recipe NAME FORMAT
recipe()
{
	cat >"$1.toml" <<EOF
[stage.tree]
plugin = "mktree"
count = 5000
size = "50M"
[stage.image]
plugin = "$1"
$2
inputs = { root = "tree:root" }
EOF
}

stage()
{
	grep -rls '^stage=image$' "$MSMV_STORE/actions" | xargs -r rm -f
	msmv run "$1.toml" -o "$2" >"$T/run.out" 2>&1 || { cat "$T/run.out"; exit 1; }
	record=$(grep -rls '^stage=image$' "$MSMV_STORE/actions")
	ms=$(sed -n 's/^duration_ms=//p' "$record")
}

# took COMMAND...: sets ms to its wall time.
took()
{
	start=$(date +%s%N)
	"$@" >"$T/took.out" 2>&1 || { cat "$T/took.out"; exit 1; }
	ms=$((($(date +%s%N) - start) / 1000000))
}

both()
{
	rm -f made.raw made.qcow2
	mke2fs -q -F -t ext4 -d files made.raw "$size" &&
		qemu-img convert -O qcow2 made.raw made.qcow2
}

least()
{
	if [ "$1" = 0 ] || [ "$ms" -lt "$1" ]; then
		echo "$ms"
	else
		echo "$1"
	fi
}

ratio()
{
	printf '%-40s %6d ms %6d ms   ratio %d.%02d\n' "$1" "$2" "$3" $(($2 / $3)) \
		$(($2 * 100 / $3 % 100))
}

recipe cpio ''
stage cpio tree
mkdir files
bsdtar -xf tree/initramfs.cpio -C files
recipe qcow2 'format = "raw"'
stage qcow2 raw
# The raw disk with holes where zeros are, as a person would keep it.
qemu-img convert -O raw raw/disk.raw disk.raw
size=$(($(wc -c <disk.raw) / 1024))k
recipe qcow2 'format = "qcow2"'
ours=0
convert=0
made=0
turn=0
while [ "$turn" -lt "$turns" ]; do
	turn=$((turn + 1))
	rm -rf out
	stage qcow2 out
	ours=$(least "$ours")
	rm -f new.qcow2
	took qemu-img convert -O qcow2 disk.raw new.qcow2
	convert=$(least "$convert")
	took both
	made=$(least "$made")
done
echo "qcow2: $(find files -type f | wc -l) files, $(du -sm --apparent-size files | cut -f 1) MB, best of $turns"
ratio "stage : qemu-img convert" "$ours" "$convert"
ratio "stage : mke2fs -d, qemu-img convert" "$ours" "$made"
printf '%-40s %6d KB %6d KB\n' "size" $(($(wc -c <out/disk.qcow2) / 1024)) \
	$(($(wc -c <made.qcow2) / 1024))
