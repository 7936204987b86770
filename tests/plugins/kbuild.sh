#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# kbuild compiles toy sources: outputs, incremental builds, interruption, errors.
. "${top_srcdir:?}/tests/lib.sh"
requires readelf binutils
. "$top_srcdir/tests/plugins/toy-kernel.sh"

# recipe FILE SHIFT NET LINES...: the last go to the build's table.
recipe()
{
	file=$1
	shift_value=$2
	net=$3
	shift 3
	cat >"$file" <<EOF
[general]
name = "toy"
target_arch = "x86_64"
[stage.source]
plugin = "fetch-http"
path = "toy.tar.gz"
[stage.config]
plugin = "fetch-http"
path = "$file.config"
[stage.build]
plugin = "kbuild"
inputs = { source = "source:file", config = "config:file" }
EOF
	printf 'CONFIG_64BIT=y\nCONFIG_SHIFT=%s\nCONFIG_NET=%s\n' "$shift_value" "$net" |
		awk -f toy/linux-toy/scripts/conf.awk >"$file.config"
	printf '%s\n' "$@" >>"$file"
}

# build FILE OUT: runs it and keeps what it made in OUT.
build()
{
	rm -rf "$2"
	msmv run "$1" -o "$2" >run.txt 2>&1
}

# steps FILE: the steps of the last run, from its log.
steps()
{
	msmv log "$1" build 2>/dev/null | grep -c '^  [A-Z][A-Z]* '
}

recipe a.toml 3 n
check "it builds" build a.toml a
check "the image has its name" test -s a/bzImage
check "the note" grep -q 'build .*bzImage [0-9]* KB, vmlinux [0-9]* KB, 5 steps' run.txt
check "who built it, and when, is fixed" \
	sh -c 'strings a/bzImage | grep -q "toy .* UTC [0-9]* msmv@msmv"'
fails "no folder of the store is in it" grep -q "$T" a/bzImage
expect "unchanged, it is not run again" cached "$(stage_state a.toml build)"

# The packed vmlinux: every byte that it has is where the linker's has it.
linker=$(find "$MSMV_STORE" -path '*/obj/vmlinux' | head -n 1)
loads()
{
	readelf -lW "$1" | awk '$1 == "LOAD" { print $2, $4, $5, $6 }'
}
same_segments()
{
	loads a/vmlinux >packed.txt
	loads "$linker" >linked.txt
	[ -s packed.txt ] || return 1
	while read -r off addr size rest; do
		while read -r off2 addr2 size2 rest2; do
			skip=$((addr - addr2))
			if [ "$skip" -lt 0 ] || [ "$skip" -ge $((rest2)) ]; then continue; fi
			[ $((size)) = 0 ] && continue
			[ $((skip + size)) -le $((size2)) ] || return 1
			cmp -n $((size)) -i "$((off)):$((off2 + skip))" a/vmlinux "$linker" || return 1
		done <linked.txt
	done <packed.txt
}
sum_of_memory()
{
	loads "$1" | while read -r off addr size mem; do echo $((mem)); done |
		awk '{ n += $1 } END { print n }'
}
check "the packed vmlinux has the linker's bytes" same_segments
expect "and takes as much memory" "$(sum_of_memory "$linker")" "$(sum_of_memory a/vmlinux)"
check "zeros are not in it" test "$(wc -c <a/vmlinux)" -lt 100000
check "the PVH note is" sh -c 'readelf -nW a/vmlinux | grep -q Xen'

# One option changes: less is compiled, and the bytes are a clean build's.
recipe b.toml 4 n
check "another number" build b.toml b
expect "compiles one file" 3 "$(steps b.toml)"
recipe c.toml 4 y
check "another option" build c.toml c
expect "compiles one other file" 3 "$(steps c.toml)"
MSMV_STORE=$T/clean
check "the same in an empty store" build c.toml clean
expect "compiles all" 5 "$(steps c.toml)"
MSMV_STORE=$T/store
check "gives the same image" cmp c/bzImage clean/bzImage
check "and the same vmlinux" cmp c/vmlinux clean/vmlinux
fails "other than before" cmp -s a/vmlinux c/vmlinux
SOURCE_DATE_EPOCH=86400
export SOURCE_DATE_EPOCH
check "another date" build c.toml dated
fails "gives another image" cmp -s dated/bzImage c/bzImage
check "with that date" grep -q 'Jan  2 00:00:00 UTC 1970' dated/bzImage
unset SOURCE_DATE_EPOCH

# A killed run leaves an object that is newer than its record, and a mark.
obj=$(dirname "$linker")
recipe d.toml 5 y
: >"$obj/main.o"
sleep 0.1
echo torn >"$obj/net.o"
: >"$obj/../busy"
check "after an interruption" build d.toml d
MSMV_STORE=$T/clean
check "the same without one" build d.toml clean
MSMV_STORE=$T/store
check "gives the same bytes" cmp d/bzImage clean/bzImage
fails "the mark is gone" test -e "$obj/../busy"

# Errors.
mkdir broken && tar -C broken -xzf toy.tar.gz
echo 'int net(void) { return missing; }' >broken/linux-toy/net.c
tar -C broken -czf toy-broken.tar.gz linux-toy
recipe e.toml 3 n
sed 's/toy.tar.gz/toy-broken.tar.gz/' e.toml >broken.toml
refuse "a compiler's error is quoted" \
	"error: build: building the kernel failed .*net.c:1:[0-9]*: error: .*missing" \
	msmv run broken.toml
fails "and leaves no output" test -e out/bzImage
cp -r broken changed && tar -C changed -xzf toy.tar.gz
printf '%s\n' 'bzImage: meddle' 'meddle:' '	@echo "CONFIG_NEW=y" >>$(O)/.config' \
	>>changed/linux-toy/Makefile
tar -C changed -czf toy-changed.tar.gz linux-toy
sed 's/toy.tar.gz/toy-changed.tar.gz/' e.toml >changed.toml
refuse "a configuration that make changes" 'make changed the configuration' msmv run changed.toml

# The tools that a person chooses; they write down outside of any sandbox how they were called.
MSMV_SANDBOX=off
export MSMV_SANDBOX
cat >mymake <<'EOF'
#!/bin/sh
echo "$@" >>"$MAKE_LOG"
exec make "$@"
EOF
sed -i "s|\"\$MAKE_LOG\"|'$T/make.log'|" mymake
chmod +x mymake
recipe f.toml 6 n
MAKE_COMMAND="$T/w/mymake" check "MAKE_COMMAND" build f.toml f
check "is what runs" grep -q 'ARCH=x86 .*CC=gcc .*bzImage' "$T/make.log"
cat >mycc <<EOF
#!/bin/sh
echo "\$@" >>'$T/cc.log'
exec gcc "\$@"
EOF
chmod +x mycc
CC="$T/w/mycc" check "CC" build f.toml g
check "is what compiles" grep -q 'main.c' "$T/cc.log"
check "and gives the same bytes" cmp f/bzImage g/bzImage
recipe h.toml 6 n 'make_flags = ["KCFLAGS=-DSHIFTED=1"]'
check "make_flags" build h.toml h
msmv log h.toml build >log.txt
check "keep the maps of folders" grep -q 'KCFLAGS=-fdebug-prefix-map=.*-DSHIFTED=1' log.txt
cat >myld <<EOF
#!/bin/sh
echo "\$@" >>'$T/ld.log'
exec ld "\$@"
EOF
chmod +x myld
# Linux's makefiles link again with another linker, the toy's do not.
msmv clean >/dev/null
LD="$T/w/myld" check "LD" build f.toml g
check "is what links" grep -q 'vmlinux' "$T/ld.log"
check "and gives the same bytes as well" cmp f/bzImage g/bzImage
unset MSMV_SANDBOX

if command -v ccache >/dev/null; then
	# A compiler with a folder in its name is not found by PATH.
	for cc in gcc "$(command -v gcc) -DTOY"; do
		msmv clean --all --ccache >/dev/null
		CC=$cc check "with ccache, CC=$cc" msmv run f.toml -o c --ccache
		check "which was empty" sh -c '"$1" log f.toml build | grep -q "ccache: 0 of 3"' _ "$MSMV"
		check "the same bytes" cmp f/bzImage c/bzImage
		msmv clean --all >/dev/null
		CC=$cc check "from nothing" msmv run f.toml -o c --ccache
		check "all is in the cache" sh -c '"$1" log f.toml build | grep -q "ccache: 3 of 3"' _ "$MSMV"
		check "and the bytes are the same again" cmp f/bzImage c/bzImage
	done
fi
finish
