#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# busybox: the shell on the serial console does what one types.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"

run_recipe "busybox.toml boots" "$top_srcdir/recipes/busybox.toml" -o out
check "the shell's greeting was seen" grep -q '^busybox is ready' run.txt
no_qemu "no QEMU is left"

mkfifo keys
guest 128M 23 keys
exec 3>keys
check "it greets again" within 60 says 'programs; exit turns the machine off'
printf 'echo $((6 * 7)) by $(uname -m); echo ls links to $(readlink /bin/ls)\n' >&3
check "it calculates" within 20 says '^42 by x86_64'
check "its programs are links to one" within 20 says '^ls links to busybox'
printf 'seq 1 1000 | awk "{ n += \\$1 } END { print \\"sum\\", n }" | tr s S\n' >&3
check "a pipe of three programs" within 20 says '^Sum 500500'
printf 'exit 0\n' >&3
check "leaving the shell ends the machine" within 20 says 'msmv: halt v=1 .*reason=exit code=0'
exec 3>&-
wait "$qemu_pid"
expect "in order" 0 "$?"
qemu_pid=
finish
