#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The quick start, end to end: a kernel and a program from source, booted on microvm.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/lib.sh"
requires qemu-system-x86_64 qemu-system-x86
requires jq jq
recipe=$top_srcdir/recipes/hello.toml

run_recipe "hello.toml is built and boots" "$recipe"
check "it says that it is ready" grep -q '^hello is ready: ' run.txt
check "the kernel is in out/" test -s out/bzImage
check "the initramfs is in out/" test -s "$(ls out/initramfs.cpio*)"
check "the boot report is JSON" jq -e . out/boot.json
check "with the time to ready" jq -e '.boot.ready_ms > 0' out/boot.json
check "the guest greeted" sh -c '"$1" log "$2" boot | grep -q "Hello, world!"' _ "$MSMV" "$recipe"
check "and greets whoever types what the report says" boots_by_hand out "Hello, world!"
no_qemu "no QEMU is left"

run_recipe "the second run" "$recipe"
fails "runs no stage" grep -q '^  run  ' run.txt
expect "all stages are cached" "$(msmv plan "$recipe" | wc -l)" "$(grep -c '^  cached' run.txt)"

# No init: the kernel panics, the boot fails, the build is kept.
fails "a guest that panics fails the run" \
	msmv run "$recipe" --set boot.cmdline='console=ttyS0 rdinit=/nothing init=/nothing' -o bad
"$MSMV" run "$recipe" --set boot.cmdline='console=ttyS0 rdinit=/nothing init=/nothing' -o bad >bad.txt 2>&1
check "with the kernel's words" grep -qi 'panic' bad.txt
check "and only the boot ran" sh -c '[ "$(grep -c "^  run  " bad.txt)" = 1 ]'
fails "no half-made output" test -e bad/bzImage
no_qemu "no QEMU is left after a failure"

finish
