#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv vm connect at a socket as Firecracker and Cloud Hypervisor have it: bytes that come
# right behind the OK, halves that end one by one, and servers that are none.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

# One connection: the request is written to asked, the answer is of this mode.
cat >hybrid.py <<'END_OF'
import socket, sys, time
mode = sys.argv[2]
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
c, _ = s.accept()
asked = b""
while not asked.endswith(b"\n"):
    asked += c.recv(100)
open("asked", "wb").write(asked)
if mode == "coalesced":
    c.sendall(b"OK 1073741824\nmsmv: ready v=1\nfirst")
    c.sendall(b" and last\n")
elif mode == "bytewise":
    for b in b"OK 1\nx":
        c.sendall(bytes([b]))
        time.sleep(0.01)
elif mode == "echo":
    c.sendall(b"OK 5\n")
    total = b""
    while True:
        got = c.recv(65536)
        if not got:
            break
        total += got
    c.sendall(total + b"|end")
elif mode == "flood":
    c.sendall(b"OK 5\n" + b"0123456789" * 500000)
elif mode == "other":
    c.sendall(b"HTTP/1.1 400 Bad Request\n")
elif mode == "long":
    c.sendall(b"x" * 1000)
elif mode == "mute":
    time.sleep(60)
c.close()
END_OF

# answers MODE: in the background.
answers()
{
	rm -f v.sock asked
	python3 hybrid.py v.sock "$1" &
	server=$!
	until_true test -S v.sock
}

answers coalesced
expect "what comes right behind the OK is not lost" "msmv: ready v=1 first and last" \
	"$(timeout 60 "$MSMV" vm connect ./v.sock 1025 </dev/null | xargs)"
expect "the port is asked for" "CONNECT 1025" "$(cat asked)"
wait "$server"
answers bytewise
expect "an OK in pieces" x "$(timeout 60 "$MSMV" vm connect ./v.sock 1 </dev/null)"
wait "$server"
answers echo
expect "what is typed goes there, and its end is told" "one two|end" \
	"$(printf 'one two' | timeout 60 "$MSMV" vm connect ./v.sock 1)"
wait "$server"
head -c 3000000 /dev/urandom >many
answers echo
timeout 60 "$MSMV" vm connect ./v.sock 1 <many >back
printf '|end' >>many
check "much of it, both ways" cmp many back
wait "$server"
answers flood
expect "all that comes before the end is there" 5000000 \
	"$(timeout 60 "$MSMV" vm connect ./v.sock 1 </dev/null | wc -c)"
wait "$server"
answers close
exit_code "nobody listens in the guest" 6 timeout 60 "$MSMV" vm connect ./v.sock 9
said "is told" "nobody in ./v.sock listens on vsock port 9"
wait "$server"
answers other
exit_code "another server" 4 timeout 60 "$MSMV" vm connect ./v.sock 9
said "is told" "is no vsock socket of Firecracker"
wait "$server"
answers long
exit_code "one that does not end its line" 4 timeout 60 "$MSMV" vm connect ./v.sock 9
wait "$server"
answers mute
exit_code "one that does not answer" 5 timeout 60 "$MSMV" vm connect ./v.sock 9 --timeout 0.3
said "is told" "no answer from port 9 of ./v.sock in 0.3 s"
kill "$server"
exit_code "no socket" 3 msmv vm connect ./none.sock 9
for port in -1 x 4294967295 99999999999 ""; do
	exit_code "no port: '$port'" 2 msmv vm connect ./v.sock "$port"
done
exit_code "no VM" 3 msmv vm connect none 9
guest server stop "$ready control=none\r\n"
start server --name web --wait >/dev/null
if [ ! -e /dev/vhost-vsock ]; then
	exit_code "a VM without vsock" 1 msmv vm connect web 9
	said "is told" "web has no vsock, as this machine had no /dev/vhost-vsock"
else
	exit_code "a guest that has no vsock" 5 msmv vm connect web 9 --timeout 0.5
fi
msmv vm stop web --timeout 0 >/dev/null
exit_code "a VM that does not run" 3 msmv vm connect web 9
msmv vm rm web >/dev/null
check "no QEMU" leaves_no_qemu
finish
