#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Disks and folders that a guest has for its proof alone.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"

guest once reset "${ready}hello, world\r\n$leave$halt"
check "a guest with disks and folders" boot once 'disks = ["64M", "1G"]' 'shares = ["data", "logs"]'
expect "which are in the report" "67108864,1073741824 data,logs" \
	"$(report '"\(.disks | join(",")) \(.shares | join(","))"')"
check "they are devices of the machine, and blank at each boot" \
	log_has 'format=raw,snapshot=on,file=[^ ]*blank1.img -device virtio-blk-device,drive=disk0'
check "in the order that the recipe has" log_has 'blank2.img -device virtio-blk-device,drive=disk1'
check "folders have their tags" log_has 'virtio-9p-device,fsdev=share1,mount_tag=logs'
check "a person's command names files" \
	test "$(report .command | grep -c -e 'file=blank1.img.*path=logs' -e "$T")" = 1
expect "they are no part of the image" "$(stat -c %s once)" "$(report .budget.image.is)"
fails "and the kernel's root is none of them" log_has 'root=/dev/vda'

cat >wrong.toml <<'EOF'
[stage.boot]
plugin = "qmp-run"
disks = ["64M", "64", "0M", "2000000M", "-1G", "1.5G", "64m"]
shares = ["a", "a", "", "two words", "-x", "a,b"]
EOF
exit_code "what is wrong with them" 1 msmv recipe check wrong.toml
cp "$T/check.out" said.txt
while read -r place words; do
	check "is shown: $words" grep -qF "wrong.toml:$place: error: " said.txt
	check "in words: $words" grep -qF "$words" said.txt
done <<'EOF'
3:17 disks: "64" is no size from 1M to 1024G
3:23 disks: "0M" is no size
3:29 disks: "2000000M" is no size
3:41 disks: "-1G" is no size
3:48 disks: "1.5G" is no size
3:56 disks: "64m" is no size
4:11 shares: "a" is there twice
4:1 shares: "" is no tag of 1 to 31
4:25 shares: "two words" is no tag
4:38 shares: "-x" is no tag
4:44 shares: "a,b" is no tag
EOF
expect "and what is right is not" 0 "$(grep -c "3:10: error" said.txt)"
many=$(seq -s , 1 9 | sed 's/[0-9]/"1M"/g')
refuse "more than there is room for" "disks: 9 are more than 8" boot once "disks = [$many]"
finish
