#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm: how long a start and a stop take beside QEMU alone, and what many of them leave.
# shellcheck disable=SC2016
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
MSMV=${MSMV:-$top_builddir/msmv}
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 1
MSMV_VM_DIR=$T/vm
MSMV_STORE=$T/store
export MSMV_VM_DIR MSMV_STORE
ready='msmv: ready v=1 boottime_us=1 init_us=1 apps=1 control=none'
if ! command -v qemu-system-x86_64 >/dev/null || ! gcc -m32 -nostdlib -static \
	-Wl,-Ttext-segment=0x100000,-e,start,--build-id=none -DEND=stop \
	"-DTEXT=\"$ready\\r\\n\"" -o guest "$top_srcdir/tests/plugins/qmp-run-guest.S" 2>/dev/null; then
	echo "vm: no x86 QEMU or compiler"
	exit 0
fi

now()
{
	date +%s%N
}

# median_us COUNT COMMAND...
median_us()
{
	n=$1
	shift
	for _ in $(seq "$n"); do
		a=$(now)
		"$@" >/dev/null 2>&1
		b=$(now)
		echo $(((b - a) / 1000))
	done | sort -n | sed -n "$((n / 2 + 1))p"
}

qemu_alone()
{
	echo '{"execute":"qmp_capabilities"}{"execute":"quit"}' |
		qemu-system-x86_64 -M microvm,acpi=off -accel tcg -m 128M -nodefaults -display none \
			-S -kernel guest -qmp stdio
}

start_and_stop()
{
	"$MSMV" vm start again && "$MSMV" vm stop again
}

left()
{
	pgrep -fc "$T/" || true
}

"$MSMV" vm start guest --name again --accel tcg >/dev/null
"$MSMV" vm stop again >/dev/null
alone=$(median_us 21 qemu_alone)
start=$(median_us 21 sh -c '"$0" vm start again; "$0" vm kill again' "$MSMV")
echo "start and kill of a VM: $start us; QEMU alone $alone us"
echo "status: $(median_us 21 "$MSMV" vm status again) us; list: $(median_us 21 "$MSMV" vm list) us"

a=$(now)
for _ in $(seq 100); do
	start_and_stop >/dev/null || echo "a cycle failed"
done
b=$(now)
echo "100 cycles of start and stop: $(((b - a) / 100000000)) ms each"
"$MSMV" vm start guest --name again2 --accel tcg --wait >/dev/null
pid=$("$MSMV" vm status again2 --json | sed -n 's/.*"supervisor": \([0-9]*\).*/\1/p')
echo "a supervisor's memory: $(sed -n 's/^VmHWM:[^0-9]*//p' "/proc/$pid/status")"
"$MSMV" vm rm -f again2 >/dev/null
"$MSMV" vm rm again >/dev/null

a=$(now)
for i in $(seq 20); do
	"$MSMV" vm start guest --name "many$i" --accel tcg -m 16M >/dev/null &
done
wait
for i in $(seq 20); do
	"$MSMV" vm wait "many$i" --for ready --timeout 120 >/dev/null || echo "many$i is not ready"
done
b=$(now)
echo "20 VMs at once, all ready: $(((b - a) / 1000000)) ms; $("$MSMV" vm list | grep -c ready) of them"
for i in $(seq 20); do
	"$MSMV" vm rm -f "many$i" >/dev/null &
done
wait
sleep 0.3
echo "left behind: $(left) processes, $(find "$MSMV_VM_DIR" -mindepth 1 ! -name '.events*' | wc -l) files"
