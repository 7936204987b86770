#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Applications among each other: who is started after whom, what makes one ready, which
# of them are started again.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

# Each kind of readiness, in an order that is not that of the file.
guest_new
guest_ini <<'END'
[app last]
argv = /bin/sh -c "echo last runs"
after = port file
[app port]
argv = /tool listen 8081 /data/go
after = line
ready = tcp 8081
on_exit = none
[app file]
argv = /bin/sh -c "echo file runs; sleep 0.2; echo > /run/up; sleep 100"
after = line
ready = file /run/up
on_exit = none
[app line]
argv = /bin/sh -c "echo line runs; printf 'not rea' ; sleep 0.1; echo 'ready or: now ready, go' >&2; sleep 100"
after = task
ready = line "ready, go"
on_exit = none
[app task]
argv = /bin/sh -c "echo task runs; exit 0"
type = task
END
guest_start
check "what is told by a line starts after the task" guest_wait '^port listens'
check "nothing after a closed port is started" hasnt '^last runs'
check "nor is the guest ready" hasnt '^msmv: ready'
: >"$root/data/go"
guest_end
check "a task that ended is before those after it" comes_before 'app=task code=0 signal=0 then=none' '^line runs'
check "a line too" comes_before '^not reaready or: now ready, go' '^port runs'
check "whoever writes it is still heard on the console" has '^line runs$'
check "what needs two waits for both" comes_before '^port opens' '^last runs'
check "one ready record in the end" test "$(record ready | grep -c ' apps=5 ')" -eq 1
check "after the last was started" comes_before '^last runs\|^msmv: ready' '^msmv: exit v=1 app=last'
check "and before it the steps" has \
	'^msmv: steps v=1 mounts_us=[0-9]* config_us=[0-9]*\( [a-z_]*_us=[0-9]*\)* apps_us=[1-9][0-9]*'
check "which is one record" test "$(record steps | wc -l)" -eq 1

# Who is never ready.
guest_new
guest_ini <<'END'
[app slow]
argv = /bin/sleep 100
ready = tcp 8082
ready_ms = 300
[app next]
argv = /bin/sh -c "echo next runs"
after = slow
END
guest_run
check "a limit that is over is named" has \
	'^msmv: fail v=1 step=ready app=slow errno=0 text=slow: is not ready after 300 ms$'
check "ends the machine" has '^msmv: halt .* reason=fail code=125$'
check "and nothing after it runs" hasnt '^next runs'

guest_new
guest_ini <<'END'
[app slow]
argv = /bin/sh -c "sleep 0.6; echo up; exec sleep 1"
ready = line up
ready_ms = 200
restart = always
[app next]
argv = /bin/sh -c "echo next runs"
after = slow
END
guest_run
check "who is restarted may be late" has '^msmv: fail v=1 step=ready app=slow '
check "and is waited for all the same" has '^next runs'
check "but the guest is not ready" hasnt '^msmv: ready'

guest_new
printf '[app x]\nargv = /tool exit 3\nready = file /no/where\n' | guest_ini
guest_run
check "an end before that is named" has \
	'^msmv: fail v=1 step=ready app=x errno=0 text=x: has not been ready and ended with 3$'
check "and its code is the machine's" has '^msmv: halt .* reason=exit code=3$'

guest_new
printf '[app x]\nargv = /bin/sh -c "echo up"\nready = line up\n' | guest_ini
guest_run
check "a line that comes with the end counts" has '^msmv: exit v=1 app=x code=0 signal=0 then=poweroff'
check "and is no failure" hasnt '^msmv: fail'

# A writer that is not interrupted by its console, to the last byte.
guest_new
guest_ini <<'END'
[app x]
argv = /bin/sh -c "echo up; seq 1 20000; printf 'the end'"
ready = line up
END
guest_run
check "what is written passes through" has '^19999$'
check "to the last byte" has '^the end'

# Tasks.
guest_new
guest_ini <<'END'
[app task]
argv = /tool exit 4
type = task
[app next]
argv = /bin/sh -c "echo next runs"
after = task
END
guest_run
check "a task that fails is named" has \
	'^msmv: fail v=1 step=task app=task errno=0 text=task: has not been ready and ended with 4$'
check "ends the machine with its code" has '^msmv: halt .* reason=exit code=4$'
check "and nothing after it runs" hasnt '^next runs'

guest_new
printf '[app x]\nargv = /bin/sleep 100\ntype = task\nready_ms = 200\n' | guest_ini
guest_run
check "a task may have a limit" \
	has '^msmv: fail v=1 step=ready app=x errno=0 text=x: is not ready after 200 ms$'
check "that ends the machine" has '^msmv: halt .* reason=fail code=125$'

guest_new
guest_ini <<'END'
[app task]
argv = /tool third /data/count
type = task
restart = on-failure
[app next]
argv = /bin/sh -c "echo next runs"
after = task
END
guest_run
check "a task may be tried again" test "$(record exit | grep -c 'app=task code=7 .*then=restart')" -eq 2
check "until it succeeds" has '^msmv: exit v=1 app=task code=0 signal=0 then=none$'
check "then the rest follows" has '^next runs'
check "and it is no failure" hasnt '^msmv: fail'

guest_new
guest_ini <<'END'
[app task]
argv = /tool exit 4
type = task
restart = on-failure
END
guest_run
check "but not for ever" test "$(record exit | grep -c 'app=task code=4 .*then=restart')" -eq 5
check "then it has failed" has '^msmv: fail v=1 step=task app=task errno=0 text=task: has not been ready and ended with 4$'
check "and its end is that of any task" has '^msmv: halt .* reason=exit code=4$'

# A file that is there before.
guest_new
echo old >"$root/data/up"
guest_ini <<'END'
[app file]
argv = /bin/sh -c "sleep 0.3; echo it writes; echo >/data/up; sleep 100"
ready = file /data/up
on_exit = none
[app next]
argv = /bin/sh -c "echo next runs"
after = file
END
guest_run
check "a file from before is not the one" comes_before '^it writes' '^next runs'
check "but the same when it has changed" has '^msmv: ready '

# Init sleeps though one has ended before it was ready, and another is late.
guest_new
guest_busy
guest_ini <<'END'
[app x]
argv = /bin/sh -c "sleep 0.1"
ready = tcp 9
on_exit = none
[app y]
argv = /bin/sh -c "sleep 0.1"
ready = tcp 9
restart = always
[app busy]
argv = /bin/sh /data/busy
END
guest_run
check "nothing is looked for after its end" idle

# Restarts.
guest_new
guest_ini <<'END'
[app x]
argv = /tool third /data/count
restart = on-failure
END
guest_run
check "restart = on-failure" test "$(record exit | grep -c 'app=x code=7 .*then=restart')" -eq 2
check "leaves success to on_exit" has '^msmv: exit v=1 app=x code=0 signal=0 then=poweroff$'

guest_new
guest_ini <<'END'
[app x]
argv = /tool exit 0
restart = always
on_exit = none
[app y]
argv = /bin/sleep 1
END
guest_run
check "restart = always" test "$(record exit | grep -c 'app=x code=0 .*then=restart')" -ge 2
check "less and less often" test "$(record exit | grep -c 'app=x code=0')" -le 5

# Groups.
guest_new
printf '[app x]\nargv = /tool ids\nuid = 1234\ngid = 77\ngroups = 5 44\n' | guest_ini
guest_run
root_check "supplementary groups" has '^ids uid=1234 gid=77 groups=3:5 '
root_check "all of them" has ' more=44,77$'
finish
