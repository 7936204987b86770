#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The ways to ask a machine for its end that need a kernel of their own: the power button that a
# device tree tells of (gpio-keys), and Ctrl-Alt-Del at a keyboard.
# shellcheck disable=SC2317 # check calls them
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-aarch64 qemu-system-arm
requires aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
requires cpio cpio
tool=$top_builddir/tests/init/guest-tool
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

# A keyboard does something only where the kernel has virtual terminals.
for option in GPIOLIB GPIO_PL061 INPUT INPUT_EVDEV INPUT_KEYBOARD KEYBOARD_GPIO VT VIRTIO_MENU \
	VIRTIO_INPUT; do
	set -- "$@" --set "kernel.options.$option=y"
done
run_recipe "a kernel with keys" "$top_srcdir/recipes/hello.toml" -o out --set run=false \
	--set general.target_arch=aarch64 --set applications.hello.on_exit=none "$@"

boot()
{
	qemu_end
	rm -f console.txt monitor
	timeout 300 qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 128M -nodefaults \
		-no-user-config -display none -no-reboot -kernel out/Image \
		-initrd "$(echo out/initramfs.cpio*)" -append 'console=ttyAMA0 quiet' \
		-global virtio-mmio.force-legacy=false -device virtio-keyboard-device \
		-chardev file,id=serial,path=console.txt -serial chardev:serial -monitor unix:monitor,server=on,wait=off \
		</dev/null >qemu.txt 2>&1 &
	qemu_pid=$!
}

# waits_for REGEX: until the console has such a line; the machine must live till then.
waits_for()
{
	tries=2400
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

# ends REGEX: QEMU ends by itself, with 0, and the last line is such a one.
ends()
{
	wait "$qemu_pid"
	qemu_status=$?
	qemu_pid=
	tr -d '\r' <console.txt | grep -v '^reboot: ' | tail -n 1 >last.txt
	test "$qemu_status" -eq 0 && grep -q "$1" last.txt && return
	tail -n 30 console.txt qemu.txt
	return 1
}

boot
check "the guest is ready" waits_for '^msmv: ready v=1 .* apps=1 control=button'
"$tool" hear-all monitor system_powerdown >/dev/null
check "the button of the device tree powers it off" \
	ends '^msmv: halt v=1 action=poweroff reason=button code=0$'
boot
check "it is ready again" waits_for '^msmv: ready '
"$tool" hear-all monitor "sendkey ctrl-alt-delete" >/dev/null &
check "Ctrl-Alt-Del restarts it, in order" \
	ends '^msmv: halt v=1 action=reboot reason=signal code=0$'
finish
