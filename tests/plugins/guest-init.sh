#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# init compiled by the stage that does it: for this machine, against musl, for another
# machine; what comes out runs as process 1, and what cannot is refused.
# Called by name through check and refuse.
# shellcheck disable=SC2317
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"
requires readelf binutils
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
arch=$(uname -m)

case $arch in
x86_64 | aarch64) ;;
*)
	echo "1..0 # SKIP there are no facts about $arch"
	exit 0
	;;
esac

# recipe ARCH SOURCE [MORE]
recipe()
{
	cat >r.toml <<END
[general]
name = "t"
target_arch = "$1"
[stage.init]
plugin = "guest-init"
source = "$2"
${3:-}
END
}

made()
{
	rm -rf out tree
	msmv run r.toml >run.log 2>&1 || {
		cat run.log
		return 1
	}
	mkdir tree
	tar -C tree -xf out/root
}

static_for()
{
	readelf -hl tree/init >elf.txt
	if grep -q "Machine:.*$1" elf.txt && ! grep -q INTERP elf.txt; then return 0; fi
	cat elf.txt
	false
}

# lacks FILE REGEX
lacks()
{
	! grep -a -e "$2" "$1"
}

machine()
{
	case $1 in
	x86_64) echo X86-64 ;;
	aarch64) echo AArch64 ;;
	esac
}

runs_as_init()
{
	guest_init=$PWD/tree/init
	guest_new
	printf '[app x]\nargv = /tool ids\n' | guest_ini
	guest_run
	has '^ids uid=0 ' && has '^msmv: ready .* apps=1 ' && has '^msmv: halt '
}

# Against the system's C library.
cp -r "$top_srcdir/init" src
recipe "$arch" src
check "compiled with this machine's compiler" made
check "static, for this machine" static_for "$(machine "$arch")"
expect "owner and mode" "-rwxr-xr-x 0/0 init" \
	"$(tar --numeric-owner -tvf out/root | awk '$NF == "init" { print $1, $2, $NF }')"
expect "/sbin/init leads to it" ../init "$(readlink tree/sbin/init)"
check "no path of this machine is in it" lacks tree/init "$T"
check "it runs as process 1" runs_as_init
cp out/root first

# The same bytes from elsewhere, another time.
mv "$MSMV_STORE" "$T/other-store"
mv src elsewhere
recipe "$arch" elsewhere
check "compiled again in another folder" made
check "it has the same bytes" cmp first out/root
expect "what did not change is not made again" cached "$(stage_state r.toml init)"
echo '/* A comment. */' >>elsewhere/line.c
expect "a changed source is" run "$(stage_state r.toml init)"
check "compiled with the change" made
check "a comment changes no byte" cmp first out/root

# Against musl, where this machine has it.
musl=
for dir in /usr/lib/*-linux-musl; do
	if [ -f "$dir/libc.a" ] && [ "${dir##*/}" = "$arch-linux-musl" ]; then musl=${dir##*/}; fi
done
if [ -n "$musl" ]; then
	mkdir -p musl/usr
	cp -rL "/usr/lib/$musl" musl/usr/lib
	cp -rL "/usr/include/$musl" musl/usr/include
	recipe "$arch" elsewhere 'inputs = { sysroot = "musl:sysroot" }
cflags = "-Wl,-Map=map"
[stage.musl]
plugin = "folder"
dir = "musl"'
	sed -i "s|-Map=map|-Map=$T/map|" r.toml
	# The map is written where no sandbox would let it.
	MSMV_SANDBOX=off
	export MSMV_SANDBOX
	check "compiled against musl" made
	unset MSMV_SANDBOX
	check "static" static_for "$(machine "$arch")"
	check "init alone" test ! -e tree/sbin/msmv-net
	check "at most 48 KB" test "$(wc -c <tree/init)" -le 49152
	check "the linker's map is there" grep -q 'libc.a(vfork' "$T/map"
	check "no memory allocation is in it" lacks "$T/map" 'libc.a([a-z_]*alloc'
	check "and no stdio" lacks "$T/map" 'libc.a([a-z_]*printf'
	check "it runs as process 1" runs_as_init
	cp tree/init alone
	recipe "$arch" elsewhere 'inputs = { sysroot = "musl:sysroot" }
cflags = "-Wl,-Map=map"
net_helper = true
[stage.musl]
plugin = "folder"
dir = "musl"'
	sed -i "s|-Map=map|-Map=$T/map|" r.toml
	MSMV_SANDBOX=off
	export MSMV_SANDBOX
	check "with the network helper" made
	unset MSMV_SANDBOX
	check "init is the same" cmp alone tree/init
	check "the helper is a program" test -x tree/sbin/msmv-net
	check "static" sh -c 'readelf -l tree/sbin/msmv-net | grep -q LOAD &&
		! readelf -l tree/sbin/msmv-net | grep INTERP'
	check "both together at most 96 KB" \
		test $(($(wc -c <tree/init) + $(wc -c <tree/sbin/msmv-net))) -le 98304
	check "no path of this machine is in it" lacks tree/sbin/msmv-net "$T"
	check "no memory allocation is in it" lacks "$T/map" 'libc.a([a-z_]*alloc'
	check "and no stdio" lacks "$T/map" 'libc.a([a-z_]*printf'
	expect "it says what it wants" "no net.ini: no such file" \
		"$(tree/sbin/msmv-net "$T/no net.ini" 2>&1 | sed 's/.*error: //; s|.*/no|no|')"
else
	for what in compiled static size map allocation stdio runs; do
		ok "$what: musl # SKIP no musl for $arch"
	done
fi

# A C library that is none.
mkdir -p empty/usr/include
: >empty/usr/include/stdio.h
recipe "$arch" elsewhere 'inputs = { sysroot = "bad:sysroot" }
[stage.bad]
plugin = "folder"
dir = "empty"'
refuse "a sysroot without a C library" 'sysroot of bad has no usr/lib/libc.a' msmv run r.toml

# For the other machine.
other=aarch64
[ "$arch" = x86_64 ] || other=x86_64
recipe $other elsewhere
if command -v $other-linux-gnu-gcc >/dev/null; then
	check "compiled for another machine" made
	check "static, for that machine" static_for "$(machine $other)"
else
	refuse "without a cross compiler its package is named" "apt install gcc-" msmv run r.toml
	ok "cross compiler # SKIP gcc for $other is missing"
fi
CC=gcc
export CC
refuse "CC for the wrong machine" "is for another machine than the guest" msmv run r.toml
recipe "$arch" elsewhere
expect "CC is part of the key" run "$(stage_state r.toml init)"
CC=/no/such/compiler
refuse "CC that is not there" 'CC names the compiler "/no/such/compiler"' msmv run r.toml

# A compiler that leaves -static out.
cat >dynamic-cc <<'END'
#!/bin/sh
for word do
	shift
	[ "$word" = -static ] || set -- "$@" "$word"
done
exec gcc "$@"
END
chmod +x dynamic-cc
CC=$PWD/dynamic-cc
refuse "a dynamic program" "is dynamically linked" msmv run r.toml
unset CC

# Sources that are wrong.
echo 'int broken = ;' >>elsewhere/line.c
refuse "an error in the source is shown" "line.c:.*error" msmv run r.toml
mkdir nothing
: >nothing/README
recipe "$arch" nothing
refuse "a folder without sources" "no C file in it" msmv run r.toml
finish
