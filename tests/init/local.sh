#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The same program outside of a machine: a folder's init.ini is tried here, nothing of this
# machine is touched, and nothing is left.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
init=${top_builddir:?}/tests/init/msmv-init-asan
tool=$top_builddir/tests/init/guest-tool

# start FOLDER [PORT]: $pid; what it says is in FOLDER/said.
start()
{
	# Here, not in the child: nobody must see what the one before has said.
	: >"$1/said"
	"$init" "$@" >>"$1/said" 2>&1 &
	pid=$!
}

# says FOLDER REGEX
# shellcheck disable=SC2317 # check calls it
says()
{
	tries=400
	until grep -q -e "$2" "$1/said"; do
		tries=$((tries - 1))
		if [ "$tries" -le 0 ]; then
			cat "$1/said"
			return 1
		fi
		sleep 0.05
	done
}

expect "without a folder it says how to use it" "msmv-init: starts as process 1 of a machine; msmv-init FOLDER [PORT] tries FOLDER/init.ini here" \
	"$("$init" 2>&1)"
"$init" >/dev/null 2>&1
expect "and fails" 2 $?

# Two at once, each with a folder and a socket of its own; one leaves an orphan.
mkdir a b
nap=1$$ # seconds, and a mark
# It has children of its own that nobody knows before it has ended, and they too.
echo "sh $T/w/a/two; :" >a/one
echo "sh $T/w/a/three; :" >a/two
echo "sleep 9$nap; :" >a/three
cat >a/init.ini <<END
[app web]
argv = $tool listen 0 $T/w/a/go
ready = line "port opens"
[app task]
argv = /bin/sh -c "sleep $nap & setsid sleep $nap & setsid sh $T/w/a/one & echo task runs"
type = task
END
cat >b/init.ini <<END
[mount m]
path = /nowhere/at/all
type = tmpfs
source = m
[init]
hostname = nobodys
[app ends]
argv = /bin/sh -c "sleep 0.3; exit 7"
END
hostname=$(cat /proc/sys/kernel/hostname)
mounts=$(wc -l </proc/self/mounts)
start a
first=$pid
check "a task ends" says a '^msmv: exit v=1 app=task code=0 signal=0 then=none$'
fails "the guest is not ready before its application" grep -q '^msmv: ready' a/said
start b
wait "$pid"
expect "an application's code is the program's" 7 $?
check "its records are those of a machine" says b '^msmv: exit v=1 app=ends code=7 signal=0 then=poweroff$'
check "but the last" says b '^msmv: halt v=1 action=exit reason=exit code=7$'
expect "nothing was mounted" "$mounts" "$(wc -l </proc/self/mounts)"
expect "nor this machine renamed" "$hostname" "$(cat /proc/sys/kernel/hostname)"
: >a/go
check "the other goes on" says a '^msmv: ready v=1 .* apps=2 control=socket$'
expect "its socket answers" pong "$("$tool" ask a/control ping | grep -v '^msmv: ')"
expect "orphans are its own" 2 "$(pgrep -P "$first" -f "^sleep $nap\$" | wc -l)"
"$tool" ask a/control poweroff >/dev/null
wait "$first"
expect "it ends" 0 $?
check "in order" says a '^msmv: halt v=1 action=exit reason=control code=0$'
fails "no process is left" pgrep -f "^sleep 9*$nap\$"
check "nor its socket" test ! -e a/control

# A TCP port in place of the socket.
mkdir d
printf '[app x]\nargv = /bin/sleep 1000\n' >d/init.ini
port=$((20000 + $$ % 20000))
start d "$port"
tries=20
until says d 'control=tcp$' >/dev/null || [ "$tries" -le 0 ]; do
	# Somebody else's port.
	wait "$pid"
	tries=$((tries - 1)) port=$((port + 1))
	start d "$port"
done
check "with a port it is reached by TCP" says d '^msmv: ready v=1 .* apps=1 control=tcp$'
check "and has no socket" test ! -e d/control
expect "the port answers" pong "$("$tool" ask "$port" ping | grep -v '^msmv: ')"
start b "$port"
wait "$pid"
expect "two cannot have one port" 125 $?
check "which is said" says b "^msmv: fail v=1 step=control errno=98 text=127.0.0.1:$port: Address already in use\$"
"$tool" hear-all "$port" "POST / HTTP/1.1" poweroff >http.txt
expect "who speaks something else is not listened to" error "$(grep -v '^msmv: ' http.txt)"
expect "and does nothing" pong "$("$tool" ask "$port" ping | grep -v '^msmv: ')"
"$tool" ask "$port" poweroff >/dev/null
check "it ends by TCP" says d '^msmv: halt v=1 action=exit reason=control code=0$'
for wrong in 0 65536 1x -1 ''; do
	"$init" d "$wrong" >/dev/null 2>&1
	expect "no port: '$wrong'" 2 $?
done

# A signal, and a configuration that is wrong.
start a
says a '^msmv: ready'
kill -TERM "$pid"
wait "$pid"
expect "SIGTERM ends it" 0 $?
check "and is the reason" says a '^msmv: halt v=1 action=exit reason=signal code=0$'
mkdir c
printf '[app x]\nagrv = /x\n' >c/init.ini
start c
wait "$pid"
expect "a wrong configuration fails" 125 $?
check "with its line" says c '^msmv: fail v=1 step=config errno=22 text=c/init.ini:2: unknown key: agrv$'
finish
