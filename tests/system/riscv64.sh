#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A third architecture: the quick start's recipe for 64-bit RISC-V, on QEMU's virt.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-riscv64 qemu-system-misc
requires riscv64-linux-gnu-gcc gcc-riscv64-linux-gnu
requires readelf binutils
set -- "$top_srcdir/recipes/hello.toml" --set general.target_arch=riscv64 \
	--set "run.checks.clock.console_regex=.*setting system clock to $(date -u +%Y)-.*"

run_recipe "hello.toml is built for riscv64 and boots" "$@"
check "it says that it is ready" grep -q '^hello is ready: ' run.txt
check "the guest greeted" sh -c '"$1" log "$2" boot | grep -q "Hello, world!"' _ "$MSMV" "$1"
check "the kernel is an Image for RISC-V" sh -c 'od -An -c -j56 -N4 out/Image | grep -q "R *S *C"'
expect "by that machine's program" qemu-system-riscv64 \
	"$(jq -r .command out/boot.json | sed 's/ .*//; s,.*/,,')"
check "the time to ready is told" jq -e '.boot.ready_ms > 0' out/boot.json
mkdir root
xz -dc out/initramfs.cpio.xz | (cd root && cpio -id 2>/dev/null)
for p in init usr/local/bin/hello; do
	check "$p is for RISC-V" sh -c 'LC_ALL=C readelf -h "$1" | grep -q "Machine:.*RISC-V"' _ "root/$p"
	fails "$p is static" sh -c 'LC_ALL=C readelf -l "$1" | grep -q INTERP' _ "root/$p"
done
no_qemu "no QEMU is left"
finish
