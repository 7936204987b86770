#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# redis: the recipe's own checks talk to the guest.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/lib.sh"
requires jq jq

run_recipe "redis.toml boots and passes its checks" "$top_srcdir/recipes/redis.toml" -o out
check "the server is ready" grep -q '^redis is ready' run.txt
expect "it kept a value, ran a script and is where it belongs" "place scripts values" \
	"$(report '[.checks[].name] | sort | join(" ")')"
expect "over a port of this machine" "6379 tcp" \
	"$(report '.ports[0] | "\(.guest) \(.protocol)"')"
no_qemu "no QEMU is left"
finish
