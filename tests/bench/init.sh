#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# init: its size, the memory of process 1, a thousand orphans, and the time from the kernel's
# start to ready beside the same kernel with a shell of busybox in init's place. Boots
# are under TCG on microvm, one of each in turn, medians of MSMV_BENCH_TURNS.
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
	"$top_srcdir"/init/ini.c "$top_srcdir"/init/words.c || exit 1
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

# app prints the time since the kernel's start and restarts the machine.
cat >app.c <<'END'
#include <stdio.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	printf("app at %ld us\n", t.tv_sec * 1000000 + t.tv_nsec / 1000);
	fflush(stdout);
	return 0;
}
END
"$musl" -static -Os -o app app.c || exit 1

# image NAME FOLDER
image()
{
	mkdir -p "$2/dev" "$2/proc" "$2/sys" "$2/tmp" "$2/run" "$2/bin"
	cp app "$2/app"
	(cd "$2" && find . | cpio -o -H newc -R 0:0 2>/dev/null) >"$1.cpio"
}
mkdir -p ours/etc/msmv
cp init ours/init
printf '[app x]\nargv = /app\n' >ours/etc/msmv/init.ini
image ours ours
busybox=$(command -v busybox)
if [ -n "$busybox" ]; then
	mkdir -p theirs/bin
	cp "$busybox" theirs/bin/busybox
	printf '%s\n' '#!/bin/busybox sh' \
		'/bin/busybox mount -t proc proc /proc; /bin/busybox mount -t devtmpfs dev /dev; /app; /bin/busybox reboot -f' \
		>theirs/init
	chmod 755 theirs/init
	image theirs theirs
fi

boot()
{
	timeout 120 qemu-system-x86_64 -machine microvm,acpi=off,x-option-roms=off -accel tcg \
		-cpu max -m 128M -nodefaults -no-user-config -display none -no-reboot \
		-serial stdio -kernel "$kernel" -initrd "$1.cpio" \
		-append 'console=ttyS0 quiet reboot=t' </dev/null 2>/dev/null | tr -d '\r' >"$1.txt"
	sed -n 's/^app at \([0-9]*\) us$/\1/p' "$1.txt" >>"$1.us"
	sed -n 's/^msmv: ready .* init_us=\([0-9]*\).*/\1/p' "$1.txt" >>"$1.init"
}
turn=0
while [ "$turn" -lt "$turns" ]; do
	turn=$((turn + 1))
	boot ours
	[ -z "$busybox" ] || boot theirs
done
printf '%-44s %8d us\n' "kernel's start to the application, msmv-init" "$(median ours.us)"
[ -z "$busybox" ] ||
	printf '%-44s %8d us\n' "the same, one line of busybox sh" "$(median theirs.us)"
printf '%-44s %8d us (limit 5000)\n' "init's own share (init_us)" "$(median ours.init)"
