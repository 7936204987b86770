#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm SOCKET: the monitor of a QEMU that somebody started by hand, of one whose guest has
# ended and that stays, and sockets behind which there is no QEMU.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "hello\r\n$ready control=none\r\n"
guest once reset "$ready\r\nmsmv: exit v=1 app=hello code=3 signal=0 then=poweroff\r\nmsmv: halt v=1 action=reboot reason=exit code=3\r\n"

# ---- A QEMU started by hand -----------------------------------------------------

by_hand()
{
	qemu-system-x86_64 -machine none -display none -nodefaults -S \
		-qmp "unix:$T/hand.sock,server=on,wait=off" "$@" &
	hand=$!
	until_true test -S "$T/hand.sock"
}
exit_code "no socket" 3 msmv vm "$T/hand.sock" status
by_hand
expect "status of one that waits" prelaunch "$(msmv vm "$T/hand.sock" status)"
expect "start" running "$(msmv vm "$T/hand.sock" start)"
expect "pause" paused "$(msmv vm "$T/hand.sock" pause)"
expect "status as JSON" "paused false" \
	"$(msmv vm "$T/hand.sock" status --json | jq -r '"\(.status) \(.running)"')"
expect "resume" running "$(msmv vm "$T/hand.sock" resume)"
expect "the other order of words" running "$(msmv vm status "$T/hand.sock")"
refuse "a verb that is none" "did you mean pause" msmv vm "$T/hand.sock" pauze
exit_code "QEMU refuses" 4 msmv vm screendump "$T/hand.sock" x.ppm
exit_code "stop" 0 msmv vm "$T/hand.sock" stop --timeout 0.3
said "says that it had to force it" "stopped: forced after 0.[3-9] s"
check "and QEMU ends" until_true gone "$hand"
exit_code "a socket without QEMU" 3 msmv vm "$T/hand.sock" status
by_hand -no-shutdown
kill -STOP "$hand"
exit_code "a QEMU that hangs" 5 msmv vm "$T/hand.sock" status --timeout 0.5
kill -KILL "$hand"

# The guest's own end, in a QEMU that stays: a status of its own.
stays()
{
	rm -f "$T/hand.sock"
	qemu-system-x86_64 -machine microvm,acpi=off,x-option-roms=off -accel tcg -m 32M \
		-nodefaults -no-user-config -display none -no-reboot -no-shutdown -S \
		-qmp "unix:$T/hand.sock,server=on,wait=off" -kernel "$1" &
	hand=$!
	until_true test -S "$T/hand.sock"
}
ended_there()
{
	[ "$(msmv vm "$T/hand.sock" status)" = shutdown ]
}
stays server
expect "start, pause, resume" "running paused running" "$(for verb in start pause resume; do
	msmv vm "$T/hand.sock" $verb; done | xargs)"
check "a reset, which is this machine's end" msmv vm "$T/hand.sock" reset
check "then it is shut down" until_true ended_there
kill "$hand"
check "QEMU ends" until_true gone "$hand"
stays once
check "another" msmv vm "$T/hand.sock" start
check "after its guest's own end the status is shutdown, too" until_true ended_there
expect "as JSON" "shutdown false" \
	"$(msmv vm "$T/hand.sock" status --json | jq -r '"\(.status) \(.running)"')"
check "stop has nothing to wait for" timeout 20 "$MSMV" vm "$T/hand.sock" stop --timeout 60
check "and leaves QEMU as it was told to stay" ended_there
kill "$hand"
check "until it is ended" until_true gone "$hand"
check "a VM that was told to stay" start once --name stays -- -no-shutdown
exit_code "wait returns at its guest's end" 6 timeout 60 "$MSMV" vm wait stays
expect "its status" "shutdown guest-reset" "$(field stays '"\(.state) \(.shutdown)"')"
expect "and why" "application hello ended with status 3" "$(field stays .why)"
exit_code "ready is not waited for" 6 timeout 60 "$MSMV" vm wait stays --for ready
check "stop ends QEMU" timeout 20 "$MSMV" vm stop stays --timeout 60
expect "how the guest ended is what counts" "stopped false application hello ended with status 3" \
	"$(field stays '"\(.state) \(.forced) \(.why)"')"
check "rm" msmv vm rm stays

# ---- Monitors that are none -----------------------------------------------------------------

# hostile MODE CODE COMMAND...
hostile()
{
	mode=$1
	rm -f "$T/h.sock"
	mkfifo "$T/in.$mode"
	"${top_builddir:?}/tests/tools/hostile-qmp" "$T/h.sock" "$mode" <"$T/in.$mode" >"$T/out.$mode" &
	exec 8>"$T/in.$mode"
	until_true grep -q listening "$T/out.$mode"
	exit_code "$mode: $3" "$2" msmv vm "$T/h.sock" status --timeout "$3"
	exec 8>&-
	wait $!
}
hostile mute 5 0.3
hostile half 5 0.3
hostile garbage 4 60
said "is no QMP" "does not speak QMP"
hostile endless 4 60
hostile refuse 4 60
said "with QEMU's words" "QEMU refuses query-status: not today"
hostile no-reply 5 0.3
hostile leave 4 60
hostile noise 0 60
expect "the reply of its id counts" paused "$(cat "$T/check.out")"
hostile slow 0 60
touch file
exit_code "a file that is no socket" 3 msmv vm ./file status
said "is told" "is no socket"

check "no QEMU" leaves_no_qemu
fails "no supervisor" processes msmv-supervisor "${T##*/}/"
finish
