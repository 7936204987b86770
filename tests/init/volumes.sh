#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# File systems, settings, a seed and a name of the configuration's own. Disks are files
# and their file system is memory: what init does before and after is what counts.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

look='[app x]
argv = /bin/sh -c "cat /proc/self/mounts >/data/mounts; stat -c %u:%g /srv/deep/er >/data/owner 2>&1"'

# shellcheck disable=SC2317 # ok calls it
mounted() { # SOURCE PATH TYPE OPTIONS
	grep -q "^$1 $2 $3 $4" "$root/data/mounts" || {
		cat "$root/data/mounts"
		console_show
	}
}

guest_new
mkdir "$root/srv"
cat >"$root/data/mkfs" <<'END'
#!/bin/sh
echo "mkfs runs: $*"
for disk; do :; done
echo made >"$disk"
END
chmod 755 "$root/data/mkfs"
truncate -s 1M "$root/data/blank"
truncate -s 1M "$root/data/late"
printf 'x' | dd of="$root/data/late" bs=1 seek=65600 conv=notrunc 2>/dev/null
printf 'short' >"$root/data/short"
truncate -s 1M "$root/data/end"
printf 'x' | dd of="$root/data/end" bs=1 seek=1047000 conv=notrunc 2>/dev/null
: >"$root/data/empty"
guest_ini <<END
[mount a]
path = /srv/cache
type = tmpfs
source = cache
options = size=64k mode=0750 noexec nosuid
[mount b]
path = /srv/deep/er
type = tmpfs
source = /data/blank
mkfs = /data/mkfs -q "two words"
uid = 12
gid = 34
[mount c]
path = /srv/late
type = tmpfs
source = /data/late
mkfs = /data/mkfs
[mount d]
path = /srv/short
type = tmpfs
source = /data/short
options = ro
mkfs = /data/mkfs
[mount f]
path = /srv/end
type = tmpfs
source = /data/end
mkfs = /data/mkfs
[mount g]
path = /srv/empty
type = tmpfs
source = /data/empty
mkfs = /data/mkfs
[mount e]
path = /srv/absent
type = nosuchfs
source = tag
options = nofail
$look
END
guest_run
check "memory, with flags and options of its own" mounted cache /srv/cache tmpfs \
	'rw,nosuid,noexec,relatime,size=64k,mode=750'
check "a blank disk gets its file system" has '^mkfs runs: -q two words /data/blank$'
expect "by the program that was named" made "$(head -c 4 "$root/data/blank")"
check "and is mounted, at a path that was not there" mounted /data/blank /srv/deep/er tmpfs rw
check "what has something on it is not written to" test "$(grep -c '^mkfs runs' "$console")" -eq 1
check "at its end neither" mounted /data/end /srv/end tmpfs rw
check "nor what has no room at all" mounted /data/empty /srv/empty tmpfs rw
check "but mounted" mounted /data/late /srv/late tmpfs rw
check "read-only if it says so" mounted /data/short /srv/short tmpfs ro
check "nofail is logged" has '] warn: mount nosuchfs tag on /srv/absent: No such device$'
check "in the steps" has '^msmv: steps .* failed=\(mounts,\)\{0,1\}volumes$'
check "and survived" has '^msmv: ready .* apps=1 '
root_check "its owner is the one that was named" grep -qx '12:34' "$root/data/owner"

guest_new
printf '[mount a]\npath = /srv\ntype = ext4\nsource = /data/none\nmkfs = /bin/true\n%s\n' "$look" | guest_ini
guest_run
check "a disk that is not there is named" \
	has '^msmv: fail v=1 step=mount errno=2 text=mount ext4 /data/none on /srv: No such file or directory$'
check "and ends the machine" has '^msmv: halt .* reason=fail code=125$'
check "before an application runs without its data" test ! -e "$root/data/mounts"

guest_new
truncate -s 1M "$root/data/blank"
printf '[mount a]\npath = /srv\ntype = tmpfs\nsource = /data/blank\nmkfs = /bin/false\n%s\n' "$look" | guest_ini
guest_run
check "so does an mkfs that fails" \
	has '^msmv: fail v=1 step=mount errno=5 text=/bin/false /data/blank: ended with 1; if anything '

guest_new
echo half a file system >"$root/data/half"
printf '[mount a]\npath = /srv\ntype = tmpfs\nsource = /data/half\noptions = no=such\nmkfs = /bin/false\n%s\n' "$look" | guest_ini
guest_run
check "what is neither blank nor known has its remedy" \
	has '^msmv: fail v=1 step=mount errno=22 .*Invalid argument; /data/half is neither that nor blank: if mkfs was interrupted'

# Who asks for the end is heard while a disk is made, which is not interrupted.
guest_new
truncate -s 1M "$root/data/blank"
printf '#!/bin/sh\necho mkfs runs\nsleep 0.5\necho mkfs ends\n' >"$root/data/mkfs"
chmod 755 "$root/data/mkfs"
printf '[mount a]\npath = /srv\ntype = tmpfs\nsource = /data/blank\nmkfs = /data/mkfs\n%s\n' "$look" | guest_ini
guest_start
guest_wait '^mkfs runs'
guest_signal TERM
guest_end
check "a signal while mkfs runs ends the machine" has '^msmv: halt .* reason=signal code=0$'
check "when the disk is made" comes_before '^mkfs ends' '^msmv: halt'
check "without an application" test ! -e "$root/data/mounts"

# The end of volumes: more mounts than a list has room for, and one that is busy.
guest_init=$top_builddir/tests/init/msmv-init-static
guest_new
guest_ini <<'END'
[mount a]
path = /srv
type = tmpfs
source = deep
[app x]
argv = /bin/sh /data/deep
END
cat >"$root/data/deep" <<'END'
long=$(printf '%090d' 0)
for i in $(seq 150); do
	mkdir -p "/srv/$long/$i" && mount -t tmpfs m "/srv/$long/$i" || exit 1
done
END
guest_run
check "very many mounts" has '^msmv: exit v=1 app=x code=0'
check "are unmounted, and what they are on" hasnt 'unmount /srv'
guest_new
printf '[mount a]\npath = /srv\ntype = tmpfs\nsource = a\n[mount b]\npath = /srv/in\ntype = tmpfs\nsource = b\n%s\n' \
	"$look" | guest_ini
guest_run
check "a volume in a volume" mounted b /srv/in tmpfs rw
check "is unmounted before it, and nothing is told" hasnt 'unmount /srv'

guest_new
guest_ini <<'END'
[mount a]
path = /srv
type = tmpfs
source = held
[app x]
argv = /bin/sh -c "echo >/srv/file; echo file is there; sleep 100"
END
guest_start
guest_wait '^file is there'
pid=$(cat "/proc/$guest/task/$guest/children")
if { exec 9<"/proc/${pid% }/root/srv/file"; } 2>/dev/null; then
	guest_signal TERM
	guest_end
	exec 9<&-
	check "a volume that is busy is told" has '] warn: unmount /srv: Device or resource busy; it becomes read-only$'
	check "and read-only" hasnt 'remount /srv'
else
	ok "a volume that is busy is told # SKIP it cannot be held from here"
	ok "and read-only # SKIP it cannot be held from here"
	guest_signal TERM
	guest_end
fi
guest_init=$top_builddir/tests/init/msmv-init-asan

# Settings of the kernel.
guest_new
guest_ini <<'END'
[init]
sysctl = net.ipv4.ip_default_ttl=33 net/ipv4/conf/lo/forwarding=1 "net.ipv4.ping_group_range=0 0"
[app x]
argv = /bin/cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/net/ipv4/conf/lo/forwarding /proc/sys/net/ipv4/ping_group_range
END
guest_run
# init's own lines may stand between those of cat.
expect "settings" "33 1 0 0 " "$(grep '^[0-9][0-9[:space:]]*$' "$console" | tr -d '\r' | tr '\n\t' '  ')"
guest_new
printf '[init]\nsysctl = no.such=1\n[app x]\nargv = /bin/echo x runs\n' | guest_ini
guest_run
check "one that is not there is named" has '^msmv: fail v=1 step=sysctl errno=2 text=no.such=1$'
check "and survived" has '^x runs'

# The seed of random numbers.
guest_new
echo "not quite random but 32 bytes......" | head -c 32 >"$root/data/seed"
cp "$root/data/seed" "$T/seed"
printf '[init]\nseed = /data/seed\n[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
expect "another seed is in its place" 32 "$(wc -c <"$root/data/seed")"
fails "which is not the old one" cmp -s "$root/data/seed" "$T/seed"
expect "for nobody else to read" 600 "$(stat -c %a "$root/data/seed")"
guest_new
printf '[init]\nseed = /data/seed\n[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
expect "the first is made" 32 "$(wc -c <"$root/data/seed")"
guest_new
printf '[init]\nseed = /no/where/seed\n[app x]\nargv = /tool exit 0\n' | guest_ini
guest_run
check "one that cannot be is logged" has '] warn: write /no/where/seed: No such file or directory$'
check "and survived" has '^msmv: ready .* apps=1 '

# The host name of the command line wins over the file's; levels too.
guest_new
guest_env="msmv_hostname=from-cmdline msmv_log=debug msmv_logs=error"
printf '[init]\nhostname = from-file\n[app x]\nargv = /bin/cat /proc/sys/kernel/hostname\n' | guest_ini
guest_run
check "msmv_hostname=" has '^from-cmdline$'
check "msmv_log=" has '^init: \[ *[0-9]*\.[0-9][0-9][0-9]\] debug: step hostname: [0-9]* us$'

# What the kernel says of the terminal holds on a screen.
guest_init=$top_builddir/tests/init/msmv-init-fake
guest_new
: >"$root/data/screen"
printf '[app x]\nargv = /usr/bin/env\n' | guest_ini
guest_run
check "TERM on a virtual terminal" has '^TERM=linux$'
guest_new
guest_env=TERM=xterm
printf '[app x]\nargv = /usr/bin/env\n' | guest_ini
guest_run
check "TERM of the command line" has '^TERM=xterm$'
finish
