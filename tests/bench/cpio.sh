#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The cpio stage beside GNU cpio piped to the same compressor at the same level and with
# as many threads: 50 MB in 5,000 files, best of several turns each. The stage's time is
# the worker's whole life, from its start to the finished file.
# shellcheck disable=SC2154,SC2034
. "${top_srcdir:?}/tests/lib.sh"
requires cpio cpio
requires bsdtar libarchive-tools
requires gzip gzip
requires xz xz-utils
requires zstd zstd
requires lz4 lz4
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
turns=${MSMV_BENCH_TURNS:-3}
threads=$(nproc)

recipe()
{
	cat >r.toml <<EOF
[stage.tree]
plugin = "mktree"
count = 5000
size = "50M"
[stage.image]
plugin = "cpio"
compression = "$1"
inputs = { root = "tree:root" }
EOF
}

# Runs the image's stage again; sets ms to its time.
stage()
{
	rm -rf out
	grep -rls '^stage=image$' "$MSMV_STORE/actions" | xargs -r rm -f
	msmv run r.toml -o out >"$T/run.out" 2>&1 || { cat "$T/run.out"; exit 1; }
	record=$(grep -rls '^stage=image$' "$MSMV_STORE/actions")
	ms=$(sed -n 's/^duration_ms=//p' "$record")
}

archive()
{
	find . -mindepth 1 | LC_ALL=C sort | cpio -o --quiet -H newc
}

# as_none ...: the program, with the folder as current one; the result is ../ref
as_none()
{
	archive >../ref
}

as_gzip()
{
	archive | gzip -9 >../ref
}

as_xz()
{
	archive | xz -6 --check=crc32 "-T$threads" >../ref
}

as_zstd()
{
	archive | zstd -q -19 "-T$threads" >../ref
}

as_lz4()
{
	archive | lz4 -l -9 -q >../ref
}

# reference NAME: sets ms to its time.
reference()
{
	start=$(date +%s%N)
	(cd files && "as_$1")
	ms=$((($(date +%s%N) - start) / 1000000))
}

least()
{
	if [ "$1" = 0 ] || [ "$ms" -lt "$1" ]; then
		echo "$ms"
	else
		echo "$1"
	fi
}

recipe none
stage
mkdir files
bsdtar -xf out/initramfs.cpio -C files
echo "cpio: $(find files -type f | wc -l) files, $(du -sm --apparent-size files | cut -f 1) MB, best of $turns"
for how in none lz4 gzip zstd xz; do
	recipe "$how"
	ours=0
	theirs=0
	turn=0
	while [ "$turn" -lt "$turns" ]; do
		turn=$((turn + 1))
		stage
		ours=$(least "$ours")
		reference "$how"
		theirs=$(least "$theirs")
	done
	size=$(wc -c <"$(echo out/initramfs.cpio*)")
	printf '%-32s %6d ms %6d ms   ratio %d.%02d   size %d : %d KB\n' "stage : cpio | $how" \
		"$ours" "$theirs" $((ours / theirs)) $((ours * 100 / theirs % 100)) \
		$((size / 1024)) $(($(wc -c <ref) / 1024))
done
