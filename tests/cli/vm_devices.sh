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
else
	ok "a folder by virtiofs # SKIP no virtiofsd, or not root, as whom it makes its sandbox"
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
	check "is ordinary memory" is more ready
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
check "no QEMU" leaves_no_qemu
finish
