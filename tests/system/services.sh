#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What a recipe says of services and mounts, as the guest itself tells of it: under proof, and
# as a VM with a disk and folders of this machine.
# Functions are called by name through check.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/lib.sh"
requires qemu-system-x86_64 qemu-system-x86
requires jq jq
PATH=$PATH:/usr/sbin:/sbin
MSMV_VM_DIR=$T/vm
export MSMV_VM_DIR
virtiofsd=/usr/lib/qemu/virtiofsd

vm_end()
{
	"$MSMV" vm rm -f machine >/dev/null 2>&1
}
at_end vm_end

mkdir busybox
cp "$top_srcdir/tests/system/recipes/images.toml" "$top_srcdir/tests/system/recipes/services.toml" .
cp "$top_srcdir/recipes/busybox/config.patch" busybox
run_recipe "a recipe of services is proven" services.toml
console=out/console.txt
msmv log services.toml boot | sed 's/^info: //' >"$console"

# says NAME LINE: a whole line of the console, as it is.
says()
{
	if tr -d '\r' <"$console" | grep -qxF -e "$2"; then
		ok "$1"
	else
		not_ok "$1"
		grep -a -e "^${2%%:*}" "$console" | diag
	fi
}

# in_order NAME LINE...: they come one after the other.
in_order()
{
	name=$1
	shift
	expect "$name" "$(printf '%s\n' "$@")" \
		"$(tr -d '\r' <"$console" | grep -xF "$(printf '%s\n' "$@")")"
}

# What is the same wherever it boots: starts of the disk, what the folders hold.
facts()
{
	for word in 'two words' 'a "quoted" one' 'back\slash' '' "it's" '$HOME' 'ünïcode'; do
		says "$1: the word <$word> arrives as it is" "words: <$word>"
	done
	says "$1: a program's words, too" "One kernel, all forms"
	says "$1: a user, its own variables, those of all" \
		"db: 501:501, db, one after the other, all services"
	in_order "$1: a task before the service before the one that asks it, which is tried till it is ready" \
		"initdb: start $2" \
		"db: 501:501, db, one after the other, all services" \
		"web: try 1 as 500:500 600 in /srv for everybody" \
		"web: try 2 as 500:500 600 in /srv for everybody" \
		"web: try 3 as 500:500 600 in /srv for everybody" \
		"web: the database has $2" "web: open" "report: end"
	expect "$1: it was started again because it had failed" 2 \
		"$(grep -c 'msmv: exit v=1 app=web code=3 signal=0 then=restart' "$console")"
	says "$1: host name and settings" "report: host machine by.sysctl 1"
	says "$1: the disk" "report: mount /dev/vda /data ext4 rw,noatime 0 0"
	says "$1: is its owner's" "report: owner /data 501:755"
	says "$1: memory in it" \
		"report: mount tmpfs /data/cache tmpfs rw,relatime,size=2048k,mode=1770 0 0"
	says "$1: is another's" "report: owner /data/cache 500:1770"
	says "$1: what the host shares" "report: share $3"
	says "$1: is for reading" "report: the share is read-only"
	says "$1: the clock was set" "report: year $(date +%Y)"
	says "$1: there is entropy" "report: entropy 64"
	says "$1: nobody is left unreaped" "report: zombies 0"
	check "$1: then the machine is ready" \
		grep -q '^msmv: ready v=1 .* apps=6 ' "$console"
	says "$1: who is asked to stop hears its own signal" "web: asked to stop"
	check "$1: and the machine ends in order" grep -q '^msmv: halt v=1 action=poweroff .* code=0' "$console"
}

facts "under proof" 1 nothing
expect "a service that ends by its stop signal is none that failed" "143 15 powerdown" \
	"$(report '.boot | "\(.exits[] | select(.app == "db") | "\(.code) \(.signal)") \(.end)"')"
expect "checks over the network passed" "db web" \
	"$(report '[.checks[] | select(.expected | test("port")).name] | sort | join(" ")')"

refuse "a program that is not there is told with its path and why" \
	"init fails at step exec: /bin/gone: No such file or directory" \
	msmv run images.toml -o gone --set output.format=initramfs --set init.app.gone=/bin/gone

# ---- As a VM ---------------------------------------------------------------

mkdir share
echo "from the host" >share/greeting
truncate -s 64M data.raw

# What serves a folder by virtiofs wants to be root, and ends with each guest.
serves()
{
	[ -x "$virtiofsd" ] && [ "$(id -u)" = 0 ] || return 1
	rm -f vfs.sock
	"$virtiofsd" --socket-path=vfs.sock -o "source=$PWD/share" -o sandbox=chroot >vfs.txt 2>&1 &
	tries=100
	until [ -S vfs.sock ]; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

vfs=nothing
set --
if serves; then
	vfs="from the host"
	set -- -- -object memory-backend-memfd,id=mem,size=256M,share=on -machine memory-backend=mem \
		-chardev "socket,id=vfs,path=$PWD/vfs.sock" -device vhost-user-fs-pci,chardev=vfs,tag=vfs
fi

ends()
{
	msmv vm stop machine --timeout 60 | grep 'powered off in'
}

# whole NAME STARTS: it ends as it should, and has told all of this boot.
whole()
{
	check "$1: stop, and the guest ends itself" ends
	console=$PWD/vm.txt
	msmv vm logs machine | tail -n "+$((seen + 1))" >"$console"
	seen=$((seen + $(wc -l <"$console")))
	facts "$1" "$2" "from the host"
	says "$1: virtiofs" "report: vfs $vfs"
	check "$1: the disk is whole and unmounted" e2fsck -fn data.raw
}

seen=0
check "it starts as a VM with a blank disk" msmv vm start out --name machine --disk data.raw \
	--share "$PWD/share=share" --wait --timeout 300 "$@"
whole "a VM" 1
expect "the label of the file system has a blank" "my data" "$(e2label data.raw)"
serves || true
check "it starts again" msmv vm start machine --wait --timeout 300
whole "once more" 2
check "rm" msmv vm rm machine
no_qemu "no QEMU is left"
finish
