#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Guests that are not ready, or not for long, and QEMUs that fail: each way in which a boot
# can end is named, with the last lines of the console.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"
requires python3 python3

guest server stop "hello\r\n$ready"
guest once reset "${ready}hello, world\r\n$leave$halt"

guest mute stop ''
refuse "no console at all" \
	"no sign of life from the guest in 1 s.*console=ttyS0.*is memory (128 MiB) enough" \
	boot mute 'silence = 1'
guest silent stop 'last words\r\n'
refuse "silence" "is silent for 1 s and has not said.*last words" \
	boot silent 'silence = 1'
guest chatter again 'bla\r\n'
refuse "a guest that only talks" "2 s are over.*has not said that it is ready" \
	boot chatter 'timeout = 2'
cp "$T/check.out" said.txt
check "the console's tail is what a person sees" grep -q '^    | info: bla$' said.txt
guest early reset 'oh\r\n'
refuse "an early end" "the guest resets itself .*; its last line: oh" boot early
guest wordless reset ''
refuse "one before a word" "resets itself .* without a word on the console: is memory (4 MiB) enough" \
	boot wordless 'memory = "4M"'
guest panic stop 'x\r\n[ 1.0] Kernel panic - not syncing: VFS: no root\r\nCPU: 0\r\n'
refuse "a kernel panic" "kernel panic: VFS: no root" boot panic
check "the call trace behind it is in the log" log_has ' CPU: 0$'
guest oops stop 'Oops: 0002 [#1] SMP\r\nRIP: 0010\r\n'
refuse "an oops" "the kernel crashes: Oops: 0002" boot oops
guest talk stop "Oops: I did it [again]\r\nissue [#1]\r\n$ready"
check "an application may say oops" boot talk
guest quoting stop "log: \\\"Kernel panic - not syncing\\\" was seen 0 times\r\n$ready"
check "and tell of a panic" boot quoting 'qemu_args = ["-name", "quoting"]' 'network = "user"' \
	'bus = "pci"' 'acpi = true' 'machine = "q35"'
expect "what it got is in the report" "true pci user -name quoting" \
	"$(report '"\(.acpi) \(.bus) \(.network) \(.args | join(" "))"')"
guest fail stop 'msmv: fail v=1 step=exec app=hello errno=2 text=/bin/hello: 100%25 gone\r\n'
refuse "a fail record" "init fails at step exec: /bin/hello: 100% gone" boot fail
guest diskless stop 'msmv: fail v=1 step=mount errno=2 text=mount ext4 /dev/vda on /data: No such file or directory\r\n'
refuse "a disk that the proof does not have" \
	'mount ext4 /dev/vda on /data: No such file or directory; \[run\] disks = \["64M"\] gives' boot diskless
guest shareless stop 'msmv: fail v=1 step=mount errno=2 text=mount 9p host on /in: No such file or directory\r\n'
refuse "a folder that it does not have" '; \[run\] shares = \["TAG"\] gives' boot shareless
guest halts stop 'msmv: halt v=1 action=poweroff reason=signal code=0\r\n'
refuse "a halt record before ready" "ends (poweroff) without being ready" boot halts
guest status stop "${ready}msmv: exit v=1 app=hello code=3 signal=0 then=none\r\n"
refuse "an application's status" "application hello ends with status 3" boot status
check "which may be the right one" boot status 'exit_code = 3'
check "or any" boot status 'exit_code = -1'
guest killed stop "${ready}msmv: exit v=1 app=hello code=139 signal=11 then=restart\r\n"
refuse "an application's signal" "ended by signal 11 (Segmentation fault)" boot killed
guest crash reset "$ready"
refuse "a crash after ready" "resets itself .* without ending in order" boot crash
refuse "a power button that nobody hears" "does not power off" \
	boot server 'powerdown = true'
check "no QEMU is left after all that" leaves_no_qemu

# ---- QEMU itself --------------------------------------------------------

refuse "an argument that QEMU does not know" "invalid option" \
	boot server 'qemu_args = ["-wrong"]'
refuse "a machine that is not there" "machine" boot server 'machine = "pdp11"'
printf '[general]\nname = "m"\ntarget_arch = "aarch64"\n' >machine.toml
printf '[stage.boot]\nplugin = "qmp-run"\nmachine = "microvm"\n' >>machine.toml
refuse "a machine of another architecture" \
	"machine.toml:6:1: error: .*microvm is no machine of aarch64, whose machines are virt" \
	msmv recipe check machine.toml
sed -i 's/aarch64/x86_64/; s/microvm/virt/' machine.toml
refuse "the other way round" "virt is no machine of x86_64, whose machines are microvm" \
	msmv recipe check machine.toml
refuse "memory in bytes" "no multiple of 1M" boot server 'memory = 4194305'

fake hung <<'EOF'
trap '' TERM
while :; do sleep 0.1; done
EOF
refuse "a QEMU that hangs" "has not started a machine in 1 s" \
	boot server "qemu = \"$PWD/hung\"" 'silence = 1'
fails "and is gone" pgrep -f "$PWD/hung"
fake gone <<'EOF'
exit 0
EOF
refuse "a QEMU that does nothing" "ends without starting a machine" \
	boot server "qemu = \"$PWD/gone\""
fake aborts <<'EOF'
echo 'assertion failed' >&2
kill -ABRT $$
EOF
refuse "a QEMU that crashes" "ended by signal 6 .*assertion failed" \
	boot server "qemu = \"$PWD/aborts\""

fake lingers <<'EOF'
exec python3 -c '
import os, subprocess, sys, time
subprocess.call(["qemu-system-x86_64"] + sys.argv[1:], close_fds=False)
os.closerange(1, 256)
time.sleep(600)
' "$@"
EOF
refuse "a QEMU that does not come to its end" "hangs at the guest's end" \
	boot once "qemu = \"$PWD/lingers\"" 'linger = 60000'
fake paused <<'EOF'
exec qemu-system-x86_64 "$@" -qmp "unix:$TMPDIR/stop,server=on,wait=off"
EOF
cat >stop.py <<'EOF'
import os, socket
s = socket.socket(socket.AF_UNIX)
s.connect(os.environ["TMPDIR"] + "/stop")
f = s.makefile("rw")
f.write("""{"execute": "qmp_capabilities"}{"execute": "stop"}""")
f.flush()
while "STOP" not in f.readline(): pass
EOF
printf '[sandbox]\nread = %s\n' "$PWD/stop.py" >stop.conf
stopping()
{
	MSMV_CONF=$PWD/stop.conf boot server "qemu = \"$PWD/paused\"" \
		"check_command = { x = \"python3 $PWD/stop.py\" }" 'check_timeout = { x = 60 }'
}
refuse "a guest that QEMU stops when it was ready" "paused stops the guest" stopping
finish
