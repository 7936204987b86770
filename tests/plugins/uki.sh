#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# UKIs read back by binutils and by sums of our own; kernels and stubs that cannot be.
# Functions are called by name through check.
# shellcheck disable=SC2317,SC2034,SC2154
. "${top_srcdir:?}/tests/lib.sh"
requires objdump binutils
requires objcopy binutils
requires od coreutils
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
systemd=/usr/lib/systemd/boot/efi/linuxx64.efi.stub
if [ ! -r "$systemd" ]; then
	[ "${CI:-}" = true ] && echo "Bail out! $systemd is missing (package systemd-boot-efi)" && exit 1
	echo "1..0 # SKIP $systemd is missing (package systemd-boot-efi)"
	exit 0
fi
cp "$systemd" stub

# poke FILE OFFSET BYTES: BYTES as printf has them
poke()
{
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# number FILE OFFSET SIZE: a little-endian number
number()
{
	od -An "-tu$3" -j "$2" -N "$3" "$1" | tr -d ' \n'
}

# As a bzImage looks from outside: boot header, PE header, release.
head -c 20001 /dev/urandom >bzImage
poke bzImage 0 'MZ'
poke bzImage 60 '\200\0\0\0'
poke bzImage 128 'PE\0\0\144\206'
poke bzImage 514 'HdrS'
poke bzImage 526 '\0\020'
poke bzImage 4608 '6.1.99-test (somebody@somewhere) #1\0'
# And an Image for aarch64.
head -c 30000 /dev/zero >Image
poke Image 0 'MZ'
poke Image 56 'ARMd'
poke Image 60 '\100\0\0\0'
poke Image 64 'PE\0\0\144\252'
poke Image 25000 'Linux version 6.6.6-arm (somebody)'
head -c 12345 /dev/urandom >initrd

# recipe KERNEL OPTIONS
recipe()
{
	cat >r.toml <<EOF
[stage.kernel]
plugin = "trial"
files = "$1"
[stage.initrd]
plugin = "trial"
files = "initrd"
[stage.image]
plugin = "uki"
inputs = { kernel = "kernel:out", initramfs = "initrd:out" }
$2
EOF
}

build()
{
	rm -rf out
	msmv run r.toml -o out
}

# ---- Layout -----------------------------------------------------------

recipe bzImage 'stub = "stub"
cmdline = "console=ttyS0 quiet"
os_name = "My \"VM\""
os_version = "1.2"'
check "a UKI is written" build
uki=out/uki.efi
check "objdump reads it" objdump -h "$uki"
objdump -h "$uki" | awk '$1 ~ /^[0-9]+$/ { print $2, $3, $4, $6 }' >sections
expect "sections are added in order" ".osrel .cmdline .uname .initrd .linux" \
	"$(tail -n 5 sections | awk '{ printf "%s%s", s, $1; s = " " }')"
objdump -h stub | awk '$1 ~ /^[0-9]+$/ { print $2, $3, $4, $6 }' >of-stub
check "the stub's own stay" sh -c "head -n $(wc -l <of-stub) sections | cmp - of-stub"
check "its .sbat too" grep -q '^\.sbat ' sections

# section NAME: its content
section()
{
	objcopy -O binary --only-section="$1" "$uki" got && cat got
}
section .linux >got.linux
section .initrd >got.initrd
check "the kernel is there" cmp bzImage got.linux
check "the initramfs is there" cmp initrd got.initrd
expect "the command line" "console=ttyS0 quiet" "$(section .cmdline)"
expect "the release, as the kernel says it" "6.1.99-test" "$(section .uname)"
section .osrel >osrel
expect "os-release is shell text" 'My "VM" 1.2' "$(. ./osrel && echo "$PRETTY_NAME")"
expect "and its ID of few letters" my--vm- "$(. ./osrel && echo "$ID")"

while read -r what size vma at; do
	echo "$what $((0x$size)) $((0x$vma)) $((0x$at))"
done <sections >table
expect "sections do not overlap in memory" "" "$(sort -n -k 3 table |
	awk '$3 < end { print } { end = $3 + $2 }')"
expect "nor in the file" "" "$(sort -n -k 4 table | awk '$4 < end { print } { end = $4 + $2 }')"
expect "ours start on pages" "" "$(tail -n 5 table | awk '$3 % 4096')"
expect "and are aligned in the file" "" "$(tail -n 5 table | awk '$4 % 512')"

# ---- Headers ----------------------------------------------------------

pe=$(number "$uki" 60 4)
expect "the count of sections" "$(wc -l <sections)" "$(number "$uki" $((pe + 6)) 2)"
expect "the time is the epoch" 315532800 "$(number "$uki" $((pe + 8)) 4)"
expect "the size in memory covers the last" \
	"$(awk '{ end = $3 + $2 } END { print int((end + 4095) / 4096) * 4096 }' table)" \
	"$(number "$uki" $((pe + 24 + 56)) 4)"
expect "no symbols are promised" 0 "$(number "$uki" $((pe + 12)) 4)"
expect "the file ends with the last section" 0 $(($(wc -c <"$uki") % 512))
# The checksum again: all 16-bit words but its own, folded, and the size.
expect "the checksum is right" "$(number "$uki" $((pe + 24 + 64)) 4)" \
	"$(od -An -v -tu2 -w2 "$uki" | awk -v skip=$(((pe + 24 + 64) / 2)) '
		NR - 1 != skip && NR - 2 != skip { sum += $1 }
		END {
			while (sum > 65535) sum = sum % 65536 + int(sum / 65536)
			print sum + 2 * NR
		}')"

# ---- Choices ----------------------------------------------------------

cp "$uki" first.efi
MSMV_STORE=$T/store2
build >/dev/null
check "another run elsewhere gives the same bytes" cmp first.efi "$uki"
MSMV_STORE=$T/store
recipe bzImage 'stub = "stub"
uname = "7.7.7"'
build >/dev/null
expect "a release given wins" 7.7.7 "$(section .uname)"
expect "no command line, no section" 0 "$(objdump -h "$uki" | grep -c cmdline)"
sed -i 's/, initramfs = "initrd:out"//' r.toml
check "without initramfs" build
expect "there is no section for it" 0 "$(objdump -h "$uki" | grep -c initrd)"
if [ "$(uname -m)" = x86_64 ]; then
	recipe bzImage ''
	check "the machine's own stub is found" build
	expect "and watched" cached "$(stage_state r.toml image)"
fi

# ---- What is refused --------------------------------------------------

cp bzImage bios
poke bios 0 '\352\5'
recipe bios 'stub = "stub"'
refuse "a kernel without EFI stub" "CONFIG_EFI_STUB" build
check "leaves no image" test ! -e out/uki.efi
recipe Image 'stub = "stub"'
refuse "a kernel of another machine" "for aarch64, but the stub .* is for x86_64" build
printf '\177ELF and so on' >vmlinux
recipe vmlinux 'stub = "stub"'
refuse "a vmlinux" "ELF.*bzImage" build
: >nothing
recipe nothing 'stub = "stub"'
refuse "an empty kernel" "no kernel image" build

# broken WHAT TEXT: the file "bad" is no stub.
broken()
{
	recipe bzImage 'stub = "bad"'
	refuse "a stub that is $1" "$2" build
}
head -c 30000 stub >bad
broken "cut short" "cut short"
head -c 100 stub >bad
broken "cut in the headers" "no PE header\|do not fit"
: >bad
broken empty "size"
cp first.efi bad
broken "a UKI already" "room\|already"
cp stub bad
at=$(number stub 60 4)
poke bad $((at + 24 + 36)) '\003\0'
broken "aligned to 3" "alignment"
cp stub bad
poke bad $((at + 24)) '\013\001'
broken "a 32-bit program" "64-bit"
cp stub bad
poke bad $((at + 24 + 68)) '\003\0'
broken "a Windows program" "EFI application"
cp stub bad
poke bad $((at + 4)) '\144\252'
recipe bzImage 'stub = "bad"'
refuse "a stub of another machine" "for x86_64, but the stub .* is for aarch64" build
recipe Image 'stub = "bad"'
check "two of the same other machine" build
# binutils knows no PE of another machine; the section comes long before the kernel
expect "the release of an Image is found" 1 \
	"$(head -c $(($(wc -c <stub) + 4096)) "$uki" | grep -ac '6\.6\.6-arm')"
cp stub bad
poke bad $((at + 6)) '\377\377'
broken "full of sections" "do not fit"
recipe bzImage 'stub = ["stub", "bad"]'
refuse "two stubs" "one file" build
recipe bzImage 'stub = "stub"
cmdline = "a\nb"'
refuse "a command line of two lines" "line break" build
finish
