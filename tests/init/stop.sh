#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# How init ends a machine, and what it does while nothing happens.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

# No application: ready, asleep, ended by a signal.
guest_new
guest_ini </dev/null
guest_start
check "an empty configuration is ready" guest_wait '^msmv: ready .* apps=0 control='
guest_signal TERM
guest_end
check "SIGTERM ends it" ended
check "and is the reason" has '^msmv: halt .* reason=signal code=0$'

# Each signal has its way to end.
for row in "INT 1 reboot" "USR1 2 halt" "USR2 2 poweroff"; do
	# shellcheck disable=SC2086
	set -- $row
	guest_new
	printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
	guest_start
	guest_wait '^msmv: ready'
	guest_signal "$1"
	guest_end
	check "SIG$1 gives $3" has "^msmv: halt v=1 action=$3 reason=signal code=0\$"
	check "and the kernel heard it" test "$end" -eq "$2"
	check "the application got its stop signal" \
		has '^msmv: exit v=1 app=x code=143 signal=15 then=none$'
done

# The configuration says what a power-off is.
guest_new
printf '[init]\nhalt = reboot\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
guest_signal PWR
guest_end
check "halt = reboot is followed" test "$end" -eq 1

# An application that does not want to end.
guest_new
printf '[init]\ngrace_ms = 300\nlog = warn\n[app x]\nargv = /tool stubborn\nstop_signal = 3\n' |
	guest_ini
guest_start
guest_wait '^stubborn runs'
guest_signal HUP
check "SIGHUP is passed on" guest_wait '^got signal 01'
guest_signal TERM
guest_end
check "it gets its own stop signal" has '^got signal 03'
check "then SIGTERM as all others" has '^got signal 15'
check "then SIGKILL" has '^msmv: exit v=1 app=x code=137 signal=9 then=none$'
check "which is logged" has '] warn: an application did not stop in 300 ms$'
check "and the machine ends" has '^msmv: halt .* reason=signal code=0$'

# A server is needed until its clients have ended, but not for ever.
guest_new
guest_ini <<'END'
[app db]
argv = /bin/sh -c "trap 'echo db ends; exit 0' TERM; while :; do sleep 0.05; done"
[app task]
argv = /tool exit 0
type = task
after = db
[app web]
argv = /bin/sh -c "trap 'sleep 0.3; echo web ends; exit 0' TERM; echo web runs; while :; do sleep 0.05; done"
after = task
END
guest_start
guest_wait '^msmv: ready'
guest_wait '^web runs'
guest_signal TERM
guest_end
check "clients are stopped first" comes_before '^web ends' '^msmv: exit v=1 app=db'
check "and servers then" has '^db ends'
guest_new
guest_ini <<'END'
[init]
grace_ms = 1000
[app db]
argv = /bin/sh -c "trap 'echo db ends; exit 0' TERM; while :; do sleep 0.05; done"
[app web]
argv = /tool stubborn
after = db
END
guest_start
guest_wait '^stubborn runs'
guest_wait '^msmv: ready'
guest_signal TERM
guest_end
check "servers are not kept by who does not end" comes_before '^db ends' \
	'] warn: an application did not stop in 1000 ms$'

# Children that nobody waits for.
guest_new
printf '[app x]\nargv = /tool orphans 1000\n' | guest_ini
guest_run
check "a thousand orphans leave no zombie" has '^orphans 1000 zombies 0$'
check "and no record of their own" test "$(record exit)" = \
	"msmv: exit v=1 app=x code=0 signal=0 then=poweroff"

# The last one's parent sees no more of them after at most 50 ms, if the machine has time.
# shellcheck disable=SC2317 # check calls it
soon() {
	for _ in 1 2 3 4 5; do
		guest_new
		printf '[app x]\nargv = /tool reaped 1000\n' | guest_ini
		guest_run
		us=$(sed -n 's/^reaped 1000 in \([0-9]*\) us, zombies 0$/\1/p' "$console")
		[ "${us:-50001}" -gt 50000 ] || return 0
	done
	console_show
}
check "they are reaped within 50 ms" soon

# Among them the ends of applications.
guest_new
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	printf '[app a%d]\nargv = /bin/sh -c "sleep 0.%d; exit %d"\non_exit = none\n' $i $((i % 4)) $i
done | guest_ini
printf '[app x]\nargv = /tool orphans 1000\n' >>"$root/etc/msmv/init.ini"
guest_run
check "no end is lost" test "$(record exit | sed -n 's/.* app=a\([0-9]*\) code=\1 signal=0 .*/\1/p' | wc -l)" -eq 15
check "nor told twice" test "$(record exit | wc -l)" -eq 16

guest_new
printf '[app x]\nargv = /tool wakeups\n[app y]\nargv = /bin/sleep 100\n' | guest_ini
guest_run
check "init sleeps while nothing happens" has '^wakeups 0$'

# A kernel without signalfd and inotify.
guest_new
guest_exec="/tool without"
guest_ini <<'END'
[app x]
argv = /bin/sh -c "ls -l /proc/1/fd; sleep 0.1; echo >/run/up; exec /tool orphans 200"
ready = file /run/up
[app y]
argv = /tool state
after = x
on_exit = none
END
guest_run
check "a kernel without signalfd" hasnt 'signalfd'
check "children are reaped all the same" has '^orphans 200 zombies 0$'
check "no signal is blocked or handled in an application" has '^state leader=1 blocked=0 '
check "a file is found by looking" has '^msmv: ready .* apps=2 '
check "and the end has its code" has '^msmv: halt .* reason=exit code=0$'
guest_new
guest_exec="/tool without"
printf '[app x]\nargv = /tool wakeups\n[app y]\nargv = /bin/sleep 100\n' | guest_ini
guest_run
check "it sleeps too" has '^wakeups 0$'
guest_new
guest_exec="/tool without"
printf '[init]\ngrace_ms = 200\n[app y]\nargv = /tool stubborn\n' | guest_ini
guest_start
guest_wait '^stubborn runs'
guest_signal HUP
check "signals are heard" guest_wait '^got signal 01'
guest_signal INT
guest_end
check "and end the machine" has '^msmv: halt v=1 action=reboot reason=signal code=0$'

# Signals that have no meaning, and a fault.
guest_new
printf '[app x]\nargv = /bin/sleep 2\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
for signal in ALRM WINCH PIPE CHLD TSTP VTALRM; do guest_signal $signal; done
guest_end
check "other signals change nothing" has '^msmv: exit v=1 app=x code=0 signal=0 then=poweroff$'

guest_init=$top_builddir/tests/init/msmv-init-static
guest_new
printf '[app x]\nargv = /bin/sleep 100\n' | guest_ini
guest_start
guest_wait '^msmv: ready'
guest_signal SEGV
guest_end
check "a fault in init is told" has \
	'^msmv: fail v=1 step=crash errno=0 text=init was hit by signal 11$'
check "and restarts the machine" test "$end" -eq 1
finish
