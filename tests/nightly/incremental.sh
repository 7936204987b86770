#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A kernel rebuilt in its old objects after a change of options is, byte for byte, the
# kernel that a clean folder gives.
. "${top_srcdir:?}/tests/lib.sh"
recipe=$top_srcdir/recipes/hello.toml

# build STORE OUT [OPTIONS]: the kernel alone.
build()
{
	store=$1
	out=$2
	shift 2
	msmv run "$recipe" --until kernel.build --store "$store" -o "$out" "$@"
}

check "the first build" build "$T/warm" first
check "with two options changed, in the old objects" build "$T/warm" changed \
	--set kernel.options.PRINTK_TIME=y --set kernel.options.TIMERFD=y
check "the same from nothing" build "$T/clean" clean \
	--set kernel.options.PRINTK_TIME=y --set kernel.options.TIMERFD=y
check "bzImage is the same" cmp changed/bzImage clean/bzImage
check "vmlinux is the same" cmp changed/vmlinux clean/vmlinux
fails "and another than before" cmp -s first/bzImage changed/bzImage
finish
