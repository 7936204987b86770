#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm where something is wrong, or in somebody's way: folders that are no VM's, two that
# start the same one, a console that lies, clients that do not read, a QEMU behind a script.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "$ready control=none\r\n"
guest deaf stop "$ready\r\n"

# ---- Folders that are no VM's ------------------------------------------------------

mkdir -p proj/out proj/src
echo thesis >proj/src/a
refuse "a folder of a person's is no VM" "it is no VM's" env MSMV_VM_DIR=. "$MSMV" vm start proj/out
check "and is left alone" test -s proj/src/a -a -d proj/out
mkdir bare
refuse "an empty one neither" "it is no VM's" env MSMV_VM_DIR=. "$MSMV" vm start server --name bare
mkdir -p "$MSMV_VM_DIR/half/out"
echo mine >"$MSMV_VM_DIR/half/lock"
refuse "a file named lock makes none" "it is no VM's" start server --name half
exit_code "nor does vm rm see one" 3 msmv vm rm half
printf 'msmv vm lock\n' >"$MSMV_VM_DIR/half/lock"
expect "what a start left is listed" "half created" "$(msmv vm list | awk '{ print $1, $2 }')"
expect "and told of" "it was not made to its end" "$(field half .why)"
check "it can be deleted" msmv vm rm half --json
fails "then it is gone" test -e "$MSMV_VM_DIR/half"
mkdir -p "$MSMV_VM_DIR/half/out"
printf 'msmv vm lock\n' >"$MSMV_VM_DIR/half/lock"
check "or made anew" start server --name half --wait
expect "from nothing" 0 "$(find "$MSMV_VM_DIR/half" -name out | wc -l)"
check "rm" msmv vm rm -f half
start server --name theirs >/dev/null
msmv vm kill theirs >/dev/null
chmod g+w "$MSMV_VM_DIR/theirs"
refuse "a folder that others can write to is not started from" "can be written to by others" \
	msmv vm start theirs
msmv vm rm theirs >/dev/null 2>&1 || rm -r "$MSMV_VM_DIR/theirs"
touch file
exit_code "a root that is a file" 1 env MSMV_VM_DIR="$PWD/file" "$MSMV" vm list
mkdir "$(printf 'r\377t')"
check "a root of any bytes" sh -c 'MSMV_VM_DIR="$(printf "r\377t")" "$1" vm list --json | jq -e .root' _ "$MSMV"

# ---- One VM, several starts ---------------------------------------------------------

# The first is held up between its lock and its supervisor, where the second comes.
start server --name twice >/dev/null
msmv vm stop twice >/dev/null
for i in 1 2 3 4 5 6; do
	msmv vm start twice --timeout 60 >"start.$i" 2>&1 &
done
wait
expect "of six that start at a time one does" 1 "$(cat start.? | grep -c 'twice started\|twice is ready')"
expect "the others are told" 5 "$(cat start.? | grep -c 'runs already')"
check "and nothing of it is deleted" is twice ready
msmv vm rm -f twice >/dev/null
for i in 1 2 3 4; do
	start server --name born --timeout 60 >"start.$i" 2>&1 &
done
wait
expect "of four that make one at a time one does" 1 "$(cat start.[1-4] | grep -c 'born started\|born is ready')"
check "it lives" is born ready
msmv vm rm -f born >/dev/null
check "no descriptor of the caller's goes on" sh -c '
	exec 7<server 8>out8
	"$1" vm start server --name fds --accel tcg >/dev/null &&
	pids=$("$1" vm status fds --json | jq -r ".supervisor, .qemu") &&
	! for p in $pids; do ls -l "/proc/$p/fd"; done | grep -e "out8" -e "-> .*/server$" | grep " [78] ->"' _ "$MSMV"
msmv vm rm -f fds >/dev/null
refuse "a QEMU that would leave" "without -daemonize" start server --name gone -- -daemonize

# Two that want one port of this machine, and one that a stranger has.
cat >ports.py <<'END_OF'
import json, socket, subprocess, sys, threading
msmv = sys.argv[1]
def start(name, out):
    p = subprocess.run([msmv, "vm", "start", "server", "--name", name, "--accel", "tcg", "-p",
        "%d:80" % port, "--timeout", "60", "--json"], capture_output=True, text=True)
    out[name] = (p.returncode, json.loads(p.stdout))
for turn in range(4):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    out = {}
    threads = [threading.Thread(target=start, args=(n, out)) for n in ("p1", "p2", "p3")]
    for t in threads: t.start()
    for t in threads: t.join()
    good = [n for n in out if out[n][0] == 0]
    assert len(good) == 1, out
    for name in out:
        if name not in good:
            assert out[name][0] == 6 and "TCP port %d of this machine leads" % port in out[name][1]["error"], out
    state = json.loads(subprocess.check_output([msmv, "vm", "status", good[0], "--json"]))
    assert state["state"] in ("running", "ready"), state
    socket.create_connection(("127.0.0.1", port), 10).close()
    subprocess.check_call([msmv, "vm", "rm", "-f", good[0]], stdout=subprocess.DEVNULL)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    s.listen()
    port = s.getsockname()[1]
    start("p1", out)
    assert out["p1"][0] == 6 and "Could not set up host forwarding rule" in out["p1"][1]["error"], out
END_OF
check "of three that want one port at a time one gets it, and the others know why" python3 ports.py "$MSMV"
expect "no other is left" "no VMs: msmv vm start makes one" "$(msmv vm list)"

# A VM that was described where there is vsock, and is started where there is none.
if [ ! -e /dev/vhost-vsock ]; then
	start server --name far >/dev/null
	msmv vm stop far >/dev/null
	jq '.cid = 77 | .argv += ["-device", "vhost-vsock-device,guest-cid=77", "-name", "far"]' \
		"$MSMV_VM_DIR/far/vm.json" >far.json && cp far.json "$MSMV_VM_DIR/far/vm.json"
	check "vsock is an extra" msmv vm start far --wait
	msmv vm rm -f far >/dev/null
else
	ok "vsock is an extra # SKIP there is vsock here"
fi

mkfifo pipe
refuse "a pipe is nothing that boots" "nothing that boots" timeout 20 "$MSMV" vm start ./pipe
mkdir piped
mkfifo piped/initramfs
cp server piped/vmlinux
check "a pipe in a folder is passed over" timeout 60 "$MSMV" vm start piped --accel tcg
msmv vm rm -f piped >/dev/null

# ---- What a console says ---------------------------------------------------------------

guest talker stop "grep: no Kernel panic - not syncing\r\n$ready\r\n"
check "words in the midst of a line are no crash" start talker --wait --timeout 60
msmv vm rm -f talker >/dev/null
guest panics stop '[    1.234567][    T1] Kernel panic - not syncing: VFS: no root\r\n'
exit_code "a panic with its time stamp is one" 6 start panics --wait --timeout 60
exit_code "stop ends it" 0 msmv vm stop panics --timeout 60
said "and says how it did" "panics stopped: forced after [2-9]"
expect "it is over when stop returns" "stopped true" \
	"$(field panics '"\(.state) \(.forced)"')"
msmv vm rm panics >/dev/null

# ---- Disks and folders ------------------------------------------------------------------

echo secret >secret
qemu-img create -q -f qcow2 -b "$PWD/secret" -F raw evil.qcow2 1M
cp evil.qcow2 evil.raw
cp evil.qcow2 evil.img
refuse "a raw disk that became qcow2" "begins like a qcow2 disk" start server --name d --disk evil.raw
refuse "a disk that rests on another file" "rests on another file" start server --name d --disk evil.qcow2
refuse "also by its format" "rests on another file" \
	start server --name d --disk evil.raw,format=qcow2
refuse "also one that is started" "rests on another file" start ./evil.img --name d
check "unless that is wanted" start server --name d --disk evil.qcow2,backing
msmv vm rm -f d >/dev/null
check "raw is raw if somebody says so" start server --name d --disk evil.raw,format=raw
expect "and told to QEMU" 1 "$(field d '.argv | join(" ")' | grep -c 'format=raw,.*evil.raw')"
msmv vm rm -f d >/dev/null
mkdir share
refuse "a misspelt readonly" "has no 'readonyl'" start server --name d --share share=x,readonyl
refuse "memory beyond all measure" "wants 256M or 1G" start server --name d -m 18014398509481985G

# ---- As it was proven --------------------------------------------------------------------

mkdir -p proven/out
cp server proven/out/vmlinux
cat >proven/out/boot.json <<'END_OF'
{ "v": 1, "form": "kernel", "machine": "microvm", "acpi": false, "bus": "mmio", "cpus": 1,
  "memory": 100663296, "network": "none", "args": ["-rtc", "base=utc"], "accel": "tcg",
  "cpu": "Nehalem,-vme", "command": "qemu" }
END_OF
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >%s/words\nexit 1\n' "$PWD" >spy
chmod +x spy
msmv vm start proven/out --accel kvm --qemu "$PWD/spy" >/dev/null 2>&1
check "has the machine it was proven with" grep -q 'microvm.*acpi=off' words
fails "and no other network" grep -q virtio-net words
expect "and QEMU's arguments" "-rtc base=utc" "$(grep -A1 -e '^-rtc$' words | xargs)"
expect "but no CPU of another accelerator's" host "$(grep -A1 -e '^-cpu$' words | tail -n 1)"
msmv vm start proven/out --accel tcg --qemu "$PWD/spy" >/dev/null 2>&1
expect "the CPU too, under the same" Nehalem,-vme "$(grep -A1 -e '^-cpu$' words | tail -n 1)"
msmv vm start proven/out --accel tcg --cpu max --qemu "$PWD/spy" >/dev/null 2>&1
expect "unless somebody says another" max "$(grep -A1 -e '^-cpu$' words | tail -n 1)"
msmv vm start proven/out --accel kvm --qemu "$PWD/spy" -p 8080:80 >/dev/null 2>&1
check "a network if it is to have ports" grep -q virtio-net words
jq '.disks = [67108864] | .shares = ["import"]' proven/out/boot.json >b.json && cp b.json proven/out/boot.json
msmv vm start proven/out --accel tcg --qemu "$PWD/spy" >notes 2>&1
check "a disk that the proof had blank is missed" grep -q "note: proven/out was proven with 1 blank disk, and gets 0: --disk" notes
check "and a folder" grep -q "note: proven/out was proven with a folder import: --share DIR=import" notes
truncate -s 1M data.raw
msmv vm start proven/out --accel tcg --qemu "$PWD/spy" --disk data.raw --share share=import >notes 2>&1
fails "unless a person gives them" grep -q note: notes
jq '.memory = -1' proven/out/boot.json >b.json && cp b.json proven/out/boot.json
refuse "a memory that is none" "says a memory of -1 bytes" start proven/out
refuse "QEMU's own line is the reason" "bad does not start: .*qemu-system-x86_64: .*is out of range" \
	start server --name bad -m 4M -- -m 18014398509481985G

# ---- wait -----------------------------------------------------------------------------------

check "a VM that waits" start deaf --wait
check "ready is known without any time" msmv vm wait deaf --for ready --timeout 0
exit_code "and so is what has not happened" 5 msmv vm wait deaf --timeout 0
cat >crowd.py <<'END_OF'
import socket, sys, subprocess, json
crowd = []
for i in range(64):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[2])
    crowd.append(s)
    s.recv(1000)
p = subprocess.Popen([sys.argv[1], "vm", "wait", "deaf", "--for", "ready", "--timeout", "60"])
try:
    p.wait(1)
    sys.exit("the 65th was answered")
except subprocess.TimeoutExpired:
    pass
for s in crowd:
    s.close()
assert p.wait() == 0
END_OF
check "a 65th client waits until it is heard" python3 crowd.py "$MSMV" "$MSMV_VM_DIR/deaf/qmp.sock"

# ---- Clients and QEMUs that hang ---------------------------------------------------------------

cat >flood.py <<'END_OF'
import json, os, signal, socket, sys
path, qemu = sys.argv[1], int(sys.argv[2])
def client():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(path)
    f = s.makefile()
    f.readline()
    s.sendall(b'{"execute": "qmp_capabilities"}\n')
    f.readline()
    return s, f
os.kill(qemu, signal.SIGSTOP)
try:
    a, _ = client()
    for i in range(500):
        a.sendall(json.dumps({"execute": "query-status", "id": "x" * 1000}).encode() + b"\n")
    for i in range(2000):
        a.sendall(b'{"execute": "msmv-wait", "id": 1}\n')
    b, f = client()
    b.sendall(b'{"execute": "msmv-status", "id": 7}\n')
    answer = json.loads(f.readline())
    assert answer["id"] == 7 and answer["return"]["state"] == "ready", answer
finally:
    os.kill(qemu, signal.SIGCONT)
END_OF
check "a QEMU that takes no commands does not hold up its supervisor" \
	python3 flood.py "$MSMV_VM_DIR/deaf/qmp.sock" "$(field deaf .qemu)"
check "and it goes on" is deaf ready
supervisor=$(field deaf .supervisor)
qemu=$(field deaf .qemu)
kill -STOP "$supervisor"
check "kill works on a supervisor that hangs" msmv vm kill deaf
check "and nothing is left" until_true gone "$qemu"
msmv vm rm deaf >/dev/null

start deaf --paused >/dev/null
supervisor=$(field deaf .supervisor)
head -c 400000 /dev/zero | timeout 60 "$MSMV" vm console deaf --timeout 0.5 >/dev/null
check "typing to a guest that does not read ends in time" test $? -eq 0
ticks()
{
	awk '{ print $14 + $15 }' "/proc/$supervisor/stat"
}
before=$(ticks)
sleep 1
check "its supervisor does not spin" test $(($(ticks) - before)) -lt 30
msmv vm rm -f deaf >/dev/null

# QEMU behind a script that does not become it.
printf '#!/bin/sh\nqemu-system-x86_64 "$@"\n' >wrapped
printf '#!/bin/sh\nsleep 3000 &\nexec qemu-system-x86_64 "$@"\n' >sleeper
chmod +x wrapped sleeper
check "a QEMU behind a script" start server --name behind --qemu "$PWD/wrapped" --wait
check "is ended" msmv vm kill behind
check "with all that it started" until_true leaves_no_qemu
msmv vm rm behind >/dev/null
start server --name behind --qemu "$PWD/wrapped" --wait >/dev/null
kill -KILL "$(field behind .supervisor)"
kill -KILL "$(field behind .qemu)" 2>/dev/null
check "or is held as long as QEMU lives" msmv vm rm -f behind
check "and none is left" until_true leaves_no_qemu
check "a QEMU with a child that outlives it" start server --name child --qemu "$PWD/sleeper" --wait
check "ends" timeout 60 "$MSMV" vm stop child
msmv vm rm child >/dev/null

# ---- a full disk ----------------------------------------------------------------------------

full=$T/full
mkdir "$full"
if mount -t tmpfs -o size=64k msmv-test "$full" 2>/dev/null; then
	drop_full() { umount "$full"; }
	at_end drop_full
	dd if=/dev/zero of="$full/rest" bs=1k 2>/dev/null
	MSMV_VM_DIR=$full/vm
	refuse "a disk that is full" "No space left on device" start server --name none
	refuse "the second time too" "No space left on device" start server --name none
	expect "leaves nothing there" "" "$(ls "$full/vm")"
	rm "$full/rest"
	umount "$full"
	mount -t tmpfs -o size=1m msmv-test "$full"
	check "a VM on a small disk" start server --name late --wait
	check "which has room for its end" test -s "$full/vm/late/state.json.room"
	dd if=/dev/zero of="$full/rest" bs=1k 2>/dev/null
	for word in pause resume pause; do
		msmv vm $word late >/dev/null
	done
	expect "how it is, is kept on a full disk, too" paused "$(jq -r .state "$full/vm/late/state.json")"
	kill -KILL "$(field late .qemu)"
	check "and how it ended" until_true is late dead
	expect "with why" "qemu-system-x86_64 was ended by signal 9 (Killed)" "$(field late .why)"
	fails "then there is no room left behind" test -e "$full/vm/late/state.json.room"
	check "it can be deleted" msmv vm rm late
	MSMV_VM_DIR=$T/vm
else
	ok "a disk that is full # SKIP no file system can be mounted here"
fi

check "no QEMU" leaves_no_qemu
fails "no supervisor" processes msmv-supervisor "${T##*/}/"
finish
