#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What init makes of the machine: file systems, terminal, network; and machines
# that lack one of them.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

# shellcheck disable=SC2317 # ok calls it
mounted() { # PATH TYPE
	grep -q "^[^ ]* $1 $2 " "$root/data/mounts"
}

# File systems, by the program as guests get it: static, without a /proc to begin with.
guest_init=$top_builddir/tests/init/msmv-init-static
guest_new
guest_ini <<'END'
[app x]
argv = /bin/sh /data/look
END
cat >"$root/data/look" <<'END'
cp /proc/self/mounts /data/mounts
stat -c '%a %n' /tmp /run /dev/shm >/data/modes
ls -l /dev/fd /dev/stdin >/data/links
echo >/run/x && echo >/tmp/x && echo written
END
: >"$T/hook"
guest_hook <<'END'
mkdir "$root/run"
mount -t tmpfs mine "$root/run"
END
guest_run
check "proc" mounted /proc proc
check "sysfs" mounted /sys sysfs
root_check "devpts" mounted /dev/pts devpts
check "/dev/shm" mounted /dev/shm tmpfs
check "/tmp" mounted /tmp tmpfs
check "what is mounted is left" test "$(grep -c ' /run ' "$root/data/mounts")" -eq 1
check "as it was" grep -q '^mine /run ' "$root/data/mounts"
check "/tmp is for all" grep -qx '1777 /tmp' "$root/data/modes"
check "/dev/shm too" grep -qx '1777 /dev/shm' "$root/data/modes"
check "/dev/fd leads to /proc" grep -q '/dev/fd -> /proc/self/fd' "$root/data/links"
check "they can be written" has '^written'
if grep -q cgroup2 /proc/filesystems; then
	root_check "cgroup2" mounted /sys/fs/cgroup cgroup2
else
	ok "cgroup2 # SKIP not in this kernel"
fi
root_check "nothing is said about it" hasnt '^init: '
check "and ready" has '^msmv: ready '

# A kernel without devtmpfs, and an image without devices.
guest_init=$top_builddir/tests/init/msmv-init-fake
guest_new
guest_hook <<'END'
umount "$root/dev/null" "$root/dev/console" "$root/dev"
: >"$root/dev/console"
mount --bind "$console" "$root/dev/console"
END
cat >"$root/data/look" <<'END'
cd /dev
stat -c '%F %a %t:%T %n' null zero full random urandom tty ptmx
stat -c '%a %n' /run /tmp /dev/shm
END
printf '[app x]\nargv = /bin/sh /data/look\n' | guest_ini
guest_run
for node in '1:3 null' '1:5 zero' '1:7 full' '1:8 random' '1:9 urandom' '5:0 tty' '5:2 ptmx'; do
	root_check "the node ${node#* } is made" has "^character special file 666 $node\$"
done
for folder in '755 /run' '1777 /tmp' '1777 /dev/shm'; do
	check "the mode of ${folder#* }" has "^$folder\$"
done
check "and ready without devtmpfs" has '^msmv: ready '
guest_init=$top_builddir/tests/init/msmv-init-static

# A folder that cannot be: a file stands there.
guest_new
: >"$root/run"
printf '[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
check "a mount that fails is logged" has '] warn: mount tmpfs on /run: '
check "and survived" has '^msmv: ready '

# A terminal.
guest_init=$top_builddir/tests/init/msmv-init-asan
guest_new
"$guest_tool" terminal >"$console" &
terminal=$!
tries=0
until grep -q . "$console" || [ $tries -gt 100 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
tty=$(head -n 1 "$console")
printf '[app x]\nargv = /tool state\ntty = yes\n' | guest_ini
guest_run
# The last record may still be on its way through the terminal.
tries=0
until grep -q 'msmv: halt' "$console" || [ $tries -gt 100 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
kill "$terminal"
tr -d '\r' <"$console" >"$T/text"
mv "$T/text" "$console"
check "tty = yes gives a controlling terminal" has '^state leader=1 blocked=0 fds=3 foreground=1'
check "records are lines of it" has '^msmv: halt v=1 action=[a-z]* reason=exit code=0$'
tty=

# A console that nobody reads: the guest runs and ends all the same.
guest_new
rm "$console"
mkfifo "$console"
exec 9<>"$console"
dd if=/dev/zero of="$console" oflag=nonblock bs=65536 count=4 2>/dev/null
printf '[init]\ngrace_ms = 100\n[app x]\nargv = /tool show /data/argv\n' | guest_ini
guest_run
exec 9>&-
rm "$console"
: >"$console"
check "a stuck console does not stop init" ended
check "nor applications" test -f "$root/data/env"

# Network.
guest_new
printf '[app x]\nargv = /bin/cat /sys/class/net/lo/flags\n' | guest_ini
guest_run
check "the loopback is up" has '^0x9'

guest_new
if unshare --net ip link add eth0 type veth peer name far 2>/dev/null; then
	guest_hook <<'END'
ip link add eth0 type veth peer name far
END
	guest_ini <<'END'
[network]
interface = eth0
address = 10.9.8.7
netmask = 255.255.255.0
gateway = 10.9.8.1
dns = 10.9.8.2 10.9.8.3
[app x]
argv = /bin/sh -c "ip -4 addr show eth0; ip route; cat /run/resolv.conf"
END
	guest_run
	check "address and netmask" has 'inet 10.9.8.7/24 '
	check "gateway" has '^default via 10.9.8.1 dev eth0'
	check "resolvers" test "$(grep -c '^nameserver 10.9.8.[23]$' "$console")" -eq 2
	check "and ready" has '^msmv: ready '
else
	for what in address gateway resolvers ready; do
		ok "$what # SKIP needs ip and veth"
	done
fi

guest_new
printf '[network]\ninterface = eth7\naddress = 10.0.0.1\n[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
check "a missing interface is named" \
	has '^msmv: fail v=1 step=network errno=19 text=cannot set the address of eth7: No such dev'
check "and the guest is not ready" hasnt '^msmv: ready'
finish
