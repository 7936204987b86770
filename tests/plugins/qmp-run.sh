#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Real QEMU, guests of a few instructions: those that are ready, what is told of them, what
# they boot from, and that no QEMU is left. How others fail is in qmp-run-verdict.sh.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"
requires qemu-img qemu-utils

# ---- A guest that is ready --------------------------------------------

guest server stop "hello\r\n$ready"
check "a guest that says ready and goes on" boot server
check "the console is in the log" log_has ' hello$'
check "no QEMU is left" leaves_no_qemu
expect "the second time the proof is kept" cached "$(stage_state boot.toml boot)"
boot server 'memory = "96M"' >note.txt 2>&1
check "the note has the guest's times" grep -q 'kernel 0.81 s · init 4 ms · ready' note.txt

guest once reset "${ready}hello, world\r\n$leave$halt"
check "a guest that is ready and ends in order" boot once 'linger = 20000'
if [ -f out/boot.json ]; then
	expect "the report: machine and form" "microvm kernel tcg" \
		"$(report '"\(.machine) \(.form) \(.accel)"')"
	expect "the report: what the machine was given" "false mmio none max []" \
		"$(report '"\(.acpi) \(.bus) \(.network) \(.cpu) \(.args)"')"
	expect "the report: the guest's times" "812345 4321 1" \
		"$(report '.boot | "\(.boottime_us) \(.init_us) \(.apps)"')"
	expect "the report: its exit" "hello 0 reboot guest" \
		"$(report '.boot | "\(.exits[0].app) \(.exits[0].code) \(.halt) \(.end)"')"
	expect "the report: QEMU" "$(qemu-system-x86_64 --version |
		sed -n 's/.*version \([0-9.]*\).*/\1/p')" "$(report .qemu)"
	expect "the report: the size of what was booted" "$(stat -c %s once)" \
		"$(report .sizes.kernel)"
	check "the report's command has names, no paths" \
		test "$(report .command | grep -c -e "-kernel once" -e "$T")" = 1
	# The report is for a person: what it says can be run, and boots.
	check "and boots by hand" boots_by_hand . "hello, world"
else
	not_ok "the report is among the outputs"
fi

check "a text on the console is waited for" boot once 'expect = "hello, world"'
guest prompt stop "${ready}login: "
check "also one without a line end" boot prompt 'expect = "login:"'
refuse "and missed" 'ready, but has not printed "Login:"' \
	boot prompt 'expect = "Login:"' 'silence = 1'
guest drawn stop '\033[2J\033[01;01Hnoise \033[0m\r\n'"$ready"
check "control sequences do not hide a record" boot drawn
guest frame stop "${ready}"'\033[1;1Hfirst\033[2;1Hmiddle\033[3;1Hlast\033[4;1Hend'
check "nor a text in the middle of a drawn frame" boot frame 'expect = "middle"'
guest hidden stop "noise $ready"
refuse "a record inside a line is none" "is silent" boot hidden 'silence = 1'
guest newer stop 'msmv: ready v=2 apps=1\r\nmsmv: later v=1 x=%zz\r\n'
refuse "nor is one of another version" "is silent" boot newer 'silence = 1'
guest unknown stop 'msmv: dance v=1 step=left\r\n'"$ready"
check "an unknown record is skipped" boot unknown

# ---- Inputs ---------------------------------------------------------------

refuse "nothing to boot" "nothing to boot" boot server 'inputs = {}'
refuse "an ELF file that is no kernel" "no PVH entry" boot boot.toml
qemu-img create -q -f qcow2 disk.qcow2 4M
cp disk.qcow2 before.qcow2
cat >disk.toml <<EOF
[stage.guest]
plugin = "fetch-http"
url = "file://$PWD/server"
[stage.disk]
plugin = "fetch-http"
url = "file://$PWD/disk.qcow2"
[stage.boot]
plugin = "qmp-run"
inputs = { vmlinux = "guest:file", disk = "disk:file" }
accel = "tcg"
cmdline = "quiet"
EOF
check "a disk beside a kernel" msmv run disk.toml -o out
msmv log disk.toml boot >disk.log
check "the command line is completed" \
	grep -q -e "-append 'quiet console=ttyS0 root=/dev/vda rw reboot=t'" disk.log
check "the disk is a virtio device of the machine's bus" \
	grep -q 'format=qcow2,snapshot=on,.*virtio-blk-device,drive=disk' disk.log
check "and is not written to" cmp disk.qcow2 before.qcow2
expect "under whose monitors the kernel boots is not known" \
	"the kernel's configuration is not known" "$(report .unfit.firecracker)"

# configured LINE...: the disk's guest, with a kernel that has these options.
configured()
{
	printf 'CONFIG_%s\n' "$@" >config
	{
		sed 's/^inputs = { /&config = "config:file", /' disk.toml
		printf '[stage.config]\nplugin = "fetch-http"\nurl = "file://%s"\n' "$PWD/config"
	} >configured.toml
	msmv run configured.toml -o out
}
check "a kernel whose configuration is known" configured PVH=y KVM_GUEST=y VIRTIO_BLK=y \
	SERIAL_8250_CONSOLE=y VIRTIO_PCI=y VIRTIO_MMIO=y
expect "may boot under another monitor" "cloud-hypervisor qemu" \
	"$(report '.commands | keys | join(" ")')"
expect "its command" "cloud-hypervisor --kernel server --cmdline 'console=ttyS0 quiet \
root=/dev/vda rw reboot=t' --cpus boot=1 --memory size=128M --disk path=disk.qcow2 \
--rng src=/dev/urandom --serial tty --console off" "$(report '.commands["cloud-hypervisor"]')"
expect "and why not under one more" "it reads raw disks only" "$(report .unfit.firecracker)"
qemu-img convert -O raw disk.qcow2 disk.raw
sed -i 's/disk\.qcow2/disk.raw/' disk.toml
check "one without KVM's clock" configured PVH=y SERIAL_8250_CONSOLE=y VIRTIO_PCI=y VIRTIO_MMIO=y VIRTIO_BLK=y
expect "boots under QEMU alone" "qemu the kernel has no KVM_GUEST=y" \
	"$(report '"\(.commands | keys | join(" ")) \(.unfit.firecracker)"')"
check "a raw disk" configured KVM_GUEST=y SERIAL_8250_CONSOLE=y VIRTIO_MMIO=y VIRTIO_BLK=y
report .commands.firecracker >firecracker.sh
expect "boots under firecracker" \
	"jq .firecracker_config boot.json >firecracker.json && firecracker --no-api --config-file firecracker.json" \
	"$(cat firecracker.sh)"
cat >firecracker <<'END'
#!/bin/sh
jq -r '."boot-source".kernel_image_path' "$3"
END
chmod +x firecracker
expect "by a command that can be typed" "$PWD/out server" \
	"$(cd out && PATH=..:$PATH && echo "$PWD $(sh ../firecracker.sh)")"
expect "with this configuration" "server disk.raw 128" "$(report '.firecracker_config |
	"\(."boot-source".kernel_image_path) \(.drives[0].path_on_host) \(."machine-config".mem_size_mib)"')"
expect "and not where ELF kernels need PVH" "the kernel has no PVH=y" \
	"$(report '.unfit["cloud-hypervisor"]')"

# ---- Asked to stop ----------------------------------------------------------

# stopped SIGNAL STATUS: a run that waits for its guest ends so, and its QEMU with it.
stopped()
{
	printf '# %s\n' "$1" >>boot.toml
	"$MSMV" run boot.toml -o out >stop.txt 2>&1 &
	pid=$!
	tries=80
	until qemu_runs >/dev/null; do
		sleep 0.1
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
	done
	kill "-$1" "$pid"
	wait "$pid"
	status=$?
	[ "$status" = "$2" ] || {
		echo "status $status, wanted $2"
		return 1
	}
	leaves_no_qemu
}

guest silent stop 'last words\r\n'
refuse "a guest to be stopped" "is silent" boot silent 'silence = 1'
sed -i 's/^silence = 1$/silence = 300/' boot.toml
check "SIGTERM leaves no QEMU" stopped TERM 130
check "nor does kill -9" stopped KILL 137
finish
