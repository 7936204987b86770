#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What init says and does from its start to the end of an application.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

# One application.
guest_new
guest_ini <<'END'
# a comment
[init]
hostname = testy
env = SHARED=all "OWN=not this"

[app one]
argv = /tool show /data/argv plain "" "two words" "q\"b\\s" "line\nfeed\ttab" "\xff\x01"
env = "OWN=two words" HOME=/elsewhere
on_exit = none
[app two]
argv = /bin/sh -c "cat /proc/sys/kernel/hostname >/data/hostname; sleep 0.3"
END
guest_run
check "power-off or restart ends the namespace" ended
check "one ready record" test "$(record ready | grep -c ' boottime_us=[1-9][0-9]* init_us=[1-9][0-9]* apps=2 control=')" -eq 1
check "an exit record for each" test "$(record exit)" = \
	"msmv: exit v=1 app=one code=0 signal=0 then=none
msmv: exit v=1 app=two code=0 signal=0 then=poweroff"
check "one halt record" test "$(record halt | grep -c ' reason=exit code=0$')" -eq 1
check "the halt record is the last line" test "$(tail -n 1 "$console")" = "$(record halt)"
check "no fail record" hasnt '^msmv: fail'
printf 'plain\0\0two words\0q"b\\s\0line\nfeed\ttab\0\377\001\0' >"$T/argv"
check "argv arrives byte for byte" cmp "$T/argv" "$root/data/argv"
check "its own variable wins" grep -qx 'OWN=two words' "$root/data/env"
check "the shared variable is there" grep -qx 'SHARED=all' "$root/data/env"
check "HOME can be set" grep -qx 'HOME=/elsewhere' "$root/data/env"
check "PATH has a default" grep -q '^PATH=/usr/local/sbin:' "$root/data/env"
check "TERM on a console that is no screen" grep -qx 'TERM=vt100' "$root/data/env"
check "nothing else is inherited" test "$(wc -l <"$root/data/env")" -eq 5
check "the host name is set" grep -qx testy "$root/data/hostname"
check "/run is made" test -d "$root/run"
check "/tmp is made" test -d "$root/tmp"

# What an application finds.
guest_new
guest_ini <<'END'
[app state]
argv = /tool state
END
guest_run
check "a session of its own, no signal blocked, three descriptors" \
	has '^state leader=1 blocked=0 fds=3 foreground=0'

guest_new
guest_ini <<'END'
[app ids]
argv = /tool ids
uid = 1234
gid = 77
dir = /usr/lib
END
guest_run
root_check "user, group and folder" has '^ids uid=1234 gid=77 groups=1:77 dir=/usr/lib$'

# No console but a pipe that nobody reads: init goes on. By a descriptor of its own, and
# without /proc by looking first.
# shellcheck disable=SC2317 # check calls it
full_pipe() {
	guest_hook <<'END'
umount "$root/dev/console"
rm "$root/dev/console"
mkdir "$root/dev/console"
exec 2>"$root/data/pipe" 1>&2
END
	mkfifo "$root/data/pipe"
	exec 9<>"$root/data/pipe"
	printf '[app x]\nargv = /bin/sh -c "head -c 200000 /dev/zero >&2 & sleep 0.3; exit 3"\n' | guest_ini
	guest_start
	tries=0
	while kill -0 "$guest" 2>/dev/null && [ "$tries" -lt 300 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	exec 9<&-
	test "$tries" -lt 300
}
guest_new
check "a pipe that nobody reads does not stop it" full_pipe
guest_kill
guest=
guest_init=$top_builddir/tests/init/msmv-init-static
guest_new
: >"$T/hook"
check "nor without /proc" full_pipe
guest_kill
guest=
guest_init=$top_builddir/tests/init/msmv-init-asan

# Its end.
guest_new
printf '[app x]\nargv = /tool exit 41\n' | guest_ini
guest_run
check "an exit code is carried" has '^msmv: exit v=1 app=x code=41 signal=0 then=poweroff$'
check "and it is the machine's" has '^msmv: halt .* reason=exit code=41$'

guest_new
printf '[app x]\nargv = /tool raise 11\n' | guest_ini
guest_run
check "a signal is told" has '^msmv: exit v=1 app=x code=139 signal=11 then=poweroff$'

guest_new
printf '[app x]\nargv = /tool exit 0\non_exit = reboot\n' | guest_ini
guest_run
check "on_exit = reboot restarts" test "$end" -eq 1
check "and says so" has '^msmv: halt v=1 action=reboot reason=exit code=0$'

guest_new
printf '[app x]\nargv = /tool third /data/count\non_exit = restart\n[app y]\nargv = /bin/sleep 2\n' |
	guest_ini
guest_run
check "on_exit = restart starts again" test "$(record exit | grep -c 'app=x code=7 .*then=restart')" -ge 2
check "until the rest ends" has '^msmv: exit v=1 app=y code=0 signal=0 then=poweroff$'
check "with one ready record for both" test "$(record ready | grep -c 'apps=2')" -eq 1

# Failures.
guest_new
printf '[app x]\nargv = /no/such/program a\n' | guest_ini
guest_run
check "a missing program is named with its errno" \
	has '^msmv: fail v=1 step=exec app=x errno=2 text=/no/such/program: No such file or dir'
check "its exit record has 127" has '^msmv: exit v=1 app=x code=127 signal=0 then=poweroff$'
check "no ready record then" hasnt '^msmv: ready'

guest_new
printf '[app x]\nargv = /tool ids\ndir = /nowhere\n' | guest_ini
guest_run
check "a missing folder is named" has '^msmv: fail v=1 step=chdir app=x errno=2 text=/nowhere: '

guest_new
printf '[app good]\nargv = /bin/sleep 1\n[app bad]\nargv = /data\non_exit = none\n' | guest_ini
guest_run
check "others run when one cannot" has '^msmv: exit v=1 app=good code=0 signal=0 then=poweroff$'
check "which is told" has '^msmv: fail v=1 step=exec app=bad errno=13 text=/data: '
check "and is not ready" hasnt '^msmv: ready'

guest_new
printf '[init]\nhostname = x\n[app x]\nagrv = /tool\n' | guest_ini
guest_run
check "a wrong key is survived and named with its line" \
	has '^msmv: fail v=1 step=config errno=22 text=/etc/msmv/init.ini:4: unknown key: agrv$'
check "and ends the machine" has '^msmv: halt .* reason=fail code=125$'

guest_new
guest_run
check "a missing configuration too" has '^msmv: fail v=1 step=config errno=2 text=/etc/msmv/init.ini: '
finish
