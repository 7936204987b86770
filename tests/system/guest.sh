# SPDX-License-Identifier: GPL-3.0-only
# Sourced by system tests after shared.sh: a guest that goes on running, to be asked from
# outside. What `msmv run` left in out/ is booted once more, with a way in.
# shellcheck shell=sh disable=SC2154
requires qemu-system-x86_64 qemu-system-x86
requires python3 python3
qemu_pid=

free_port()
{
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

guest_end()
{
	[ -z "$qemu_pid" ] || {
		kill "$qemu_pid" 2>/dev/null
		wait "$qemu_pid" 2>/dev/null
	}
	qemu_pid=
}
at_end guest_end

# guest MEMORY PORT [STDIN]: port $port of this machine leads to PORT of the guest; what it
# says is in console.txt. It ends with the test, and after ten minutes at the latest.
guest()
{
	guest_end
	port=$(free_port)
	timeout 600 qemu-system-x86_64 -M microvm,acpi=off -accel tcg -cpu max -m "$1" \
		-nodefaults -no-user-config -display none -no-reboot -serial stdio \
		-kernel out/bzImage -initrd out/initramfs.cpio.xz \
		-append "console=ttyS0 reboot=t quiet" \
		-netdev "user,id=n,hostfwd=tcp:127.0.0.1:$port-:$2" \
		-device virtio-net-device,netdev=n <"${3:-/dev/null}" >console.txt 2>&1 &
	qemu_pid=$!
}

# within SECONDS COMMAND...: tries it until it succeeds, the guest lives and there is time.
within()
{
	left=$(($1 * 4))
	shift
	until "$@" >"$T/within.out" 2>&1; do
		left=$((left - 1))
		if [ "$left" -le 0 ] || ! kill -0 "$qemu_pid" 2>/dev/null; then
			tail -n 20 "$T/within.out" console.txt
			return 1
		fi
		sleep 0.25
	done
}

# says TEXT: it is on the guest's console.
says()
{
	grep -q -e "$1" console.txt
}
