#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# init: its size, the memory of process 1, a thousand orphans, its own share of a boot, and the
# time from the kernel's start to ready beside the same kernel with one line of busybox's
# shell in init's place. Boots are under TCG on microvm, one of each in turn, medians of
# MSMV_BENCH_TURNS. Under TCG nearly all of that time is QEMU's, which translates code that
# runs for the first time; so it is what a processor of this machine makes of it.
# shellcheck disable=SC2154
. "${top_srcdir:?}/tests/lib.sh"
requires qemu-system-x86_64 qemu-system-x86
requires cpio cpio
turns=${MSMV_BENCH_TURNS:-10}
musl=$(command -v x86_64-linux-musl-gcc || command -v musl-gcc)
kernel=${MSMV_BENCH_KERNEL:-}
tool=$top_builddir/tests/init/guest-tool

[ -n "$musl" ] || { echo "init: no musl-gcc here"; exit 0; }
# As the stage build:init does.
"$musl" -std=gnu17 -D_GNU_SOURCE -Os -fno-pie -ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-stack-protector -fno-ident \
	-U_FORTIFY_SOURCE -static -no-pie -s -Wl,--gc-sections -Wl,--build-id=none \
	-Wl,-z,noseparate-code -Wl,-z,norelro -o init "$top_srcdir"/init/*.c || exit 1
printf '%-44s %8d bytes (limit 49152)\n' "msmv-init, static with musl" "$(wc -c <init)"
"$musl" -std=gnu17 -D_GNU_SOURCE -Os -fno-pie -ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-stack-protector -fno-ident \
	-U_FORTIFY_SOURCE -static -no-pie -s -Wl,--gc-sections -Wl,--build-id=none \
	-Wl,-z,noseparate-code -Wl,-z,norelro -o msmv-net "$top_srcdir"/init/net/*.c \
	"$top_srcdir"/init/file.c "$top_srcdir"/init/ini.c "$top_srcdir"/init/words.c || exit 1
printf '%-44s %8d bytes (limit 98304)\n' "msmv-init and msmv-net together" \
	$(($(wc -c <init) + $(wc -c <msmv-net)))

# One guest in namespaces: memory of process 1, and how fast it reaps.
guest_init=$PWD/init
guest_tool=$tool
# shellcheck source=tests/init/guest.sh
. "$top_srcdir/tests/init/guest.sh"
guest_new
printf '[app x]\nargv = /bin/sh -c "sleep 0.5; grep -H VmRSS /proc/1/status"\n' | guest_ini
guest_run
printf '%-44s %8d KB (limit 300)\n' "resident memory of process 1" \
	"$(sed -n 's/.*VmRSS:[^0-9]*\([0-9]*\) kB.*/\1/p' "$console")"
turn=0
: >reaped
while [ "$turn" -lt "$turns" ]; do
	turn=$((turn + 1))
	guest_new
	printf '[app x]\nargv = /tool reaped 1000\n' | guest_ini
	guest_run
	sed -n 's/^reaped 1000 in \([0-9]*\) us, zombies 0$/\1/p' "$console" >>reaped
done

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : -1 }'
}
printf '%-44s %8d us (limit 50000), %d of %d turns without a zombie\n' \
	"1000 orphans reaped after the last one's end" "$(median reaped)" \
	"$(wc -l <reaped)" "$turns"

if [ -z "$kernel" ]; then
	MSMV_STORE=${MSMV_BENCH_STORE:-$top_builddir/tests/system-store}
	msmv run "$top_srcdir/recipes/hello.toml" -o hello >run.txt 2>&1 || { tail run.txt; exit 1; }
	kernel=$PWD/hello/bzImage
	[ ! -f hello/vmlinux ] || kernel=$PWD/hello/vmlinux
fi

# Its start is when it is ready. It says so by the clock that init's record has too.
cat >app.c <<'END'
#include <stdio.h>
#include <time.h>
int main(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	printf("app at %ld us\n", t.tv_sec * 1000000 + t.tv_nsec / 1000);
	return 0;
}
END
"$musl" -static -Os -o app app.c || exit 1

# A kernel that finds no timer to calibrate its clock against, as on a busy machine, counts
# in steps of 4 ms. So it is told how fast the processor's counter is, in thousands a second.
cat >tsc.c <<'END'
#include <stdio.h>
#include <time.h>
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}
int main(void)
{
	unsigned long long from = __builtin_ia32_rdtsc();
	double at = now(), passed;

	while ((passed = now() - at) < 200)
		;
	printf("tsc_early_khz=%.0f\n", (__builtin_ia32_rdtsc() - from) / passed);
	return 0;
}
END
tsc=
[ "$(uname -m)" != x86_64 ] || { gcc -O2 -o tsc tsc.c && tsc=$(./tsc); }

# image FOLDER: FOLDER.cpio
image()
{
	mkdir -p "$1/dev" "$1/proc" "$1/sys" "$1/tmp" "$1/run" "$1/bin"
	mknod "$1/dev/console" c 5 1 2>/dev/null # as every image of msmv has
	cp app "$1/app"
	(cd "$1" && find . | cpio -o -H newc -R 0:0 2>/dev/null) >"$1.cpio"
}

# shell FOLDER COMMANDS: an image whose init is one line of busybox's shell.
shell()
{
	mkdir -p "$1/bin"
	cp "$busybox" "$1/bin/busybox"
	printf '#!/bin/busybox sh\n%s\n' "$2" >"$1/init"
	chmod 755 "$1/init"
	image "$1"
}

mkdir -p ours/etc/msmv
cp init ours/init
# As the stage rootfs writes it for recipes/hello.toml.
cat >ours/etc/msmv/init.ini <<'END'
# Read by msmv-init.
[init]
hostname = hello
grace_ms = 5000
log = warn
halt = auto

[app x]
argv = /app
tty = yes
END
image ours
images=ours
busybox=$(command -v busybox)
if [ -n "$busybox" ]; then
	b=/bin/busybox
	shell line "/app; $b reboot -f"
	mounts="$b mount -t devtmpfs x /dev; $b mkdir /dev/pts /dev/shm"
	for row in 'proc /proc' 'sysfs /sys' 'tmpfs /run' 'tmpfs /tmp' 'devpts /dev/pts' \
		'tmpfs /dev/shm'; do
		mounts="$mounts; $b mount -t ${row% *} x ${row#* }"
	done
	shell mounts "$mounts; /app; $b reboot -f"
	images='ours line mounts'
fi

boot()
{
	timeout 120 qemu-system-x86_64 -machine microvm,acpi=off,x-option-roms=off -accel tcg \
		-cpu max -m 128M -nodefaults -no-user-config -display none -no-reboot \
		-serial stdio -kernel "$kernel" -initrd "$1.cpio" \
		-append "console=ttyS0 quiet reboot=t $tsc" </dev/null 2>/dev/null | tr -d '\r' >"$1.txt"
	sed -n 's/^app at \([0-9]*\) us$/\1/p' "$1.txt" >>"$1.us"
	sed -n 's/^msmv: ready .* init_us=\([0-9]*\).*/\1/p' "$1.txt" >>"$1.init"
	sed -n 's/^msmv: ready .* boottime_us=\([0-9]*\).*/\1/p' "$1.txt" >>"$1.ready"
	sed -n 's/^msmv: steps v=1 //p' "$1.txt" | tr ' ' '\n' >>"$1.steps"
}
turn=0
while [ "$turn" -lt "$turns" ]; do
	turn=$((turn + 1))
	for i in $images; do
		boot "$i"
	done
done
printf '%-52s %8d us, median of %d boots (limit 5000); of it' \
	"init's own share: its main to ready" "$(median ours.init)" "$(wc -l <ours.init)"
for name in mounts config apps; do
	sed -n "s/^${name}_us=//p" ours.steps >step.us
	printf ' %s %d' "$name" "$(median step.us)"
done
printf '\n%-52s %8d us, its application runs at %d us\n' "kernel's start to ready, msmv-init" \
	"$(median ours.ready)" "$(median ours.us)"

# beside NAME IMAGE
beside()
{
	awk -v name="$1" -v ours="$(median ours.us)" -v theirs="$(median "$2.us")" 'BEGIN {
		printf "%-52s %8d us, ratio %.3f (limit 1)\n", name, theirs, ours / theirs }'
}
[ -z "$busybox" ] || {
	beside "the same application, one line of busybox sh" line
	beside "the same, a line that mounts what init mounts" mounts
}
