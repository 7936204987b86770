#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every kernel profile holds: each machine with what most recipes add, and all together.
# tests/nightly/profiles.sh asks for more. Configures only; nothing is compiled.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
recipe=$top_srcdir/recipes/hello.toml
dir=$top_srcdir/plugins/kconfig/profiles

# names KERNEL-ARCH: the profiles that there are for it.
names()
{
	for f in "$dir"/*.config; do
		f=$(basename "$f" .config)
		case $f in
		*."$1") echo "${f%.*}" ;;
		*.*) ;;
		*) echo "$f" ;;
		esac
	done | sort -u
}

# machines KERNEL-ARCH: those profiles that say what a machine needs to boot at all.
machines()
{
	for f in $(names "$1"); do
		cat "$dir/$f.config" "$dir/$f.$1.config" 2>/dev/null | grep -q '^!' && echo "$f"
	done
}

# holds VERSION ARCH PROFILE...: the contract of the kconfig stage.
holds()
{
	version=$1
	arch=$2
	shift 2
	list=
	for p; do
		list="$list${list:+, }\"$p\""
	done
	check "$version $arch: $*" msmv run "$recipe" --until kernel.config -o out \
		--set "general.target_arch=$arch" --set "kernel.url=apt:linux-source-$version" \
		--set "kernel.profiles=[$list]"
}

# together VERSION ARCH: all profiles that go with each other, small and not.
together()
{
	holds "$1" "$2" base machine initramfs disk net vsock efi pods framebuffer debug \
		fast-boot hardening
	holds "$1" "$2" base size machine initramfs fast-boot hardening net vsock disk pods \
		framebuffer debug smp efi
}

# alone VERSION ARCH KERNEL-ARCH: each profile by itself on its machine.
alone()
{
	for m in $(machines "$3"); do
		holds "$1" "$2" base "$m" initramfs
	done
	for p in $(names "$3"); do
		case " $(machines "$3" | tr '\n' ' ') " in
		*" $p "*) ;;
		*) holds "$1" "$2" base machine "$p" ;;
		esac
	done
	holds "$1" "$2" base size machine initramfs fast-boot
	holds "$1" "$2" base size machine initramfs hardening
}

# Each configuration costs seconds: all of them is for the night.
for version in ${PROFILES_VERSIONS:-6.1}; do
	for pair in x86_64:x86 aarch64:arm64; do
		kernel=${pair#*:}
		arch=${pair%:*}
		for m in $(machines "$kernel"); do
			holds "$version" "$arch" base size "$m" initramfs net vsock disk
		done
		together "$version" "$arch"
		[ -z "${PROFILES_ALONE:-}" ] || alone "$version" "$arch" "$kernel"
	done
done

# A profile that asked for nothing would hold as well.
n=$(grep -c '^!' "$dir"/*.config | awk -F: '{ n += $2 } END { print n }')
check "machines say what they need ($n lines)" test "$n" -ge 8
finish
