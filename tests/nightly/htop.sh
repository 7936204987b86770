#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# htop: draws its frame on the serial console, and obeys a key.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"

run_recipe "htop.toml boots" "$top_srcdir/recipes/htop.toml" -o out
check "its first frame was seen" grep -q '^htop is ready' run.txt
no_qemu "no QEMU is left"

mkfifo keys
guest 128M 23 keys
exec 3<>keys
check "it draws its meters" within 60 says 'Uptime'
check "the processes" within 20 says '/usr/local/bin/'
check "and its keys" within 20 says 'Quit'
printf 'q' >&3
check "q ends it, and the machine" within 20 says 'msmv: halt v=1 .*reason=exit code=0'
exec 3>&-
guest_end
finish
