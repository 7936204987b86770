#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What a guest must do besides being ready, what it may cost, and where its time went.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"
requires python3 python3

guest server stop "hello\r\n$ready"
guest prompt stop "count=17\r\n${ready}login: "
guest once reset "${ready}hello, world\r\n$leave$halt"

# ---- Checks ---------------------------------------------------------------

# The toy guest has no network: this QEMU answers in its place on the forwarded port, from
# before the guest starts. The first who comes is sent away, as by one that does not listen.
fake talks <<'EOF'
for word; do
	shift
	case $word in
	user,id=net0,*)
		port=${word#*127.0.0.1:}
		word=user,id=net0
		mkfifo "$TMPDIR/listens"
		python3 -c '
import os, socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
open(os.environ["TMPDIR"] + "/listens", "w").close()
s.accept()[0].close()
while True:
    c = s.accept()[0]
    asked = c.recv(4096).decode()
    if asked.startswith("GET /long"):
        c.sendall(b"HTTP/1.0 200 OK\r\n\r\n%d\n" % len(asked.split()[1]))
    else:
        c.sendall({"GET /page": b"HTTP/1.0 200 OK\r\n\r\n<p>a page</p>\n",
                   "PING": b"+PONG\r\n"}.get(asked[:9].strip(),
                  b"HTTP/1.0 404 Not Found\r\n\r\nwhat?\n"))
    c.close()
' "${port%%-*}" &
		cat "$TMPDIR/listens"
		;;
	esac
	set -- "$@" "$word"
done
exec qemu-system-x86_64 "$@"
EOF
talks="qemu = \"$PWD/talks\""
long='check_timeout = { talk = 60, page = 60, absent = 60, output = 60, greeting = 60, whole = 60 }'
check "checks of all kinds" boot server "$talks" "$long" 'check_tcp = { talk = 80 }' \
	'check_send = { talk = "PING\n" }' 'check_regex = { talk = "^.PON", page = "a p[ab]ge" }' \
	'check_http = { page = "/page", absent = "/absent" }' 'check_status = { absent = 404 }' \
	'check_text = { page = "<p>", output = "80 is" }' \
	'check_console = { greeting = "hell" }' 'check_console_regex = { whole = "^hello$" }' \
	'check_command = { output = "echo 80 is $MSMV_PORT_80; exit 7" }' \
	'check_exit_code = { output = 7 }'
expect "are in the report" "absent greeting output page talk whole" \
	"$(report '[.checks[].name] | sort | join(" ")')"
expect "with what was expected of each" 'status 404 for /absent on port 80' \
	"$(report '.checks[] | select(.name == "absent").expected')"
expect "with the port that was chosen" 80 "$(report '.ports[0].guest')"
check "and tried again when they failed first" jq -e \
	'[.checks[] | select(.name == "talk")][0].tries > 1' out/boot.json
check "and told in the log" log_has '^info: check whole: passed after'
check "no QEMU is left" leaves_no_qemu

# "/" is the guest's, and no file of this machine.
touch beside
check "a path that is no file here" boot server "$talks" 'check_http = { x = "/" }' \
	"check_command.y = \"! test -e $PWD/beside\"" 'check_status = { x = 404 }' \
	'ports = ["127.0.0.2:0:81"]' 'check_command.elsewhere = "test -z \"$MSMV_PORT_81\""' \
	'check_timeout = { x = 60, y = 60 }'

path=/long$(printf '%03000d' 0)
long_text=$(printf 'ä%.0s' $(seq 300))
check "a path is sent whole" boot server "$talks" "check_http = { x = \"$path\" }" \
	'check_text = { x = "3005" }' 'check_command = { silent = "exec >&- 2>&-; sleep 0.1", a = "true # '"$long_text"'" }' \
	'check_timeout = { x = 60, silent = 60 }'

expect "a text that is cut in the report is no hole in it" "a silent x" \
	"$(report '[.checks[].name] | sort | join(" ")')"

# What never comes, and what comes at once and is wrong.
short='check_timeout = { x = 1 }'
some='check_timeout = { x = 3 }'
refuse "a port that nobody answers on" \
	'check x: expected an answer on port 80; came no connection, in 1 s' \
	boot server 'check_tcp = { x = 80 }' "$short"
cp "$T/check.out" said.txt
check "with the console's tail" grep -q '| info: hello$' said.txt
refuse "another answer" 'check x: expected an answer on port 80 with "PANG"; came +PONG, in 3 s' \
	boot server "$talks" 'check_tcp = { x = 80 }' 'check_send = { x = "PING" }' \
	'check_text = { x = "PANG" }' "$some"
refuse "another status" 'expected status 200 for /x on port 80; came status 404: what?, in 3 s' \
	boot server "$talks" 'check_http = { x = "/x" }' "$some"
refuse "another page" 'for /page on port 80 with "two"; came status 200: <p>a page</p>, in 3 s' \
	boot server "$talks" 'check_http = { x = "/page" }' 'check_text = { x = "two" }' \
	"$some"
refuse "a command that fails" \
	"expected exit status 0 of 'echo no >&2; exit 3'; came exit status 3: no, in 3 s" \
	boot server 'check_command = { x = "echo no >&2; exit 3" }' "$some"
refuse "a command that hangs" "came no end of it, in 1 s" \
	boot server 'check_command = { x = "sleep 77 & wait" }' "$short"
fails "and is gone" pgrep -fx 'sleep 77'
refuse "a line that is missing" \
	'expected a line of the console with "hallo"; came no such line, but at last: msmv: ready' \
	boot server 'check_console = { x = "hallo" }' "$short"
refuse "a pattern that a part of a line would match" \
	'expected a line of the console that matches ".c(o|ou|oun|ount|ount=|ount=1)?."' \
	boot prompt 'check_console_regex = { x = "^c(o|ou|oun|ount|ount=|ount=1)?$" }' "$some"
check "a line that rests is as good as whole" boot prompt \
	'check_console_regex = { x = "^login: $" }' 'check_timeout = { x = 60 }'
refuse "a guest that ends before" "check x: the guest ends before it passes" \
	boot once 'check_console = { x = "hallo" }' 'check_timeout = { x = 60 }'
guest late stop "${ready}[ 9.9] Kernel panic - not syncing: late\r\n"
refuse "a guest that panics meanwhile" "kernel panic: late" \
	boot late 'check_console = { x = "hallo" }' 'check_timeout = { x = 60 }'

# Who listens at the port's number on another address of this machine is not the guest.
printf '[sandbox]\nenable = false\n' >nobox.conf
python3 -c '
import http.server
s = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open("port.new", "w").write(str(s.server_port))
import os
os.rename("port.new", "port")
s.serve_forever()
' 2>/dev/null &
stranger=$!
until test -s port; do sleep 0.1; done
elsewhere()
{
	MSMV_CONF=$PWD/nobox.conf boot server "ports = [\"127.0.0.2:$(cat port):80\"]" \
		'check_http = { x = "/" }' "$some"
}
refuse "another server than the guest's" "check x: expected status 200 .* came no answer" elsewhere
kill "$stranger"

# Two that ask for one port of this machine have it one after the other.
port=$(cat port)
for name in one two; do
	printf '[stage.%s]\nplugin = "qmp-run"\ninputs = { vmlinux = "guest:file" }\n' "$name"
	printf 'accel = "tcg"\nports = ["%s:80"]\ncmdline = "%s"\n' "$port" "$name"
done >two.toml
printf '[stage.guest]\nplugin = "fetch-http"\nurl = "file://%s"\n' "$PWD/server" >>two.toml
one_port()
{
	MSMV_CONF=$PWD/nobox.conf msmv run -j 2 two.toml -o out
}
check "two boots with one port" one_port

cat >wrong.toml <<'EOF'
[stage.boot]
plugin = "qmp-run"
ports = ["80:http", "81:1", "82:2", "127.0.0.2:81:3", "0.0.0.0:82:4", "81:1/udp", "81:5"]
check_tcp = { a = "70000", b = 1, g = 1 }
check_http = { b = "/", c = "page", h = "/a b" }
check_text = { d = "alone", g = "" }
check_regex = { c = "(" }
check_console = { e = "x", i = "x\ny" }
check_status = { e = 200 }
check_console_regex = { f = "", j = "\n" }
expect = "a\n"
check_send = { g = "" }
EOF
exit_code "what is wrong with checks" 1 msmv recipe check wrong.toml
cp "$T/check.out" said.txt
while read -r place words; do
	check "is shown: $words" grep -q "^wrong.toml:$place: error: .*$words" said.txt
done <<'EOF'
3:10 ports: "80:http": the guest.s port is no number from 1 to 65535
4:15 tcp: "70000" is no number from 1 to 65535
5:16 http: the check asks for something else already
6:16 text alone is no check
9:18 status is nothing that this check has
6:29 text is empty
10:25 console_regex is empty
12:16 send is empty
3:55 ports: "0.0.0.0:82:4": port 82 of this machine leads elsewhere already
3:83 ports: "81:5": port 81 of this machine leads elsewhere already
5:25 http: "page" is no path
7:17 regex: Unmatched (
5:37 http: "/a b" holds a blank or a control character
8:28 console has a line end, and no line of the console holds one
10:33 console_regex has a line end
11:1 expect has a line end
EOF

# What kernel.url names is looked at before a plugin is asked.
printf '[general]\nname = "t"\n[kernel]\nurl = "apt:x"\n[run.checks.web]\nhttp = "page"\n' >t.toml
refuse "what a plugin finds is shown in the table" \
	't.toml:6:1: error: \[run.checks.web\] http: "page" is no path' msmv recipe check t.toml
printf '[run.budget]\nready_ms = 0\n' >>t.toml
refuse "and in the budget" '\[run.budget\] ready_ms is 0 ms; the least is 1 ms' \
	msmv recipe check t.toml

# ---- Budgets and times ------------------------------------------------------

check "a boot within its budget" boot once 'budget_ready_ms = 80000000' 'budget_rss = "900G"' \
	'budget_image = "1G"'
expect "is told with what it took" "80000000 true 966367641600 true 1073741824 $(stat -c %s once)" \
	"$(report '.budget | "\(.ready_ms.limit) \(.ready_ms.is > 0) \(.rss.limit) \(.rss.is > 1048576) \(.image.limit) \(.image.is)"')"
check "and without one too" boot once 'linger = 400'
expect "what it took is there" "$(stat -c %s once) null" "$(report '.budget.image | "\(.is) \(.limit)"')"
refuse "a boot that is over it" "over budget: ready_ms is [0-9]* ms, the budget is 1 ms \
(kernel 808.0 ms, .*); rss is [0-9.]* MiB, the budget is 1.0 KiB (the guest may take 128.0 MiB \
of it); image is [0-9.]* KiB, the budget is 10 bytes (kernel [0-9.]* KiB)" \
	boot once 'budget_ready_ms = 1' 'budget_rss = "1K"' 'budget_image = 10'

guest timed reset "Memory: 108576K/130552K available (8K kernel code)\r\n\
initcall slow_init+0x0/0x90 returned 0 after 4001 usecs\r\n\
initcall slower_init+0x0/0x90 returned 0 after 90000 usecs\r\n\
msmv: steps v=1 mounts_us=700 apps_us=90\r\n$ready$leave$halt"
check "times of initcalls and steps" boot timed 'initcalls = true'
expect "are in the report" "slower_init 90000 mounts 700 108576" \
	"$(report '.boot | "\(.split.initcalls[0].name) \(.split.initcalls[0].us)
\(.split.steps[0].name) \(.split.steps[0].us) \(.memory.available_kib)"' | tr '\n' ' ' |
		sed 's/ $//')"
expect "and the split" "808024 4321" "$(report '.boot.split | "\(.kernel_us) \(.init_us)"')"
check "and the time that QEMU takes to start" jq -e '.boot.split.qemu_us > 0' out/boot.json
check "initcalls are asked of the kernel" log_has "initcall_debug ignore_loglevel"
refuse "and blamed" "slowest initcalls: slower_init 90.0 ms, slow_init 4.0 ms; slowest steps \
of init: mounts 0.7 ms" boot timed 'budget_ready_ms = 1'

finish
