#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A host that asks init for something: over vsock, over virtio-serial, by the power button;
# and a clock that stands. Devices are those of fake.c.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
guest_init=${top_builddir:?}/tests/init/msmv-init-fake
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"
vsock=$root/data/guest.1026

# ask LINE...: answers of the guest's vsock port, without its records.
ask() {
	"$guest_tool" ask "$vsock" "$@" | grep -v '^msmv: '
}

# hear FILE NAME: a host that listens; what comes is in the file.
hear() {
	"$guest_tool" hear "$root/data/$2" >"$1" 3>&- &
	heard=$!
	tries=0
	until [ -S "$root/data/$2" ] || [ "$tries" -gt 200 ]; do
		sleep 0.02
		tries=$((tries + 1))
	done
}

fake_guest() {
	guest_new
	guest_hook <<'END'
: >"$root/dev/vsock"
END
}

fake_guest
hear "$T/host" host.1025
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
check "ready says how to ask" has '^msmv: ready .* control=vsock$'
expect "ping is answered" pong "$(ask ping)"
expect "CR LF too" pong "$(ask "$(printf 'ping\r')")"
expect "what is unknown is an error" error "$(ask pong)"
expect "several lines at once" "pong error pong" \
	"$(ask "$(printf 'ping\nx\nping')" | tr '\n' ' ' | sed 's/ $//')"
expect "a line that is too long" "error pong" \
	"$(ask "$(printf '%0100d' 0)" ping | tr '\n' ' ' | sed 's/ $//')"
"$guest_tool" ask "$vsock" ping >"$T/late"
check "who comes late is told what was said" grep -q '^msmv: ready v=1 .* control=vsock$' "$T/late"
expect "in its order" "steps ready" "$(sed -n 's/^msmv: \([a-z]*\) .*/\1/p' "$T/late" | tr '\n' ' ' | sed 's/ $//')"
expect "poweroff is answered" ok "$(ask poweroff)"
guest_end
wait "$heard"
check "and done" has '^msmv: halt v=1 action=poweroff reason=control code=0$'
check "after an orderly end" has '^msmv: exit v=1 app=x code=143 signal=15 then=none$'
grep '^msmv: ' "$console" >"$T/said"
check "a host that listens gets all records" cmp "$T/said" "$T/host"

fake_guest
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
expect "reboot is answered" ok "$(ask reboot)"
guest_end
check "and done" has '^msmv: halt v=1 action=reboot reason=control code=0$'
check "which the kernel heard" test "$end" -eq 1

# More than init has room for, and hosts that say nothing.
fake_guest
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
callers=
for i in 1 2 3 4 5 6; do
	"$guest_tool" silent "$vsock" 3>&- >"$T/silent.$i" &
	callers="$callers $!"
done
sleep 0.3
"$guest_tool" ask "$vsock" ping >"$T/none"
expect "nobody is served beyond that" 0 "$(grep -c pong "$T/none")"
# shellcheck disable=SC2086
kill $callers 2>/dev/null
# shellcheck disable=SC2086
wait $callers 2>/dev/null
tries=0
until [ "$(ask ping)" = pong ] || [ "$tries" -gt 100 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
expect "their places are free again" pong "$(ask ping)"
ask poweroff >/dev/null
guest_end
check "and the machine ends" ended

# Callers that are no host, and one who cannot be let in yet.
fake_guest
guest_busy
printf '[app x]\nargv = /bin/sh -c "sh /data/busy; sleep 100"\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
echo 1 >"$root/data/cid"
expect "the guest itself is not heard" "" "$("$guest_tool" ask "$vsock" poweroff 2>&1)"
rm "$root/data/cid"
: >"$root/data/emfile"
"$guest_tool" ask "$vsock" ping >"$T/patient" 3>&- &
patient=$!
guest_wait '^busy'
check "who waits costs nothing" idle
rm "$root/data/emfile"
wait "$patient"
check "and is heard later" grep -qx pong "$T/patient"
ask poweroff >/dev/null
guest_end
check "and the host ends it" has '^msmv: halt v=1 action=poweroff reason=control code=0$'

# A host in a hurry, while a disk is made.
fake_guest
truncate -s 1M "$root/data/blank"
printf '#!/bin/sh\necho mkfs runs\nuntil [ -e /data/go ]; do sleep 0.05; done\n' >"$root/data/mkfs"
chmod 755 "$root/data/mkfs"
guest_ini <<'END'
[mount a]
path = /srv
type = tmpfs
source = /data/blank
mkfs = /data/mkfs
[app x]
argv = /bin/echo x runs
END
guest_start
guest_wait '^mkfs runs'
expect "it is heard while mkfs runs" pong "$(ask ping)"
expect "so is its wish" ok "$(ask poweroff)"
: >"$root/data/go"
guest_end
check "which is done" has '^msmv: halt v=1 action=poweroff reason=control code=0$'
check "before anything is started" hasnt '^x runs'

# A serial port among others.
fake_guest
guest_hook <<'END'
rm "$root/dev/vsock"
mkdir -p "$root/sys"
mount -t tmpfs sys "$root/sys"
for port in vport0p1:other vport1p1:msmv.control vport1p2:; do
	mkdir -p "$root/sys/class/virtio-ports/${port%%:*}"
	echo "${port#*:}" >"$root/sys/class/virtio-ports/${port%%:*}/name"
done
END
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
"$guest_tool" hear "$root/data/serial" ping poweroff >"$T/serial" 3>&- &
heard=$!
tries=0
until [ -S "$root/data/serial" ] || [ "$tries" -gt 200 ]; do
	sleep 0.02
	tries=$((tries + 1))
done
guest_run
wait "$heard"
check "its name finds it" has '^msmv: ready .* control=serial$'
check "it answers" grep -qx pong "$T/serial"
check "and has the records" grep -q '^msmv: halt v=1 action=poweroff reason=control code=0$' "$T/serial"

# The button.
fake_guest
guest_hook <<'END'
rm "$root/dev/vsock"
mkdir "$root/dev/input"
: >"$root/dev/input/event0"
mkfifo "$root/dev/input/event1"
mount --bind "$root/data/button" "$root/dev/input/event1"
END
mkfifo "$root/data/button"
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
exec 9<>"$root/data/button"
guest_start
guest_wait '^msmv: ready'
check "a device with the key is a button" has '^msmv: ready .* control=button$'
# Key A, a release of the button, an event that is no key; 16 bytes of time before each.
printf '%016d\001\000\036\000\001\000\000\000' 0 >&9
printf '%016d\001\000\164\000\000\000\000\000' 0 >&9
printf '%016d\000\000\164\000\001\000\000\000' 0 >&9
sleep 0.2
check "other keys are not for init" hasnt '^msmv: exit'
printf '%016d\001\000\164\000\001\000\000\000' 0 >&9
guest_end
exec 9>&-
check "pressed, it ends the machine" has '^msmv: halt v=1 action=poweroff reason=button code=0$'

# A seed of more than its share.
fake_guest
guest_hook <<'END'
: >"$root/dev/urandom"
END
seq 500 >"$root/data/seed"
printf '[init]\nseed = /data/seed\n[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
expect "the beginning of a seed counts" "256 32" "$(cat "$root/data/entropy")"
expect "and another is in its place" 32 "$(wc -c <"$root/data/seed")"

# The time of day.
fake_guest
guest_hook <<'END'
: >"$root/dev/rtc0"
END
printf '[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
expect "the time comes from the RTC" "0 1777781106" "$(cat "$root/data/time")"
fake_guest
printf '[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
check "a machine without one has the kernel's" test ! -e "$root/data/time"
check "and is ready" has '^msmv: ready '
finish
