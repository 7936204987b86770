# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh disable=SC2034
# What the tests of msmv vm share: guests of a few instructions, and waiting for what happens.
requires qemu-system-x86_64 qemu-system-x86
requires qemu-img qemu-utils
requires cpio cpio
requires gcc gcc
requires jq jq
requires python3 python3
if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP the guests are assembled by an x86 compiler"
	exit 0
fi
MSMV_VM_DIR=$T/vm
export MSMV_VM_DIR
ready='msmv: ready v=1 boottime_us=812345 init_us=4321 apps=1'

# Whatever a test left running ends with it.
end_all()
{
	for left in "$T/vm"/*/ "${long:-$T/vm}"/*/; do
		MSMV_VM_DIR=$(dirname "$left") "$MSMV" vm rm -f "$(basename "$left")" >/dev/null 2>&1
	done
}
at_end end_all

# guest NAME END TEXT: an ELF file of this name. TEXT with C's escapes.
guest()
{
	gcc -m32 -nostdlib -static -Wl,-Ttext-segment=0x100000,-e,start,--build-id=none \
		"-DEND=$2" "-DTEXT=\"$3\"" -o "$1" \
		"${top_srcdir:?}/tests/plugins/qmp-run-guest.S" || exit 1
}

# until_true COMMAND...: within half a minute.
until_true()
{
	tries=300
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# said NAME TEXT: the command before said that (a basic regular expression).
said()
{
	if grep -q -e "$2" "$T/check.out"; then
		ok "$1"
	else
		not_ok "$1"
		diag <"$T/check.out"
	fi
}

# field NAME FILTER: of its status.
field()
{
	msmv vm status "$1" --json | jq -r "$2"
}

is()
{
	[ "$(field "$1" .state)" = "$2" ]
}

gone()
{
	! kill -0 "$1"
}

events()
{
	msmv vm events "$1" | jq -r .event | tr '\n' ' ' | sed 's/ $//'
}

start()
{
	msmv vm start "$@" --accel tcg
}

