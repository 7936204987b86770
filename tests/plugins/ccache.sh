#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Compilers behind ccache: the second build after all results are gone finds everything,
# gives the same bytes, and the key does not know.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=make-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires ccache ccache
requires gcc gcc
requires make make

mkdir -p two-1.0
printf 'p: a.o b.o\n\t$(CC) -o p a.o b.o\ninstall:\n\tmkdir -p $(DESTDIR)/bin\n\tcp p $(DESTDIR)/bin\n' \
	>two-1.0/Makefile
echo 'int b(void); int main(void) { return b() + sizeof(__FILE__) - 4; }' >two-1.0/a.c
echo 'int b(void) { return 4; }' >two-1.0/b.c
pack two-1.0

check "without it" try two.toml two-1.0 'output_executable_path = "/bin/p"'
sum=$(sha256sum out/root.tar)
check "an app with ccache is not built anew: the key does not know" build two.toml --ccache
expect "it is cached" cached "$(stage_state two.toml app)"
msmv clean --all >/dev/null
check "the first build fills the cache" build two.toml --ccache
check "with nothing found" in_log two.toml 'ccache: 0 of 2 compilations were in the cache'
expect "the bytes are the same" "$sum" "$(sha256sum out/root.tar)"
msmv clean --all >/dev/null
mkdir conf
printf '[run]\nccache = true\n' >conf/msmv.conf
MSMV_CONF=$PWD/conf/msmv.conf
export MSMV_CONF
check "msmv.conf asks for it, too" build two.toml
check "and the second build finds all" in_log two.toml 'ccache: 2 of 2 compilations were in the cache'
expect "the bytes are the same again" "$sum" "$(sha256sum out/root.tar)"
unset MSMV_CONF
msmv clean --all --ccache >/dev/null
check "clean --ccache takes it away" build two.toml --ccache
check "so nothing is found" in_log two.toml 'ccache: 0 of 2'

# A machine without it: something that is no program lies over it.
hide='mount --bind /dev/null "$0" && exec "$@"'
if unshare -rm sh -c "$hide" "$(command -v ccache)" true 2>/dev/null; then
	msmv clean --all >/dev/null
	refuse "without ccache on the machine" 'is not installed: install the package ccache' \
		unshare -rm sh -c "$hide" "$(command -v ccache)" "$MSMV" run two.toml --ccache
fi
finish
