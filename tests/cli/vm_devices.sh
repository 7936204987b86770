#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Devices of msmv vm start that this machine has to have something for: virtiofsd, a switch
# behind a socket, a tap interface, huge pages; and those that come and go while a VM runs.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/lib.sh"
. "$top_srcdir/tests/cli/vm_lib.sh"

guest server stop "hello\r\n$ready control=none\r\n"

argv()
{
	field "$1" '.argv | join(" ")'
}

# has NAME TEXT: QEMU was started with it.
has()
{
	argv "$1" | grep -q -e "$2"
}

# A program in QEMU's place writes its words down.
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >%s/words\nexit 1\n' "$PWD" >spy
chmod +x spy
spied()
{
	rm -f words
	msmv vm start --name spied --qemu "$PWD/spy" "$@" >spied.txt 2>&1
	test -s words
}

# ---- A folder by virtiofs ----------------------------------------------------------

mkdir share 'sh,are'
refuse "a word that is none" "has no 'virtio': readonly, virtiofs" start server --share share=a,virtio
if virtiofsd=$(PATH=$PATH:/usr/libexec:/usr/lib/qemu:/usr/lib command -v virtiofsd) && [ "$(id -u)" = 0 ]; then
	daemons()
	{
		processes "virtiofsd.*source=" "${T##*/}/"
	}
	check "a folder by virtiofs" start server --name fs --share share=src,virtiofs --share share=old --wait
	check "it is a device of its own" has fs "vhost-user-fs-device,chardev=share0,tag=src"
	check "the guest's memory is shared" has fs "memory-backend-memfd,id=memory,size=128M,share=on"
	check "its bus speaks virtio 1.0, as virtiofsd does" has fs "virtio-mmio.force-legacy=false"
	check "the other is 9p, as always" has fs "mount_tag=old"
	check "a virtiofsd serves it" daemons
	expect "of this machine" "$virtiofsd" "$(jq -r '.shares[0].virtiofsd' "$MSMV_VM_DIR/fs/vm.json")"
	check "stop" msmv vm stop fs
	fails "it has ended when stop returns" daemons
	check "start once more" msmv vm start fs --wait
	check "it is served again" daemons
	kill -KILL "$(field fs .supervisor)"
	none_serves() { ! daemons; }
	check "none outlives its supervisor" until_true none_serves
	check "start over what is left" msmv vm start fs --wait
	kill -KILL "$(field fs .qemu)"
	check "nor its QEMU" until_true none_serves
	msmv vm rm -f fs >/dev/null
	long=$T/$(printf 'a%.0s' $(seq 100))/$(printf 'b%.0s' $(seq 100))
	MSMV_VM_DIR=$long
	check "also under a long path" start server --name fs --share share=src,virtiofs --wait
	msmv vm rm -f fs >/dev/null
	MSMV_VM_DIR=$T/vm
	refuse "a path with a comma" "takes no path with a comma" start server --share 'sh,are=x,virtiofs'
	refuse "read-only" "9p can" start server --share share=x,readonly,virtiofs
	printf '#!/bin/sh\nexit 1\n' >virtiofsd
	chmod +x virtiofsd
	exit_code "a virtiofsd that ends at once" 6 env PATH="$PWD:$PATH" "$MSMV" vm start server --accel tcg \
		--name fs --share share=src,virtiofs
	exit_code "leaves nothing" 3 msmv vm status fs
	rm virtiofsd
elif [ "$virtiofsd" ]; then
	ok "a folder by virtiofs # SKIP virtiofsd makes its sandbox as root only"
else
	ok "a folder by virtiofs # SKIP virtiofsd is missing (package qemu-system-common)"
	refuse "without one that is told" "virtiofs" start server --share share=x,readonly,virtiofs
fi

# ---- A card at a switch's socket ---------------------------------------------------------

cat >switch.py <<'END_OF'
# As much of a vhost-user back end as QEMU wants to hear of one before the guest runs.
import array, socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
c, _ = s.accept()
while True:
    head = c.recv(12, socket.MSG_WAITALL)
    if len(head) < 12:
        break
    request, flags, size = struct.unpack("<III", head)
    body = c.recv(size, socket.MSG_WAITALL) if size else b""
    if request == 1:                         # GET_FEATURES: VERSION_1, no protocol features
        reply = struct.pack("<Q", 1 << 32)
    elif request == 11:                      # GET_VRING_BASE
        reply = struct.pack("<II", struct.unpack("<II", body)[0], 0)
    else:
        continue
    c.sendall(struct.pack("<III", request, 5, len(reply)) + reply)
END_OF
python3 switch.py "$PWD/switch.sock" &
switch=$!
until_true test -S switch.sock
check "a card that a switch of this machine serves" start server --name sw \
	--nic vhost-user=switch.sock,mac=52:54:00:00:00:09 --wait
check "of that address" has sw "virtio-net-device,netdev=net0,mac=52:54:00:00:00:09"
check "through its socket" has sw "path=$PWD/switch.sock -netdev vhost-user,id=net0,chardev=vhost0"
check "the guest's memory is shared" has sw "memory-backend=memory"
msmv vm rm -f sw >/dev/null
check "the switch sees it go" wait "$switch"
exit_code "no switch" 6 start server --name sw --nic vhost-user=none.sock
said "is told" "none.sock"
refuse "ports lead through no switch" "must be the first" start server --nic vhost-user=switch.sock -p 8080:80

# ---- A tap interface -----------------------------------------------------------------------

cat >tap.sh <<'END_OF'
ip tuntap add mode tap name msmv0 && ip link set msmv0 up || exit 77
ip -br link show msmv0 | grep -q LOWER_UP && exit 1
"$1" vm start server --name tap --accel tcg --nic tap=msmv0,mac=52:54:00:00:00:07 --wait &&
	ip -br link show msmv0 | grep -q LOWER_UP
code=$?
"$1" vm rm -f tap
ip -br link show msmv0 | grep -q LOWER_UP && exit 2
exit $code
END_OF
unshare -n sh tap.sh "$MSMV" >tap.txt 2>&1
case $? in
0) ok "a tap interface is up while the VM has it" ;;
77 | 127) ok "a tap interface # SKIP none can be made here" ;;
*) not_ok "a tap interface is up while the VM has it" && diag <tap.txt ;;
esac
exit_code "an interface that is not there" 6 unshare -n "$MSMV" vm start server --name tap --accel tcg \
	--nic tap=msmv0 -- -netdev tap,id=x,ifname=bad/name,script=no,downscript=no
msmv vm rm -f tap >/dev/null 2>&1

# ---- Huge pages -----------------------------------------------------------------------------

pages=/proc/sys/vm/nr_hugepages
refuse "not a whole number of pages" "no whole number of huge pages" sh -c '
	"$1" vm start server --name odd --accel tcg -m 33M --hugepages 2>&1; "$1" vm rm -f odd; false' _ "$MSMV"
before=$(cat $pages)
give_back() { echo "$before" >$pages; }
if [ "$(awk '/Hugepagesize/ { print $2 }' /proc/meminfo)" = 2048 ] && [ -w $pages ] &&
	at_end give_back && echo $((before + 20)) >$pages && [ "$(cat $pages)" -ge $((before + 20)) ]; then
	check "memory in huge pages" start server --name huge -m 32M --hugepages --wait
	fails "without a note" grep -q "ordinary memory" "$T/check.out"
	check "QEMU has them" sh -c 'awk "/^Private_Hugetlb|^Shared_Hugetlb/ { n += \$2 } END { exit n < 32768 }" "/proc/$1/smaps"' _ "$(field huge .qemu)"
	refuse "more than are free" "only [0-9]* MB of huge pages are free" sh -c '
		"$1" vm start server --name more --accel tcg -m 32M --hugepages 2>&1; false' _ "$MSMV"
	check "is ordinary memory" until_true is more ready
	fails "for which QEMU is not asked otherwise" has more hugetlb
	msmv vm rm -f huge >/dev/null
	msmv vm rm -f more >/dev/null
	give_back
else
	ok "memory in huge pages # SKIP none can be had here"
fi

# ---- KVM inside -------------------------------------------------------------------------------

check "nested, by TCG" spied server --accel tcg --nested
check "which can do AMD's" grep -q 'svm=on$' words
head -c 56 /dev/zero >Image
printf 'ARM\144' >>Image
check "of ARM it is the machine's" spied Image --accel tcg --nested
check "as QEMU says it" grep -qx 'virtualization=on' words
head -c 56 /dev/zero >Image
printf 'RSC\005' >>Image
refuse "of others there is none" "nested is for x86_64 and aarch64" start Image --nested
if grep -qs '^[Y1]' /sys/module/kvm_*/parameters/nested; then
	check "nested, by KVM" spied server --accel kvm --nested
	check "in its CPU" grep -q '^host,\(vmx\|svm\)=on$' words
else
	exit_code "a KVM that cannot" 1 msmv vm start server --accel kvm --nested
	said "is told" "gives guests no KVM of their own"
fi

# ---- cloud-init's seed ---------------------------------------------------------------------------

mkdir seed
echo 'instance-id: here' >seed/meta-data
echo '#cloud-config' >seed/user-data
check "a seed" start server --name seeded --machine q35 --cloud-init seed --wait
qemu-img convert -O raw --image-opts "$(argv seeded | grep -o 'driver=vvfat,[^ ]*' |
	sed 's/node-name=seed,//')" seed.img
cat >label.py <<'END_OF'
data = open("seed.img", "rb").read()
start = int.from_bytes(data[446 + 8:446 + 12], "little") * 512
boot = data[start:start + 512]
print(boot[43:54].decode().strip() if boot[54:57] == b"FAT" else "?", "vfat" if boot[54:57] == b"FAT" else "?")
END_OF
expect "is a disk by the name that cloud-init looks for" "CIDATA vfat" "$(python3 label.py)"
check "with what is in the folder" grep -q -a 'instance-id: here' seed.img
check "both files" grep -q -a '#cloud-config' seed.img
msmv vm rm -f seeded >/dev/null
# ---- While it runs ----------------------------------------------------------------------------

qemu-img create -q -f qcow2 hot.qcow2 1M
qemu-img create -q -f raw hot.img 1M
start server --name fixed --wait >/dev/null
refuse "into microvm nothing is plugged" "fixed is a microvm, into which nothing can be plugged" \
	msmv vm disk add fixed hot.img
refuse "microvm has no slots" "microvm has no slots: q35 and virt have" start server --name x --slots 2
msmv vm rm -f fixed >/dev/null
start server --name none --machine q35 --wait >/dev/null
refuse "nor into a q35 without slots" "none has no slot for it: msmv vm start --slots" \
	msmv vm nic add none user
msmv vm rm -f none >/dev/null
refuse "slots without measure" "wants a number up to" start server --machine q35 --slots 99
# A guest without an operating system hears of no ACPI; a slot whose power is off needs it not.
check "a q35 with slots" msmv vm start server --name hot --machine q35 --slots 2 --accel tcg \
	--disk hot.img,serial=old --wait -- -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
check "a disk comes" msmv vm disk add hot hot.qcow2,serial=new
said "by a name" "hot-disk0 of hot is there"
expect "it is listed, beside the old one" "disk0 hot.img raw false hot-disk0 hot.qcow2 qcow2 false" \
	"$(msmv vm disk list hot --json | jq -r '.disks[] | "\(.id) \(.file | sub(".*/"; "")) \(.format) \(.readonly)"' | xargs)"
check "as lines, too" sh -c '"$1" vm disk list hot | grep -q "^hot-disk0 .*hot.qcow2, qcow2$"' _ "$MSMV"
check "a card comes" msmv vm nic add hot user,mac=52:54:00:00:00:0a
expect "with its address" 52:54:00:00:00:0a \
	"$(msmv vm nic list hot --json | jq -r '.nics[] | select(.id == "hot-nic0") | .mac')"
exit_code "then both slots are full" 4 msmv vm nic add hot user
said "and that is told" "no slot of hot is free"
check "the disk goes" msmv vm disk rm hot hot-disk0 --timeout 60
said "when the guest has let go" "hot-disk0 of hot is gone"
check "its file is nobody's any more" qemu-img check -q hot.qcow2
refuse "it is gone" "hot has no hot-disk0" msmv vm disk rm hot hot-disk0
refuse "one from the start stays" "was not plugged in" msmv vm disk rm hot disk0
qemu-img create -q -f raw cold.img 1M
check "another takes its slot, read-only" msmv vm disk add hot cold.img,readonly --json
expect "with the name that is free" "hot-disk0 add" "$(jq -r '"\(.id) \(.done)"' "$T/check.out")"
check "the card goes" msmv vm nic rm hot hot-nic0
one=$(msmv vm nic add hot user >/dev/null; msmv vm nic list hot --json | jq -r '.nics[] | select(.id == "hot-nic0") | .mac')
check "one without an address gets one" sh -c 'echo "$1" | grep -q "^52:54:00:..:..:..$"' _ "$one"
fails "which is no other card's" test "$one" = "$(argv hot | grep -o 'mac=[0-9a-f:]*' | head -n 1 | cut -d= -f2)"
check "all of it is in the events" test "$(events hot)" = \
	"created started ready disk-added nic-added disk-removed disk-added nic-removed nic-added"
exit_code "what is there twice" 4 msmv vm disk add hot hot.img
refuse "a disk's word" "has no 'fast'" msmv vm disk add hot hot.img,fast
refuse "discard" "discard is for disks that are there from the start" msmv vm disk add hot hot.img,discard
refuse "a switch" "vhost-user is for cards that are there from the start" msmv vm nic add hot vhost-user=x
refuse "a disk that is not there" "no.img: No such file" msmv vm disk add hot no.img
refuse "a verb" "did you mean add" msmv vm disk ad hot hot.img
refuse "a word too few" "usage: msmv vm disk add NAME" msmv vm disk add hot
exit_code "a failure as JSON" 3 sh -c '"$1" vm disk list no --json >j.json; c=$?; jq -e ".exit == 3" j.json >/dev/null && exit $c' _ "$MSMV"
check "it still runs" is hot ready
msmv vm stop hot --timeout 0 >/dev/null
exit_code "a VM that does not run" 3 msmv vm disk add hot hot.img
check "it starts again, without them" msmv vm start hot --wait
expect "they were the machine's that ran" disk0 "$(msmv vm disk list hot --json | jq -r '.disks[].id')"
msmv vm rm -f hot >/dev/null
check "a pc has its bus" start server --name pc --machine pc --wait
check "for it" msmv vm disk add pc hot.qcow2
exit_code "its guest has to let go" 5 msmv vm disk rm pc hot-disk0 --timeout 0.3
said "which is told" "the guest of pc has not let go of hot-disk0 in 0.3 s"
msmv vm rm -f pc >/dev/null
if command -v qemu-system-aarch64 >/dev/null; then
	head -c 56 /dev/zero >Image
	printf 'ARM\144' >>Image
	head -c 4096 /dev/zero >>Image
	check "a virt with slots, which waits" start Image --name arm --slots 1 --paused
	check "a disk comes" msmv vm disk add arm hot.qcow2
	check "and goes" msmv vm disk rm arm hot-disk0 --timeout 60
	msmv vm rm -f arm >/dev/null
else
	ok "a virt with slots # SKIP qemu-system-aarch64 is missing (package qemu-system-arm)"
fi
check "no QEMU" leaves_no_qemu
finish
