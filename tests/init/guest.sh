# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# Runs msmv-init as process 1 of fresh namespaces, in a root of its own that shows
# the machine's /usr. Its console is a plain file, so all it ever said can be read.
#
#   guest_new                 makes $root and $console
#   guest_ini < text          writes its init.ini
#   guest_hook < commands     done in the namespaces before init; $root, $console are set
#   guest_start               starts it; $guest is the process to wait for
#   guest_wait REGEX          until the console has such a line; fails after 20 s
#   guest_end                 waits for its end; $end: 1 SIGHUP (reboot), 2 SIGINT (power-off)
#   guest_signal SIG          to process 1 of the guest
#   record TYPE               the lines of that record
#   comes_before REGEX REGEX  the first line of one before the first of the other
#   guest_busy, idle          whether process 1 slept while an application ran /bin/sh /data/busy
#   has REGEX, hasnt REGEX    whether the console has such a line
#
#   root_check WHAT COMMAND   check that only root can make
#
# Comes after tests/lib.sh.

guest_init=${guest_init:-$top_builddir/tests/init/msmv-init-asan}
guest_tool=$top_builddir/tests/init/guest-tool
guest_unshare="--pid --mount --uts --net --ipc --fork --kill-child=KILL"
root=$T/root
console=$T/console
tty=
guest=
guest_env= # words of the kernel's command line, as it hands them on
guest_exec= # what starts /init in its place

guest_kill() {
	[ -z "$guest" ] || kill -KILL "$guest" 2>/dev/null
	[ -z "$guest" ] || wait "$guest" 2>/dev/null
}
at_end guest_kill

# Without root, root in a user namespace does; the image's owner is then nobody.
[ "$(id -u)" = 0 ] || guest_unshare="--user --map-root-user $guest_unshare"
# shellcheck disable=SC2086
if ! unshare $guest_unshare true 2>/dev/null; then
	if [ "${CI:-}" = true ]; then
		echo "Bail out! namespaces cannot be made here"
		exit 1
	fi
	echo "1..0 # SKIP namespaces cannot be made here"
	exit 0
fi

guest_new() {
	rm -rf "$root"
	tty=
	guest_exec=
	guest_env=
	mkdir -p "$root/etc/msmv" "$root/usr" "$root/dev" "$root/proc" "$root/data"
	for dir in bin lib lib32 lib64 libx32 sbin; do
		if [ -L "/$dir" ]; then ln -s "usr/$dir" "$root/$dir"; fi
	done
	: >"$console"
	# AddressSanitizer wants it.
	cat >"$T/hook" <<-'END'
		mount -t proc proc "$root/proc"
	END
	cp "$guest_init" "$root/init"
	cp "$guest_tool" "$root/tool"
}

guest_ini() {
	cat >"$root/etc/msmv/init.ini"
}

# /dev is a tmpfs of ours: the real one holds the machine's console.
# / of the guest is no mount: remounting it read-only would reach the machine's.
cat >"$T/enter" <<'END'
set -e
root=$1 console=$2 hook=$3
mount --rbind /usr "$root/usr"
mount -t tmpfs -o mode=0755 dev "$root/dev"
: >"$root/dev/console"
mount --bind "$console" "$root/dev/console"
: >"$root/dev/null"
mount --bind /dev/null "$root/dev/null"
[ ! -f "$hook" ] || . "$hook"
cd "$root"
exec env -i TERM=linux $5 ASAN_OPTIONS=detect_leaks=0:handle_segv=2:exitcode=99 \
	"$(command -v chroot)" . $4 /init ignored arguments
END

guest_hook() {
	cat >>"$T/hook"
}

guest_start() {
	# shellcheck disable=SC2086
	unshare $guest_unshare sh "$T/enter" "$root" "${tty:-$console}" "$T/hook" "$guest_exec" \
		"$guest_env" \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- 2>>"$T/stderr" &
	guest=$!
}

guest_wait() {
	tries=0
	until grep -q "$1" "$console"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 400 ] || ! kill -0 "$guest" 2>/dev/null; then
			has "$1"
			return
		fi
		sleep 0.05
	done
}

guest_end() {
	wait "$guest" 2>/dev/null
	# shellcheck disable=SC2034
	end=$(($? - 128))
	guest=
}

# The console's guest runs below unshare: its only child.
guest_signal() {
	kill "-$1" "$(cat "/proc/$guest/task/$guest/children")"
}

# Starts the guest and waits for its end.
guest_run() {
	guest_start
	guest_end
}

record() {
	grep "^msmv: $1 v=1 " "$console"
}

console_show() {
	cat "$console" "$T/stderr"
	false
}

has() {
	grep -q -e "$1" "$console" || console_show
}

hasnt() {
	! grep -q -e "$1" "$console" || console_show
}

# comes_before REGEX REGEX: the first line of one before the first of the other.
comes_before() {
	before=$(grep -n -m 1 -e "$1" "$console" | cut -d: -f1)
	after=$(grep -n -m 1 -e "$2" "$console" | cut -d: -f1)
	test "${before:-0}" -gt 0 && test "$before" -lt "${after:-0}" && return
	console_show
}

# idle: init took less than 0.1 s of the processor in the second that /data/busy took.
guest_busy() {
	cat >"$root/data/busy" <<-'END'
		ticks() { set -- $(cat /proc/1/stat); echo $((${14} + ${15})); }
		sleep 0.4
		before=$(ticks)
		sleep 3
		echo "busy $(($(ticks) - before))"
	END
}

# A process that spins takes hundredths of a second by the hundred; on a busy machine it
# gets fewer, and an instrumented one takes some for each application that it starts.
idle() {
	has '^busy [0-3]\{0,1\}[0-9]$'
}

# root_check NAME COMMAND...: holds where root is the machine's.
root_check() {
	if [ "$(id -u)" = 0 ]; then
		check "$@"
	else
		ok "$1 # SKIP needs root"
	fi
}

# Ended, by a restart or a power-off.
ended() {
	test "$end" -eq 1 || test "$end" -eq 2 || console_show
}
