#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# --json of every command of msmv vm: standard output is JSON whatever happens, of a failure
# with its words and its exit status; and names of any bytes.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "[    0.125000] Linux version 6\r\nsays \377\033[2J it\r\n$ready control=none\r\n"
guest echoes echo "$ready\r\n"

# json NAME FILTER COMMAND...: one document, of which the filter holds.
json()
{
	name=$1
	filter=$2
	shift 2
	"$@" >out.json 2>err.txt
	if jq -e -s "length == 1 and (.[0] | $filter)" out.json >/dev/null 2>&1; then
		ok "$name"
	else
		not_ok "$name"
		cat out.json err.txt | diag
	fi
}

# failure NAME CODE TEXT COMMAND...: of msmv vm, with --json.
failure()
{
	name=$1
	status=$2
	text=$3
	shift 3
	json "$name" ".v == 1 and .exit == $status and (.error | test(\"$text\"))" \
		msmv vm "$@" --json
	check "$name: standard error has it, too" grep -q -e "$text" err.txt
}

# ---- What there is ------------------------------------------------------------------

json "start" '.state == "ready" and .name == "web"' start server --name web --wait --json
json "start of one that is there" '.exit == 1 and (.error | test("runs already"))' \
	msmv vm start web --json
json "status" '.name == "web" and .state == "ready"' msmv vm status web --json
json "list" '.vms[0].name == "web"' msmv vm list --json
json "pause" '.state == "paused"' msmv vm pause web --json
json "resume" '.state == "ready"' msmv vm resume web --json
json "reset" '.name == "web"' msmv vm reset web --json
json "wait" '.state == "ready"' msmv vm wait web --for ready --timeout 60 --json
json "where the log is" '.v == 1 and (.file | endswith("web/console.log"))' \
	msmv vm logs web --path --json

# ---- Lines ------------------------------------------------------------------------------

msmv vm logs web --json >lines.json
check "logs: an object a line" jq -e -s 'all(type == "object" and has("line"))' lines.json
expect "one for each line" "$(wc -l <"$MSMV_VM_DIR/web/console.log")" "$(wc -l <lines.json)"
check "without its end" jq -e -s '.[0].line == "[    0.125000] Linux version 6"' lines.json
check "with the kernel's time where it says it" jq -e -s '.[0].kernel_s == 0.125 and (.[1] | has("kernel_s") | not)' lines.json
check "bytes that are no text are told of as such" jq -e -s '.[1].line == "says \ufffd\u001b[2J it"' lines.json
fails "the old ones have no time of their own" jq -e -s 'any(has("time"))' lines.json
start echoes --wait >/dev/null
"$MSMV" vm logs echoes -f --json >follow.json &
until_true grep -q ready follow.json
printf 'a "line"\n' | msmv vm console echoes --timeout 60 --json >console.json &
check "a console's lines are objects, too" until_true grep -q 'a \\"line\\"' console.json
check "all of them" jq -e -s 'length > 1 and all(has("line"))' console.json
check "logs -f says when a line came" until_true jq -e -s 'any(.line == "a \"line\"" and (.time | test("^20..-..-..T")))' follow.json
printf 'cut off' | msmv vm console echoes --timeout 2 --json >console.json
check "the last line, which has no end, is told of, too" jq -e -s '.[-1].line == "cut off"' console.json
cat >terminal.py <<'END_OF'
import pty, subprocess, sys
master, slave = pty.openpty()
p = subprocess.run([sys.argv[1], "vm", "console", "echoes", "--json"], stdin=slave, capture_output=True)
sys.stdout.buffer.write(p.stdout + p.stderr)
sys.exit(p.returncode)
END_OF
exit_code "a terminal is a person's" 2 python3 terminal.py "$MSMV"
said "and told so" "console --json is for programs"
exit_code "nor does a document go with a console" 2 msmv vm start server --json --console --name x
exit_code "or the foreground" 2 msmv vm start server --json --foreground --name x
msmv vm events web --json >events.json
check "events" jq -e -s 'length > 3 and all(.vm == "web")' events.json
json "kill" '.state == "stopped" and .forced' msmv vm kill echoes --json
check "the readers have ended" wait
json "kill of one that is off" '.state == "stopped"' msmv vm kill echoes --json
json "rm" '.name == "echoes" and .state == "deleted"' msmv vm rm echoes --json

# ---- Failures -----------------------------------------------------------------------------

for verb in status stop pause resume reset kill wait rm; do
	failure "$verb of none" 3 "no VM none" "$verb" none
done
failure "start of nothing" 1 "there is no VM of that name" start none
failure "snapshot of none" 3 "no VM none" snapshot list none
failure "screendump of none" 3 "no VM none" screendump none x.ppm
failure "screendump without a screen" 4 "web has no screen" screendump web x.ppm
failure "snapshot without a disk" 4 "no disk to keep a snapshot in" snapshot save web one
failure "a command that is none" 2 "has no command .stats.: did you mean status" stats
failure "an option that is none" 2 "has no option --bogus" status web --bogus
failure "a word too many" 2 "one word too many" pause web web
failure "a time that is none" 2 "wants seconds" wait web --timeout soon
failure "a time-out" 5 "web is not at its end" wait web --timeout 0.1
failure "a socket that is not there" 3 "no.sock" ./no.sock status
failure "by a command, too" 3 "no.sock" status ./no.sock
json "a socket's status" '.v == 1 and .status == "running"' msmv vm "$MSMV_VM_DIR/web/qmp.sock" status --json
json "and pause" '.v == 1 and .status == "paused"' msmv vm "$MSMV_VM_DIR/web/qmp.sock" pause --json
msmv vm resume web >/dev/null
failure "a verb of a socket" 2 "not .pauze." ./no.sock pauze
json "a QEMU that does not start" '.exit == 6 and (.error | test("bogus: invalid option"))' \
	msmv vm start server --name bad --accel tcg --json -- -bogus
check "each is one line of standard output where these are lines" sh -c '
	test "$("$1" vm logs none --json | wc -l)" = 1 && test "$("$1" vm console none --json </dev/null | wc -l)" = 1' _ "$MSMV"
failure "logs of none" 3 "no VM none" logs none
failure "console of none" 3 "no VM none" console none
json "events without a place" ".exit == 1" env -u MSMV_VM_DIR -u HOME -u XDG_STATE_HOME "$MSMV" vm events --json
json "stop" '.state == "stopped"' msmv vm stop web --timeout 0 --json
guest panic stop 'Kernel panic - not syncing: x\r\n'
json "a start whose guest panics" '.exit == 6 and (.error | test("Kernel panic"))' \
	start panic --wait --json
json "a wait for it has its state instead" '.state == "crashed" and .why != null' \
	msmv vm wait panic --json
exit_code "and the exit status" 6 msmv vm wait panic --json
msmv vm rm -f panic >/dev/null

# ---- Bytes that are no text -------------------------------------------------------------------

odd=$(printf 'odd\377')
cp server "$odd"
refuse "a file's name" "is no UTF-8" start "./$odd" --name odd
refuse "an argument of QEMU's" "is no UTF-8" start server --name odd -- -name "$odd"
mkdir "$odd.d"
refuse "where VMs are" "is no UTF-8" env MSMV_VM_DIR="$PWD/$odd.d" "$MSMV" vm start server --accel tcg
refuse "where the person is" "is no UTF-8" sh -c 'cd "$2" && "$1" vm start ../server --name odd --accel tcg' _ "$MSMV" "$odd.d"
exit_code "none of them made a VM" 3 msmv vm status odd
msmv vm start web --wait >/dev/null
failure "a picture's name" 1 "is no UTF-8" screendump web "$odd.ppm"
failure "a snapshot's" 1 "is no UTF-8" snapshot save web "$odd"
failure "a VM's" 3 "no VM odd" status "$odd"
msmv vm rm -f web >/dev/null
check "no QEMU" leaves_no_qemu
finish
