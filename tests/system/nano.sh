#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The first original's recipe: nano on a serial console, for both architectures.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-aarch64 qemu-system-arm
requires jq jq
requires aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
recipe=$top_srcdir/recipes/nano.toml

run_recipe "nano.toml boots on aarch64" "$recipe" -o arm
check "the editor's title was seen" grep -q '^NanoVM is ready' run.txt
check "it is a kernel for arm64" sh -c 'file -b arm/Image 2>/dev/null | grep -q ARM64 || od -An -c -j56 -N4 arm/Image | grep -q "A *R *M *d"'
no_qemu "no QEMU is left"

# virt's button is a key at a GPIO line, its clock a PL031: a kernel without the one never ends
# when it is asked to, and without the other lives in 1970.
run_recipe "and follows its power button" "$recipe" -o arm --set run.powerdown=true --set run.bus=pci \
	--set "run.checks.clock.console_regex=.*setting system clock to $(date -u +%Y)-.*"
expect "to its end" "powerdown poweroff" "$(jq -r '.boot | "\(.end) \(.halt)"' arm/boot.json)"
expect "over PCI, too" pci "$(jq -r .bus arm/boot.json)"
no_qemu "no QEMU is left"

run_recipe "nano.toml boots on x86_64" "$recipe" --set general.target_arch=x86_64 -o pc
check "the editor's title was seen there too" grep -q '^NanoVM is ready' run.txt
check "sources were fetched once for both" sh -c '! grep -q "^  done *\(kernel\|nano\|ncurses\|musl\).source" run.txt'
no_qemu "no QEMU is left after that"
finish
