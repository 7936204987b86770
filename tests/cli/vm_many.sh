#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm a hundred times, and twenty VMs at once that end in each of the ways: no process, no
# socket and no folder is left of them.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "$ready control=none\r\n"

cycles()
{
	start server --name again >/dev/null || return 1
	for i in $(seq 100); do
		if ! msmv vm stop again --timeout 0 || ! msmv vm start again --wait; then
			echo "cycle $i"
			return 1
		fi
	done
	msmv vm rm -f again
}
check "100 cycles of start and stop" cycles

for i in $(seq 20); do
	"$MSMV" vm start server --name "many$i" --accel tcg -m 16M --wait --timeout 300 >"many$i.txt" 2>&1 &
done
wait
expect "20 VMs at once are ready" 20 "$(msmv vm list --json | jq '[.vms[] | select(.state == "ready")] | length')"
expect "each is another process" 20 "$(msmv vm list --json | jq '[.vms[].qemu] | unique | length')"
kill -KILL "$(field many1 .qemu)" "$(field many2 .supervisor)"
kill -STOP "$(field many3 .qemu)" "$(field many4 .supervisor)"
kill -TERM "$(field many5 .supervisor)"
msmv vm pause many6 >/dev/null
for i in $(seq 20); do
	"$MSMV" vm rm -f "many$i" >"many$i.txt" 2>&1 &
done
wait
expect "all are deleted" 20 "$(cat many*.txt | grep -c deleted)"
check "no QEMU is left" leaves_no_qemu
fails "nor a supervisor" processes msmv-supervisor "${T##*/}/"
expect "nor a file" .events "$(find "$MSMV_VM_DIR" -mindepth 1 ! -name .events.1 | sed 's/.*\///')"
expect "nor a socket" "" "$(grep -F "$T" /proc/net/unix)"
finish
