#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Numbers of guests and the listener for their records, on a machine that looks as if it had
# /dev/vhost-vsock: in QEMU's place stands a script that looks around before it becomes QEMU.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"
gcc -shared -fPIC -O1 -o fake.so "$top_srcdir/tests/cli/vm-vsock.c" -ldl || exit 1
LD_PRELOAD=$PWD/fake.so
FAKE_PLACE=$T
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export LD_PRELOAD FAKE_PLACE ASAN_OPTIONS
guest server stop "hello\r\n$ready control=none\r\n"

# Its words without the device that this kernel has not, and what it saw at its start.
cat >looks <<'END'
#!/usr/bin/env python3
import errno, os, socket, sys
words = sys.argv[1:]
with open(os.environ["LOOKED"], "w") as f:
    try:
        s = socket.socket(socket.AF_VSOCK)
        s.bind((0xffffffff, 1025))
        f.write("free\n")
    except OSError as e:
        f.write("bound\n" if e.errno == errno.EADDRINUSE else "none\n")
    except AttributeError:
        f.write("none\n")
    for i, word in enumerate(words):
        if word.startswith("vhost-vsock-"):
            options = dict(o.split("=") for o in word.split(",")[1:])
            os.fstat(int(options["vhostfd"]))
            f.write(options["guest-cid"] + "\n")
            del words[i - 1:i + 1]
            break
    else:
        f.write("no device\n")
os.execvp("qemu-system-x86_64", ["qemu-system-x86_64"] + words)
END
chmod +x looks

# looked NAME [MSMV_VM_DIR]: starts it, and what was seen.
looked()
{
	rm -f looked
	LOOKED=$PWD/looked MSMV_VM_DIR=${2:-$MSMV_VM_DIR} "$MSMV" vm start server --name "$1" --accel tcg \
		--qemu "$PWD/looks" --wait >looked.txt 2>&1
	xargs <looked
}

seen=$(looked web)
cid=${seen#* }
case $seen in
none*) ok "the port of the ready record # SKIP no vsock in this kernel" ;;
*) expect "the port of the ready record is bound before QEMU starts" "bound $cid" "$seen" ;;
esac
check "the number is no reserved one" test "$cid" -gt 2
expect "QEMU has the device that holds it, and status tells of it" "$cid" "$(field web .cid)"
seen=$(looked db)
fails "another VM has another" test "$cid" = "${seen#* }"
seen=$(looked web "$T/other")
expect "one of the same name, of another folder, the next" "$((cid + 1))" "${seen#* }"
msmv vm stop web --timeout 0 >/dev/null
LOOKED=$PWD/looked msmv vm start web --wait >/dev/null
expect "started again it has its own again" "$cid" "$(field web .cid)"
msmv vm stop web --timeout 0 >/dev/null
LOOKED=$PWD/looked FAKE_TAKEN="$cid" msmv vm start web --wait >/dev/null
fails "unless somebody else's guest has it by now" test "$(field web .cid)" = "$cid"
msmv vm stop web --timeout 0 >/dev/null
LOOKED=$PWD/looked msmv vm start web --wait >/dev/null
expect "and then its own once more" "$cid" "$(field web .cid)"
msmv vm kill web >/dev/null
LD_PRELOAD='' LOOKED=$PWD/looked msmv vm start web --wait >/dev/null
if [ -e /dev/vhost-vsock ]; then
	ok "a machine without vsock # SKIP this one has it"
else
	expect "on a machine without, no device is there" "no device" "$(sed -n 2p looked)"
fi
MSMV_VM_DIR=$T/other "$MSMV" vm rm -f web >/dev/null
msmv vm rm -f web >/dev/null
msmv vm rm -f db >/dev/null
check "no QEMU" leaves_no_qemu
finish
