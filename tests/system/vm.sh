#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm with a real kernel and msmv's init: ready, control, button, console, ports, a disk
# that keeps what is written to it, and a recipe from its name to a machine that runs.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires qemu-img qemu-utils
requires cpio cpio
requires gcc gcc
requires jq jq
requires python3 python3
recipe=$top_srcdir/tests/system/recipes/images.toml
MSMV_VM_DIR=$T/vm
export MSMV_VM_DIR

end_all()
{
	for left in "$MSMV_VM_DIR"/*/; do
		"$MSMV" vm rm -f "$(basename "$left")" >/dev/null 2>&1
	done
}
at_end end_all

field()
{
	msmv vm status "$1" --json | jq -r "$2"
}

# said NAME TEXT: the command of the last check said that.
said()
{
	if grep -q -e "$2" "$T/check.out"; then
		ok "$1"
	else
		not_ok "$1"
		diag <"$T/check.out"
	fi
}

# within_a_minute COMMAND...
within_a_minute()
{
	tries=600
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

printed()
{
	msmv vm logs "$1" | grep -q -e "$2"
}

# events NAME EVENT FILTER: a field of its events of that kind, the last one's.
event()
{
	msmv vm events "$1" | jq -r "select(.event == \"$2\") | $3" | tail -n 1
}

run_recipe "the images" "$recipe"

# The same image with an application that goes on, which a second archive puts over it.
mkdir -p over/usr/local/bin
check "an application" gcc -static -Os -o over/usr/local/bin/hello "$top_srcdir/tests/system/vm-guest.c"
(cd over && find . | cpio -o -H newc -R 0:0 2>/dev/null) >over.cpio
cat out/initramfs.cpio over.cpio >both.cpio
qemu-img create -q -f qcow2 disk.qcow2 1M
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

check "a disk with a kernel beside it starts" msmv vm start disk.qcow2 --name web --machine q35 \
	--kernel out/bzImage --initrd both.cpio -m 128M -p "$port:80" --wait --timeout 300
said "and is ready" "web is ready after .* (q35, "
expect "the guest can be asked" 1 "$(field web .control | grep -c serial)"
check "the application runs" within_a_minute printed web "the application listens"
check "its disk is new" printed web "started 1 times"
check "the port leads to it" python3 -c "
import socket
s = socket.create_connection(('127.0.0.1', $port), 60)
assert s.recv(100) == b'hello from inside\n'"
printf 'one two\r' | msmv vm console web --timeout 60 >console.txt &
check "what is typed reaches it, and its answer comes back" within_a_minute \
	grep -q "you said one two" console.txt
check "pause" msmv vm pause web
check "a paused guest powers off in order" msmv vm stop web --timeout 60
said "by itself" "web stopped: powered off in"
expect "because it was asked through its port" control "$(event web halt .reason)"
expect "QEMU says that it powered off" guest-shutdown "$(event web shutdown .reason)"
check "the console reached its end" within_a_minute grep -q "msmv: halt" console.txt

check "it is started again" msmv vm start web --wait --timeout 300
check "the disk has what was written" within_a_minute printed web "started 2 times"
check "the button, as on any QEMU" msmv vm "$MSMV_VM_DIR/web/qmp.sock" stop --timeout 60
said "is followed" "stopped: powered off in"
check "wait" msmv vm wait web
expect "that was the button" button "$(event web halt .reason)"

check "and with its disk as it was at first" msmv vm start web --fresh --wait --timeout 300
check "which is new again" within_a_minute sh -c '
	"$1" vm logs web | grep "started . times" | tail -n 1 | grep -q "started 1 times"' _ "$MSMV"
printf 'quit 7\r' | msmv vm console web --timeout 60 >/dev/null &
exit_code "an application's status ends the wait as a failure" 6 msmv vm wait web --timeout 300
said "and is told" "application hello ended with status 7 (guest's code 7)"
expect "in the object too" "stopped 7" "$(field web '"\(.state) \(.code)"')"
check "rm" msmv vm rm web

check "microvm, which has no button" msmv vm start out/vmlinux --name micro --machine microvm \
	--initrd both.cpio --wait --timeout 300
check "is stopped in order as well" msmv vm stop micro --timeout 60
said "through its port" "micro stopped: powered off in"
check "rm" msmv vm rm micro

# Folders of this machine: 9p by QEMU, virtiofs by a virtiofsd beside it.
mkdir plain fast
echo "plain words" >plain/question
echo "fast words" >fast/question
if PATH=$PATH:/usr/libexec:/usr/lib/qemu:/usr/lib command -v virtiofsd >/dev/null && [ "$(id -u)" = 0 ]; then
	virtiofs=yes
	set -- --share fast=fast,virtiofs
else
	virtiofs=
	set --
	ok "a folder by virtiofs # SKIP no virtiofsd, or not root"
fi
check "a VM with folders" msmv vm start out/vmlinux --name folders --machine microvm --initrd both.cpio \
	--share plain=plain "$@" --wait --timeout 300
check "its application runs" within_a_minute printed folders "the application listens"
printf 'mount 9p plain\rmount virtiofs fast\r' | msmv vm console folders --timeout 60 >/dev/null &
typist=$!
check "a folder by 9p is read" within_a_minute printed folders "9p asks plain words"
expect "and written to" 9p "$(cat plain/answer)"
if [ "$virtiofs" ]; then
	check "a folder by virtiofs is read" within_a_minute printed folders "virtiofs asks fast words"
	expect "and written to" virtiofs "$(cat fast/answer)"
fi
check "stop" msmv vm stop folders --timeout 60
wait "$typist"
check "rm" msmv vm rm folders

# A network of this machine's own: an interface in a namespace, with nothing of QEMU's between.
cat >tap.sh <<'END'
ip tuntap add mode tap name msmv0 && ip addr add 10.0.2.2/24 dev msmv0 && ip link set msmv0 up || exit 77
"$1" vm start out/vmlinux --name tap --machine microvm --initrd both.cpio \
	--nic tap=msmv0,mac=52:54:00:00:00:07 --wait --timeout 300 || exit
python3 -c "
import socket, time
for i in range(600):
    try:
        s = socket.create_connection(('10.0.2.15', 80), 5)
        break
    except OSError:
        time.sleep(0.1)
assert s.recv(100) == b'hello from inside\\n'" && ip neigh show dev msmv0 | grep 10.0.2.15
END
unshare -n sh tap.sh "$MSMV" >tap.txt 2>&1
case $? in
0) expect "a guest at a tap interface answers, from its card's address" 52:54:00:00:00:07 \
	"$(sed -n 's/.*lladdr \([^ ]*\) .*/\1/p' tap.txt)"
	check "stop" msmv vm stop tap --timeout 60 ;;
77 | 127) ok "a tap interface # SKIP none can be made here" ;;
*) not_ok "a guest at a tap interface answers" && diag <tap.txt ;;
esac
msmv vm rm -f tap >/dev/null 2>&1

# What the recipe makes says hello and ends.
check "a recipe starts" msmv vm start "$recipe" --store "$MSMV_STORE" --name images --wait \
	--timeout 300
check "and ends" msmv vm wait images --timeout 300
said "in order" "images is stopped: application hello ended with 0 (guest's code 0)"
check "it has said what it was to say" printed images "One kernel, all forms"
check "rm" msmv vm rm images
check "a UKI, from firmware" msmv vm start out/uki.efi --name uki --wait --timeout 300
check "ends as well" msmv vm wait uki --timeout 300
check "rm" msmv vm rm uki
fails "no QEMU is left" processes qemu-system "${T##*/}/"
fails "no supervisor" processes msmv-supervisor "${T##*/}/"
expect "no folder" .events "$(ls -A "$MSMV_VM_DIR")"
finish
