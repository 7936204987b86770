#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv-differ: where two files are not the same, in terms of what they are.
. "${top_srcdir:?}/tests/lib.sh"
requires gcc gcc
requires bsdtar libarchive-tools
requires qemu-img qemu-utils
requires xz xz-utils

# where NAME TEXT A B: they differ, and that is said (a basic regular expression).
where()
{
	name=$1
	text=$2
	shift 2
	"$top_builddir/core/msmv-differ" "$@" >where.txt 2>&1
	status=$?
	if [ $status = 1 ] && grep -q -e "$text" where.txt; then
		ok "$name"
	else
		not_ok "$name"
		{ echo "status $status, wanted: $text"; cat where.txt; } | diag
	fi
}

echo 'const char greeting[] = "hello"; int answer(void) { return 42; }' >one.c
sed 's/hello/hullo/' one.c >two.c
sed 's/42/43/' two.c >three.c
for n in one two three; do
	gcc -x c -c -o $n.o - <$n.c # so that no file's name is in it
done
exit_code "the same" 0 "$top_builddir/core/msmv-differ" one.o one.o
where "a section of an ELF file" '^ELF section \.rodata differs at 0x1 of 0x6$' one.o two.o
where "and further ones" '^ELF section \.text differs at .* (and \.rodata' one.o three.o
cp one.o odd.o
printf '\003' | dd of=odd.o bs=1 seek=36 conv=notrunc 2>/dev/null
where "what no section covers" '^ELF headers differ at 0x24$' one.o odd.o
gcc -m32 -c -o one32.o one.c 2>/dev/null && gcc -m32 -c -o two32.o two.c &&
	where "32 bits" '^ELF section \.rodata differs' one32.o two32.o

# tree DIR GREETING: two files.
tree()
{
	mkdir -p "$1/bin" "$1/etc"
	cp "$2.o" "$1/bin/hello"
	echo "of $2" >"$1/etc/name"
	find "$1" -exec touch -d @0 {} +
}
tree a one
tree b two
for t in a b; do
	bsdtar -cf $t.tar --format=ustar -C $t bin etc
	bsdtar -cf - --format=newc -C $t bin etc | xz >$t.cpio.xz
done
where "a member of a tar, and where in it" '^bin/hello: ELF section \.rodata differs' a.tar b.tar
check "and the next" grep -q '^etc/name: 3 bytes differ, the first at 0x3' where.txt
where "of a compressed initramfs" '^bin/hello: ELF section' a.cpio.xz b.cpio.xz
bsdtar -cf - --format=newc -C a bin etc | xz -0 >again.cpio.xz
where "the compressor alone" '^the members are the same, but packed differently$' \
	a.cpio.xz again.cpio.xz
chmod 600 a/etc/name
bsdtar -cf mode.tar --format=ustar -C a bin etc
where "a mode" '^etc/name: mode 100644 or 100600$' a.tar mode.tar
chmod 644 a/etc/name
touch -d @60 a/etc/name
bsdtar -cf time.tar --format=ustar -C a bin etc
where "a time" '^etc/name: time 0 or 60$' a.tar time.tar
bsdtar -cf fewer.tar --format=ustar -C a bin
where "a member that is missing" '^etc/: is where the other has its end$' time.tar fewer.tar

# poke FILE OFFSET BYTES: BYTES as printf has them
poke()
{
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
# A unified image from outside: sections .osrel and .linux of 16 and 32 bytes.
head -c 320 /dev/zero >a.efi
poke a.efi 0 'MZ'
poke a.efi 60 '\100'
poke a.efi 64 'PE\0\0\144\206\002'
poke a.efi 88 '.osrel'
poke a.efi 104 '\020\0\0\0\0\001'
poke a.efi 128 '.linux'
poke a.efi 144 '\040\0\0\0\020\001'
cp a.efi b.efi
poke b.efi 273 'x'
where "a section of a unified image" '^PE section \.linux differs at 0x1 of 0x20$' a.efi b.efi
poke b.efi 256 'x'
where "and the first of two" '^PE section \.osrel differs at 0x0 of 0x10 (and \.linux' a.efi b.efi
cp a.efi b.efi
poke b.efi 72 'x'
where "what no section of it covers" '^PE headers differ at 0x48$' a.efi b.efi

qemu-img create -q -f qcow2 a.qcow2 4M
cp a.qcow2 b.qcow2
qemu-io -f qcow2 -c 'write -P 1 1M 64k' a.qcow2 >/dev/null
qemu-io -f qcow2 -c 'write -P 2 1M 64k' b.qcow2 >/dev/null
where "a cluster of a disk" "^qcow2 cluster [0-9]* (the disk's bytes from 0x100000) differs" \
	a.qcow2 b.qcow2
echo abc >plain
echo abd >other
where "anything else" '^1 bytes differ, the first at 0x2 (0x63, 0x64)$' plain other
printf ab >short
where "a file that ends earlier" '^4 bytes against 2$' plain short
exit_code "no file" 2 "$top_builddir/core/msmv-differ" plain nothing
finish
