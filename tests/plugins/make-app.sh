#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Makefiles that stand alone: with DESTDIR, with PREFIX only, with compilers of their own.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=make-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires gcc gcc
requires make make
requires readelf binutils

mkdir -p dest-1.0 prefix-1.0
sed 's/^>/	/' >dest-1.0/Makefile <<'EOF'
CC = no-such-compiler
AR = no-such-ar
BIN ?= /usr/bin
p: p.c lib.a
>$(CC) -o p p.c lib.a
lib.a: l.c
>$(CC) -c l.c
>$(AR) rc lib.a l.o
install:
>mkdir -p $(DESTDIR)$(BIN)
>cp p $(DESTDIR)$(BIN)/p
EOF
sed -e '/^BIN/s/.*/PREFIX = \/opt/' -e 's/(DESTDIR)$(BIN)/(PREFIX)\/bin/' dest-1.0/Makefile >prefix-1.0/Makefile
echo 'int l(void); int main(void) { return l(); }' | tee dest-1.0/p.c >prefix-1.0/p.c
echo 'int l(void) { return 7; }' | tee dest-1.0/l.c >prefix-1.0/l.c
pack dest-1.0
pack prefix-1.0

check "a makefile that knows DESTDIR" try dest.toml dest-1.0 'output_executable_path = "/usr/bin/p"'
exit_code "its program runs" 7 out/root/usr/bin/p
check "and is static without being asked" is_for "$here" out/root/usr/bin/p
check "one that knows PREFIX alone" try prefix.toml prefix-1.0 \
	'output_executable_path = "/usr/local/bin/p"'
exit_code "its program runs, too" 7 out/root/usr/local/bin/p
check "PREFIX of the recipe stands" try own.toml prefix-1.0 \
	'install_command = "make install PREFIX=$DESTDIR/bin/.."' 'make_flags = ["V=1"]'
check "where it says" test -x out/root/bin/p
check "make_flags reach every make" in_log own.toml ' V=1'
check "a command in front of make" try front.toml dest-1.0 \
	'config_script = "make lib.a"' 'output_executable_path = "/usr/bin/p"'
printf 'all:\n\ttrue\n' >dest-1.0/Makefile
pack dest-1.0
refuse "no install target" 'install failed: .*No rule to make target .install' \
	try none.toml dest-1.0 'strip = true'
if command -v "$other-linux-gnu-gcc" >/dev/null; then
	printf '[general]\ntarget_arch = "%s"\n' "$other" >cross.toml
	cat prefix.toml >>cross.toml
	check "for another machine" build cross.toml
	check "it is for that one" is_for 'AArch64\|X86-64' out/root/usr/local/bin/p
	fails "and not for this one" out/root/usr/local/bin/p
fi
finish
