#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What the quick start's guest weighs, how little memory it boots in, and how long it takes
# from the kernel's start and from QEMU's until it is ready: on microvm and q35, as ELF file
# (PVH) and as bzImage, in turns. Medians, under TCG. MSMV_BENCH_BOOTS is how many of each.
# shellcheck disable=SC2154
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires jq jq
boots=${MSMV_BENCH_BOOTS:-11}

msmv run "$top_srcdir/recipes/hello.toml" -o hello >run.txt 2>&1 || { tail -n 20 run.txt; exit 1; }
initramfs=$(ls hello/initramfs.cpio*)
bytes=$(stat -c %s hello/bzImage "$initramfs" | awk '{ n += $1 } END { print n }')
printf 'bzImage %s and initramfs %s bytes: together %s (1.3 MB at most)\n' \
	"$(stat -c %s hello/bzImage)" "$(stat -c %s "$initramfs")" "$bytes"

# boot MACHINE PORT FILE LINE...: one boot; PORT is kernel or vmlinux. False if it fails.
boot()
{
	machine=$1 port=$2 file=$3
	shift 3
	{
		printf '[stage.kernel]\nplugin = "fetch-http"\nurl = "file://%s"\n' "$PWD/hello/$file"
		printf '[stage.initramfs]\nplugin = "fetch-http"\nurl = "file://%s"\n' \
			"$PWD/$initramfs"
		printf '[stage.boot]\nplugin = "qmp-run"\naccel = "tcg"\nmachine = "%s"\n' "$machine"
		printf 'inputs = { %s = "kernel:file", initramfs = "initramfs:file" }\n' "$port"
		printf '%s\n' "$@"
	} >boot.toml
	msmv run boot.toml -o out >boot.txt 2>&1
}

# ---- Memory ---------------------------------------------------------------

# Between what is too little and what is enough, in MiB. Without memory a kernel is silent.
low=4 high=64
while [ $((high - low)) -gt 1 ]; do
	middle=$(((low + high) / 2))
	if boot microvm vmlinux vmlinux "memory = \"${middle}M\"" 'silence = 10' 'timeout = 60'; then
		high=$middle
	else
		low=$middle
	fi
done
printf 'boots in %s MiB of memory, not in %s (24 at most)\n' "$high" "$low"

# ---- Time -------------------------------------------------------------------

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

turn=0
while [ "$turn" -lt "$boots" ]; do
	turn=$((turn + 1))
	for machine in microvm q35; do
		for form in vmlinux:vmlinux kernel:bzImage; do
			# linger is in the key: each boot is a new one.
			boot "$machine" "${form%:*}" "${form#*:}" "linger = $((turn))" || {
				tail -n 20 boot.txt
				exit 1
			}
			name=$machine.${form#*:}
			jq '.boot.boottime_us / 1000' out/boot.json >>"$name.kernel"
			jq .boot.ready_ms out/boot.json >>"$name.ready"
		done
	done
done
printf '%s boots each, medians in ms:    kernel to ready   QEMU to ready\n' "$boots"
for name in microvm.vmlinux microvm.bzImage q35.vmlinux q35.bzImage; do
	printf '%-28s %15.0f %15.0f\n' "$name" "$(median "$name.kernel")" "$(median "$name.ready")"
done
