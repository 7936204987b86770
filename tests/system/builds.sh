#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Real sources built with cmake, with meson and by a script, in one guest that runs them.
# Autotools and make have recipes of their own.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires cmake cmake
requires meson meson
requires ninja ninja-build

run_recipe "builds.toml boots" "$top_srcdir/tests/system/recipes/builds.toml" -o out
no_qemu "no QEMU is left"

guest 64M 1
check "what cmake built runs" within 60 says 'LZ4 command line interface'
check "what meson built runs" within 20 says 'pkgconf 1'
check "what a script built runs" within 20 says 'Lua 5.4.*42'
expect "each ended well" 3 "$(grep -c 'msmv: exit v=1 app=.* code=0 signal=0 then=none' console.txt)"
guest_end
finish
