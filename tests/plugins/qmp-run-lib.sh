# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh disable=SC2034
# Sourced after tests/lib.sh by what boots guests of a few instructions with qmp-run.
. "${top_srcdir:?}/tests/system/lib.sh"
requires qemu-system-x86_64 qemu-system-x86
requires gcc gcc
requires jq jq
if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP the guests are assembled by an x86 compiler"
	exit 0
fi

ready='msmv: ready v=1 boottime_us=812345 init_us=4321 apps=1\r\n'
leave='msmv: exit v=1 app=hello code=0 signal=0 then=poweroff\r\n'
halt='msmv: halt v=1 action=reboot reason=exit code=0\r\n'

# guest NAME END TEXT: an ELF file of this name. TEXT with C's escapes.
guest()
{
	gcc -m32 -nostdlib -static -Wl,-Ttext-segment=0x100000,-e,start,--build-id=none \
		"-DEND=$2" "-DTEXT=\"$3\"" -o "$1" \
		"$top_srcdir/tests/plugins/qmp-run-guest.S" || exit 1
}

# boot GUEST [LINE...]: boots it with these lines in its stage.
boot()
{
	file=$1
	shift
	{
		printf '[stage.guest]\nplugin = "fetch-http"\nurl = "file://%s"\n' "$PWD/$file"
		printf '[stage.boot]\nplugin = "qmp-run"\n'
		case " $* " in
		*inputs*) ;;
		*) echo 'inputs = { vmlinux = "guest:file" }' ;;
		esac
		case "$*" in
		*accel*) ;;
		*) echo 'accel = "tcg"' ;;
		esac
		for line; do
			printf '%s\n' "$line"
		done
	} >boot.toml
	msmv run boot.toml -o out
}

log_has()
{
	msmv log boot.toml boot | grep -q -e "$1"
}

# fake NAME: a program that answers --version and otherwise does what stdin says.
fake()
{
	{
		# shellcheck disable=SC2016
		printf '#!/bin/sh\ncase $1 in --version) echo fake 1; exit;; esac\n'
		cat
	} >"$1"
	chmod +x "$1"
}
