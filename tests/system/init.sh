#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# init on real machines: disks, a folder of the host, the order of applications, the power
# button, the control port, an orderly end that the host sees.
# Functions are called by name through check.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires mke2fs e2fsprogs
requires cpio cpio
requires gcc gcc
recipe=$top_srcdir/tests/system/recipes/images.toml
tool=$top_builddir/tests/init/guest-tool
PATH=$PATH:/usr/sbin:/sbin
qemu_pid=

qemu_end()
{
	[ -z "$qemu_pid" ] || {
		kill -KILL "$qemu_pid" 2>/dev/null
		wait "$qemu_pid" 2>/dev/null
	}
	qemu_pid=
}
at_end qemu_end

# boot BUS ARGUMENTS...: the image with over/ in it, and a control port.
boot()
{
	bus=$1
	shift
	rm -f control monitor
	(cd over && find . | cpio -o -H newc -R 0:0 2>/dev/null) >over.cpio
	cat out/initramfs.cpio over.cpio >both.cpio
	timeout 300 qemu-system-x86_64 "$@" -accel tcg -cpu max -m 256M -nodefaults -no-user-config \
		-display none -no-reboot -kernel out/bzImage -initrd both.cpio \
		-chardev file,id=serial,path=console.txt -serial chardev:serial \
		-device "virtio-serial-$bus" -chardev socket,id=c,path=control,server=on,wait=off \
		-device virtserialport,chardev=c,name=msmv.control \
		-monitor unix:monitor,server=on,wait=off </dev/null >qemu.txt 2>&1 &
	qemu_pid=$!
}

# waits_for REGEX: until the console has such a line; the machine must live till then.
waits_for()
{
	tries=1200
	until grep -q -a -e "$1" console.txt 2>/dev/null; do
		tries=$((tries - 1))
		if [ "$tries" -le 0 ] || ! kill -0 "$qemu_pid" 2>/dev/null; then
			grep -q -a -e "$1" console.txt && return
			tail -n 30 console.txt qemu.txt
			return 1
		fi
		sleep 0.1
	done
}

has()
{
	grep -q -a -e "$1" console.txt || {
		tail -n 40 console.txt
		false
	}
}

hasnt()
{
	! has "$1" >/dev/null
}

# ends: QEMU ends by itself, with 0.
ends()
{
	wait "$qemu_pid"
	qemu_status=$?
	qemu_pid=
	test "$qemu_status" -eq 0
}

run_recipe "the images" "$recipe"
gunzip -k out/initramfs.cpio.gz 2>/dev/null || true

# The programs of the guest: our tool, and this machine's mke2fs with all that it loads.
mkdir -p over/etc/msmv over/sbin share
check "a program" gcc -D_GNU_SOURCE -static -Os -o over/tool "$top_srcdir/tests/init/guest-tool.c"
cp "$(command -v mke2fs)" over/sbin/mke2fs
for library in $(ldd "$(command -v mke2fs)" | grep -o '/[^ ]*'); do
	mkdir -p "over${library%/*}"
	cp -L "$library" "over$library"
done
echo "from the host" >share/greeting
truncate -s 16M disk.raw
cat >over/etc/msmv/init.ini <<'END'
[init]
hostname = machine
sysctl = kernel.domainname=by.sysctl
seed = /data/seed
[mount m0]
path = /data
type = ext4
source = /dev/vda
options = noatime
mkfs = /sbin/mke2fs -q -t ext4
uid = 12
[mount m1]
path = /share
type = 9p
source = share
options = trans=virtio version=9p2000.L ro
[app stays]
argv = /tool listen 8081 /share/greeting
after = looks counts
ready = tcp 8081
[app sleeps]
argv = /tool wakeups
after = stays
on_exit = none
[app looks]
argv = /tool cat /proc/self/mounts /share/greeting /proc/sys/kernel/hostname /proc/sys/kernel/domainname
type = task
[app counts]
argv = /tool count /data/starts
type = task
END
q35()
{
	boot pci -machine q35 -append "console=ttyS0 quiet" -drive file=disk.raw,format=raw,if=virtio \
		-virtfs local,path=share,mount_tag=share,security_model=none,readonly=on
}

q35
check "a guest with a blank disk is ready" waits_for '^msmv: ready v=1 .* apps=4 '
check "it says how to end it" has '^msmv: ready .* control=button,serial'
check "the disk has a file system" has '^/dev/vda /data ext4 rw,noatime'
check "the host's folder is there" has '^from the host'
check "host name" has '^machine'
check "a setting" has '^by.sysctl'
check "a task writes to the disk" has '^count 1'
check "no step failed" hasnt ' failed='
check "init sleeps while nothing happens" waits_for '^wakeups 0'
"$tool" ask control ping >answers.txt
check "the control port answers" grep -qx pong answers.txt
check "and tells those who come late" grep -q '^msmv: ready v=1 .* control=button,serial' answers.txt
# Its greeting is no answer: who left at once might not have been heard.
"$tool" hear-all monitor system_powerdown >/dev/null
check "the button ends the machine" ends
check "that is the reason" has '^msmv: halt v=1 action=poweroff reason=button code=0'
check "the application was asked" has '^msmv: exit v=1 app=stays code=143 signal=15 then=none'
check "no panic" hasnt 'Kernel panic'
check "the disk is whole and unmounted" e2fsck -fn disk.raw
dumpe2fs -h disk.raw >ext4.txt 2>/dev/null
check "and clean" grep -q 'Filesystem state: *clean' ext4.txt

qemu_end
rm -f console.txt
q35
check "the second boot is ready" waits_for '^msmv: ready v=1 .* apps=4 '
check "what was written is there" has '^count 2'
"$tool" ask control poweroff >answers.txt
check "the control port ends the machine" ends
check "it said so" grep -qx ok answers.txt
check "that is the reason" has '^msmv: halt v=1 action=poweroff reason=control code=0'

# microvm has no button and no power-off.
cat >over/etc/msmv/init.ini <<'END'
[app stays]
argv = /tool listen 8081 /tool
ready = line "port opens"
END
qemu_end
rm -f console.txt
boot device -machine microvm,acpi=off,x-option-roms=off -append "console=ttyS0 reboot=t quiet"
check "microvm is ready" waits_for '^msmv: ready v=1 .* apps=1 '
check "by its port alone" has '^msmv: ready .* control=serial'
"$tool" hear-all control poweroff >answers.txt
check "the control port ends it" ends
check "by a restart" has '^msmv: halt v=1 action=reboot reason=control code=0'
check "whoever asked hears it to the end" grep -q '^msmv: halt v=1 action=reboot reason=control code=0' answers.txt
check "no panic" hasnt 'Kernel panic'
finish
