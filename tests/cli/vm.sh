#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm with guests of a few instructions, and with monitors that are none: the life of a
# VM, how it is told of after each way of dying, and what is left of it.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "hello\r\n$ready control=none\r\n"
guest deaf stop "$ready\r\n"
guest echoes echo "$ready\r\n"
guest once reset "$ready\r\nmsmv: exit v=1 app=hello code=3 signal=0 then=poweroff\r\nmsmv: halt v=1 action=reboot reason=exit code=3\r\n"
guest well reset "$ready\r\nmsmv: exit v=1 app=hello code=0 signal=0 then=poweroff\r\nmsmv: halt v=1 action=reboot reason=exit code=0\r\n"
guest panic stop 'last words\r\nKernel panic - not syncing: VFS: no root\r\n'
guest fail stop 'msmv: fail v=1 step=exec app=hello errno=2 text=/bin/hello: gone\r\n'
guest mute stop ''

# ---- A life ------------------------------------

exit_code "no VM at all" 3 msmv vm status web
refuse "is said so" "no VM web, and no other: msmv vm start makes one" msmv vm status web
check "an empty list" msmv vm list
check "a VM starts" start server --name web --wait
expect "it is the smallest machine" "microvm 134217728 1 tcg" \
	"$(field web '"\(.machine) \(.memory) \(.cpus) \(.accel)"')"
expect "with a network" "virtio-net-device" \
	"$(field web '.argv[] | select(startswith("virtio-net"))' | sed 's/,.*//')"
expect "and is ready" ready "$(field web .state)"
check "a second runs beside it" start server --name web2 --wait
expect "each has its own process" 2 "$(msmv vm list --json | jq '[.vms[].qemu] | unique | length')"
expect "the list has both" "web web2" "$(msmv vm list | awk '{ print $1 }' | xargs)"
refuse "one that runs is not started again" "web runs already" msmv vm start web
refuse "nor is another made of its name" "web runs already" msmv vm start deaf --name web
refuse "nor is it deleted" "web runs: msmv vm stop web first" msmv vm rm web
exit_code "a name that is near" 3 msmv vm pause wep
said "is suggested" "no VM wep: did you mean web?"
check "pause" msmv vm pause web
expect "it is paused" paused "$(field web .state)"
expect "QEMU says so too" paused "$(msmv vm "$MSMV_VM_DIR/web/qmp.sock" status)"
check "resume" msmv vm resume web
expect "it runs" ready "$(field web .state)"
check "reset" msmv vm reset web
check "it is ready again" msmv vm wait web --for ready --timeout 60
expect "and has not ended by that" "$(field web .qemu)" "$(field web .qemu)"
check "a paused one is stopped too" msmv vm pause web
check "stop" msmv vm stop web
said "says that it had to force it" "forced, as its guest cannot be asked"
expect "it is stopped" stopped "$(field web .state)"
check "stop once more changes nothing" msmv vm stop web
refuse "pause of one that is off" "web does not run (stopped: it was forced): msmv vm start web" \
	msmv vm pause web
expect "the other goes on" ready "$(field web2 .state)"
check "it is started again by its name" msmv vm start web --wait
msmv vm start server --name auto >auto.txt 2>&1
why=$(msmv vm status auto --json | jq -r '.accel_why // empty')
expect "one without KVM says why" "$(msmv vm status auto --json | jq -r .accel)${why:+; no KVM: $why}" \
	"$(sed -n 's/.*(microvm, \([a-z]*\), .* MB)/\1/p' auto.txt)"
msmv vm rm auto --force >/dev/null
refuse "not with other arguments" "web is there already, and --memory would change it" \
	msmv vm start web --memory 64M
check "kill" msmv vm kill web
check "rm" msmv vm rm web
fails "its folder is gone" test -e "$MSMV_VM_DIR/web"
expect "all of that is in its events" \
	"created started ready paused resumed reset ready paused stopping forced shutdown stopped started ready forced shutdown stopped deleted" \
	"$(events web)"
expect "which are its own" web "$(msmv vm events web | jq -r .vm | sort -u)"
check "rm --force of one that runs" msmv vm rm --force web2
check "no QEMU is left" leaves_no_qemu
fails "nor a supervisor" processes msmv-supervisor "${T##*/}/"
expect "nor a file" .events "$(ls -A "$MSMV_VM_DIR")"

# ---- A recipe, and an output folder -------------------------------------------------

cat >made.toml <<END
[stage.guest]
plugin = "fetch-http"
url = "file://$PWD/server"
END
check "a recipe is built and started" start made.toml --name made --wait
expect "what came of it is in its folder" "recipe $MSMV_VM_DIR/made/out/server" \
	"$(field made '"\(.from.kind) \(.argv | .[index("-kernel") + 1])"')"
check "rm" msmv vm rm -f made
sed -i 's/server"/none"/' made.toml
refuse "a recipe that fails" "none" start made.toml
exit_code "makes no VM" 3 msmv vm status made
mkdir -p proven/out
cp server proven/out/vmlinux
cat >proven/out/boot.json <<END
{ "v": 1, "form": "kernel", "machine": "q35", "cpus": 2, "memory": 100663296,
  "command": "qemu-system-x86_64 -kernel vmlinux -append 'a=b c='\\\\''d' -m 96M" }
END
check "an output folder, with its name" start proven/out --wait
expect "is started as it was proven" "q35 2 100663296" "$(field proven '"\(.machine) \(.cpus) \(.memory)"')"
expect "with its command line" "a=b c='d console=ttyS0 no_timer_check" \
	"$(field proven '.argv | .[index("-append") + 1]')"
check "rm" msmv vm rm -f proven
echo | cpio -o -H newc 2>/dev/null | gzip >proven/out/named.cpio.gz
cp proven/out/named.cpio.gz proven/out/another.cpio.gz
check "an initramfs with a name of its own" start proven/out --wait
expect "is found" another.cpio.gz "$(basename "$(field proven '.argv | .[index("-initrd") + 1]')")"
msmv vm rm -f proven >/dev/null
sed -i 's/-m 96M/-initrd named.cpio.gz&/; s/gz-m/gz -m/' proven/out/boot.json
check "of several" start proven/out --wait
expect "the one that was proven" named.cpio.gz \
	"$(basename "$(field proven '.argv | .[index("-initrd") + 1]')")"
msmv vm rm -f proven >/dev/null
check "unless somebody says otherwise" start proven/out --machine microvm -m 1G --cpus 1 --append x
expect "then it is that" "microvm 1 1073741824 x console=ttyS0 reboot=t" "$(field proven \
	'"\(.machine) \(.cpus) \(.memory) \(.argv | .[index("-append") + 1])"')"
check "rm" msmv vm rm -f proven

# Ctrl-C ends the wait, and the VM goes on.
start mute --name waits >/dev/null
timeout -s INT 0.5 "$MSMV" vm wait waits
expect "Ctrl-C ends a wait" 124 $?
expect "the VM goes on" running "$(field waits .state)"
check "in the foreground it ends with the command" sh -c '
	"$1" vm start server --name front --accel tcg --foreground </dev/null >front.txt 2>&1 &
	pid=$!
	for i in $(seq 300); do grep -q hello front.txt && break; sleep 0.1; done
	kill -TERM $pid
	for i in $(seq 300); do "$1" vm status front | grep -q stopped && exit 0; sleep 0.1; done
	exit 1' _ "$MSMV"
check "rm" msmv vm rm -f waits
check "rm" msmv vm rm -f front

# ---- Ends ---------------------------------------------------

start deaf >/dev/null
exit_code "a guest that hears of nothing" 0 msmv vm stop deaf --timeout 0.3
said "is forced, and that is told" "deaf stopped: forced after 0.[3-9] s"
start server --name early >/dev/null
check "a stop that comes before the guest is ready" msmv vm stop early --timeout 100
said "learns how it can be asked, and goes by that" "forced, as its guest cannot be asked"
start well >/dev/null
check "wait returns when the guest ends" msmv vm wait well
said "and says how" "well is stopped: application hello ended with 0 (guest's code 0)"
start once >/dev/null
exit_code "an application's status is a failure" 6 msmv vm wait once
said "and is in the words" "application hello ended with status 3 (guest's code 3)"
expect "and in the object" "stopped 3 hello poweroff" \
	"$(msmv vm wait once --json | jq -r '"\(.state) \(.code) \(.app) poweroff"')"
expect "QEMU's reason is among the events" guest-reset \
	"$(msmv vm events once | jq -r 'select(.event == "shutdown") | .reason')"
exit_code "a panic ends the wait for ready" 6 start panic --wait
said "with the words and the console" "panic is crashed: Kernel panic - not syncing: VFS"
said "its tail" "^last words"
check "stop does not ask a guest that panicked" msmv vm stop panic --timeout 60
exit_code "a failed step of its init" 6 start fail --wait
said "is told" "init fails at step exec: /bin/hello: gone"
exit_code "time-out of ready" 5 start mute --wait --timeout 0.5
check "it goes on" is mute running
guest stuck stop 'waiting for nothing\r\n'
exit_code "another" 5 start stuck --wait --timeout 0.5
said "with its console's tail" "^waiting for nothing"
exit_code "time-out of wait" 5 msmv vm wait mute --timeout 0.2
kill -STOP "$(field mute .qemu)"
check "kill works on a QEMU that hangs" msmv vm kill mute
expect "it is off" stopped "$(field mute .state)"
exit_code "QEMU that does not take its arguments" 6 start server --name bad -- -bogus
said "is quoted" "bad does not start: .*ended with status 1: .*-bogus: invalid option"
exit_code "and leaves no VM" 3 msmv vm status bad
exit_code "a QEMU that is not there" 6 start server --name bad --qemu no-such-qemu
said "is told" "start no-such-qemu: No such file"
printf '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 0.1; done\n' >hung
chmod +x hung
exit_code "a QEMU that hangs before it has a machine" 6 \
	start server --name bad --qemu "$PWD/hung" --timeout 0.5
said "is ended" "bad does not start: hung was ended by signal 9 .*: it has not started a machine in"
exit_code "a time-out that is none" 2 start server --name bad --timeout soon
start server --name killed >/dev/null
kill -KILL "$(field killed .qemu)"
check "a QEMU that is killed" until_true is killed dead
expect "is told of" "qemu-system-x86_64 was ended by signal 9 (Killed)" "$(field killed .why)"
exit_code "wait on it" 6 msmv vm wait killed
check "it can be started again" msmv vm start killed --wait
qemu=$(field killed .qemu)
kill -KILL "$(field killed .supervisor)"
check "a supervisor that is killed takes QEMU with it" until_true gone "$qemu"
check "the VM is dead" until_true is killed dead
expect "and why" "its end was not recorded: its supervisor was killed, or the disk is full" \
	"$(field killed .why)"
check "what its console said is kept" sh -c '"$1" vm logs killed | grep -q hello' _ "$MSMV"
check "it can be started over what is left of it" msmv vm start killed
kill -TERM "$(field killed .supervisor)"
check "a supervisor that is asked to end stops the VM" until_true is killed stopped

# ---- State on disk -----------------------------------------------------------

sleep 300 &
other=$!
jq ".state = \"ready\" | .qemu = $other | .supervisor = $other" "$MSMV_VM_DIR/killed/state.json" >s.json
cp s.json "$MSMV_VM_DIR/killed/state.json"
expect "a process of its number is not the VM" dead "$(field killed .state)"
check "nor is it stopped" msmv vm stop killed
check "killed" msmv vm kill killed
check "or deleted" kill -0 "$other"
jq '.boot_id = "another"' s.json >"$MSMV_VM_DIR/killed/state.json"
expect "a host that was started anew" "this host was started anew while it ran" "$(field killed .why)"
echo 'no json' >"$MSMV_VM_DIR/killed/state.json"
check "a state that is damaged" msmv vm status killed
check "is no obstacle" msmv vm start killed --wait
kill "$other"
check "rm" msmv vm rm -f killed

# ---- The console ----------------------------------------------------------

check "a guest that echoes" start echoes --wait
mkfifo silence
"$MSMV" vm console echoes <silence >first.txt 2>&1 &
exec 9>silence
until_true grep -q ready first.txt
printf 'one\ntwo\n' | msmv vm console echoes --timeout 60 >second.txt 2>&1 &
check "what is typed is echoed" until_true grep -q two second.txt
check "to another reader too" until_true grep -q two first.txt
check "who came late has what came before" grep -q 'msmv: ready' second.txt
check "and the log has it" grep -q two "$MSMV_VM_DIR/echoes/console.log"
cat >type.py <<'END'
import os, pty, sys, termios, time, select, subprocess
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
p = subprocess.Popen([sys.argv[1], "vm", "console", "echoes"], stdin=slave, stdout=slave, stderr=slave)
text = b""
def wait(word):
    global text
    end = time.time() + 60
    while word not in text and time.time() < end:
        if select.select([master], [], [], 0.2)[0]:
            text += os.read(master, 65536)
    assert word in text, (word, text)
    text = text.split(word, 1)[1]
wait(b"ready")
os.write(master, b"\x01?")
wait(b"Ctrl-A t leaves")
os.write(master, b"<\x03\x01a>")
wait(b"<\x03\x01>")
os.write(master, b"\x01t")
wait(b"left echoes")
assert p.wait(60) == 0
assert termios.tcgetattr(slave) == before
END
check "a terminal: keys, Ctrl-C for the guest, Ctrl-A t, and as it was" python3 type.py "$MSMV"
(timeout -s INT 1 "$MSMV" vm logs -f echoes >follow.txt 2>&1)
check "logs -f shows what there is" grep -q two follow.txt
check "the VM goes on" is echoes ready
"$MSMV" vm logs -f echoes >follow.txt 2>&1 &
follow=$!
check "rm --force" msmv vm rm --force echoes
check "the readers have ended" until_true gone "$follow"
exec 9>&-
refuse "a console of nobody" "no VM echoes" msmv vm console echoes

# What is printed while the supervisor does not get to run is not lost.
guest talks again "$(printf 'y%.0s' $(seq 400))\\n"
start talks >/dev/null
until_true grep -q yyy "$MSMV_VM_DIR/talks/console.log"
supervisor=$(field talks .supervisor)
kill -STOP "$supervisor"
before=$(stat -c %s "$MSMV_VM_DIR/talks/console.log")
sleep 1
kill -CONT "$supervisor"
check "much was printed meanwhile" until_true sh -c \
	'[ "$(stat -c %s "$1")" -gt "$2" ]' _ "$MSMV_VM_DIR/talks/console.log" $((before + 2000))
check "stop" msmv vm stop talks --timeout 0
expect "and no line is incomplete" 400 \
	"$(sed '$d' "$MSMV_VM_DIR/talks/console.log" | awk '{ print length($0) }' | sort -u | xargs)"
check "rm" msmv vm rm talks

# ---- Its socket speaks QMP, to several at a time -----------------------------------

start server --name many --wait >/dev/null
cat >clients.py <<'END'
import json, socket, sys, os
os.chdir(sys.argv[1])
class Client:
    def __init__(self):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(60)
        self.s.connect("qmp.sock")
        self.f = self.s.makefile()
        assert "QMP" in json.loads(self.f.readline())
    def ask(self, command, id, **arguments):
        self.s.sendall(json.dumps({"execute": command, "id": id, "arguments": arguments}).encode() + b"\n")
    def answer(self, id):
        while True:
            o = json.loads(self.f.readline())
            if o.get("id") == id:
                return o
    def event(self, name):
        while json.loads(self.f.readline()).get("event") != name:
            pass
a, b, c = Client(), Client(), Client()
a.ask("query-status", 1)
assert a.answer(1)["error"]["class"] == "CommandNotFound"      # not before qmp_capabilities
for x in a, b, c:
    x.ask("qmp_capabilities", "x")
    assert x.answer("x") == {"return": {}, "id": "x"}
for x in a, b:                                                  # the same ids
    x.ask("query-status", 7)
    x.ask("query-name", {"a": 1})
assert b.answer(7)["return"]["status"] == "running"
assert b.answer({"a": 1})["return"] == {}
assert a.answer(7)["return"]["status"] == "running"
a.ask("no-such-command", 8)
assert a.answer(8)["error"]["class"] == "CommandNotFound"
a.s.sendall(b"this is no JSON\n[1]\n{}\n")
for i in range(3):
    assert "error" in a.answer(None)
a.ask("stop", 9)
b.event("STOP")                                                 # all hear of it
a.ask("msmv-status", 10)
assert a.answer(10)["return"]["state"] == "paused"
a.ask("cont", 11)
b.event("RESUME")
for i in range(2000):                                           # asks and does not read
    try:
        c.s.setblocking(False)
        c.ask("query-qmp-schema", i)
    except (BlockingIOError, BrokenPipeError, ConnectionResetError):
        break
try:
    d = Client()
    d.s.sendall(b"x" * (2 << 20))                               # a line without an end
except (BrokenPipeError, ConnectionResetError):
    pass
b.ask("query-status", 12)
assert b.answer(12)["return"]["status"] == "running"
END
check "clients with the same ids, garbage, floods" python3 clients.py "$MSMV_VM_DIR/many"
check "it still runs" is many ready
"$MSMV" vm events many -f >follow.txt &
follow=$!
check "events -f shows what was" until_true grep -q '"ready"' follow.txt
check "rm" msmv vm rm -f many
check "and what comes" until_true grep -q '"deleted"' follow.txt
kill "$follow"

# ---- Devices --------------------------------------------------------------

qemu-img create -q -f qcow2 d.qcow2 4M
qemu-img create -q -f raw raw.img 4M
mkdir -p seed share
echo 'instance-id: x' >seed/meta-data
argv()
{
	field dev '.argv | join(" ")'
}
refuse "a port that is none" "wants \[ADDRESS:\]HOST:GUEST" start server --name dev2 -p 0:1
refuse "a port without a network" "needs a network" start server --name dev2 -p 8080:80 --nic none
refuse "a disk that is not there" "no.img: No such file" start server --name dev2 --disk no.img
refuse "a disk's word" "has no 'fast'" start server --name dev2 --disk d.qcow2,fast
refuse "a card's address" "wants user, tap=INTERFACE, vhost-user=SOCKET or none" start server --name dev2 --nic mac=1
refuse "memory" "wants 256M or 1G" start server --name dev2 -m lots
refuse "a machine of others" "virt is no machine for x86_64: microvm, q35, pc are" \
	start server --name dev2 --machine virt
exit_code "none of these made a VM" 3 msmv vm status dev2
# A free port of this machine.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
check "disks, ports, cards, folders: all at once" start server --name dev --machine q35 -m 96M \
	--cpus 2 --disk d.qcow2 -p "$port:80" -p "127.0.0.1:$port:53/udp" \
	--nic user,mac=52:54:00:12:34:56 --share share=data,readonly --cloud-init seed --screen \
	--hugepages --reboot --wait
check "the disk is written to" sh -c 'echo "$1" | grep -q "format=qcow2,file=$2"' _ "$(argv)" "$PWD/d.qcow2"
check "the card has its address" sh -c 'echo "$1" | grep -q "mac=52:54:00:12:34:56"' _ "$(argv)"
check "the ports are open" python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 5)"
check "the folder is shared" sh -c 'echo "$1" | grep -q "readonly=on,path=$2 .*mount_tag=data"' _ "$(argv)" "$PWD/share"
check "the seed is a disk" sh -c 'echo "$1" | grep -q "label=CIDATA"' _ "$(argv)"
expect "two processors" 2 "$(field dev .cpus)"
refuse "a port that is another VM's" "TCP port $port of this machine leads to another VM" \
	start server --name dev2 -p "$port:80"
refuse "of UDP, too" "UDP port $port of this machine leads to another VM" \
	start server --name dev2 -p "$port:80/udp"
exit_code "neither made one" 3 msmv vm status dev2
check "at another address of this machine it is free" start server --name dev2 -p "127.0.0.9:$port:80"
check "rm" msmv vm rm -f dev2
check "the screen as PNG" msmv vm screendump dev s.png
expect "is one" PNG "$(head -c 4 s.png | tail -c 3)"
check "and as PPM" msmv vm screendump dev s.ppm
expect "is one" P6 "$(head -c 2 s.ppm)"
check "a snapshot" msmv vm snapshot save dev one
check "another" msmv vm snapshot save dev two
check "back to the first" msmv vm snapshot load dev one
refuse "one that is not there" "QEMU cannot: .*three" msmv vm snapshot load dev three
check "it still runs" is dev ready
check "one is deleted" msmv vm snapshot rm dev two
expect "the other is listed" one "$(msmv vm snapshot list dev --json | jq -r '.snapshots[].name')"
refuse "a snapshot's command" "did you mean save" msmv vm snapshot sav dev one
check "rm" msmv vm rm -f dev
check "keeps what was not its own" test -e d.qcow2
# What would be run: a program in QEMU's place writes its words down.
cat >spy <<'END'
#!/bin/sh
printf '%s\n' "$@" >words
exit 1
END
chmod +x spy
spied()
{
	rm -f words
	msmv vm start --name spied --accel tcg --qemu "$PWD/spy" "$@" >/dev/null 2>&1
	grep -c . words
}
head -c 56 /dev/zero >Image
printf 'ARM\144' >>Image
check "a kernel for arm64" spied Image --nic tap=tap7,mac=52:54:00:00:00:07 --disk raw.img,readonly,serial=abc
check "on its machine" grep -qx 'virt.*' words
check "with its console" grep -qx 'console=ttyAMA0' words
check "a tap interface" grep -q 'tap,id=net0,ifname=tap7,' words
check "of that address" grep -q 'virtio-net-.*mac=52:54:00:00:00:07' words
check "a disk that is not written to" grep -q 'format=raw,readonly=on,file=.*raw.img' words
check "with its name" grep -q 'serial=abc' words
head -c 56 /dev/zero >Image
printf 'RSC\005' >>Image
check "a kernel for riscv64" spied Image -- -device edu
check "QEMU's own words are the last" test "$(tail -n 2 words | xargs)" = "-device edu"
check "the same card has the same address" spied server --nic user
one=$(grep -o 'mac=.*' words)
spied server --nic user >/dev/null
expect "each time" "$one" "$(grep -o 'mac=.*' words)"
refuse "a word that is no option of QEMU's" "one word too many" start server twice
start server --name plain >/dev/null
refuse "no screen" "plain has no screen: start it with --screen" msmv vm screendump plain s.ppm
refuse "no disk for a snapshot" "no disk to keep a snapshot in" msmv vm snapshot save plain one
msmv vm rm -f plain >/dev/null
refuse "a raw disk holds no snapshot" "only qcow2 disks can" sh -c '
	"$1" vm start server --name raw --accel tcg --machine q35 --disk raw.img &&
	"$1" vm snapshot save raw one' _ "$MSMV"

# A disk that is started is copied, and the copy is kept until somebody wants it fresh.
check "a disk and a kernel beside it" start d.qcow2 --name own --kernel server --wait
check "stop" msmv vm stop own
echo changed >"$MSMV_VM_DIR/own/disk.qcow2"
refuse "what it holds is its own" "not.*qcow2\|Image is not" msmv vm start own
check "until it is to be fresh" msmv vm start own --fresh --wait
check "then it is as at first" msmv vm stop own
check "cmp" cmp d.qcow2 "$MSMV_VM_DIR/own/disk.qcow2"
check "discard: no copy" start d.qcow2 --name none --kernel server --discard
fails "there is none" test -e "$MSMV_VM_DIR/none/disk.qcow2"
refuse "a file that is nothing" "type.py is nothing that boots" start ./type.py
gzip -c type.py >i.gz
refuse "an initramfs alone" "goes with a kernel, as --initrd" start ./i.gz
refuse "an empty folder" "nothing in .*share boots" start share

# ---- Long names, and a root of one's own ------------------------------------------------

long=$T/$(printf 'a%.0s' $(seq 100))/$(printf 'b%.0s' $(seq 100))
longest=$(printf 'n%.0s' $(seq 64))
MSMV_VM_DIR=$long start server --name "$longest" --wait >long.txt 2>&1
check "a root of more than 200 characters" grep -q "is ready" long.txt
expect "its console" 1 "$(MSMV_VM_DIR=$long msmv vm console "$longest" --timeout 0.5 </dev/null | grep -c hello)"
expect "its socket by its path" running "$(msmv vm "$long/$longest/qmp.sock" status)"
MSMV_VM_DIR=$long
check "stop" msmv vm stop "$longest"
check "rm" msmv vm rm "$longest"
MSMV_VM_DIR=$T/vm
refuse "a name of 65" "is no name for a VM" start server --name "n$longest"
refuse "a name that leads elsewhere" "is no name for a VM" start server --name ..

# ---- What is left ------------------------------------------------------------------------------

for left in $(msmv vm list --json | jq -r '.vms[].name'); do
	msmv vm rm -f "$left" >/dev/null
done
expect "no VM" "no VMs: msmv vm start makes one" "$(msmv vm list)"
check "no QEMU" leaves_no_qemu
fails "no supervisor" processes msmv-supervisor "${T##*/}/"
expect "no file" .events "$(ls -A "$MSMV_VM_DIR")"
finish
