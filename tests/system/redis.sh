#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# redis: redis-cli of this machine asks the guest.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires redis-cli redis-tools

run_recipe "redis.toml boots" "$top_srcdir/recipes/redis.toml" -o out
check "the server is ready" grep -q '^redis is ready' run.txt
no_qemu "no QEMU is left"

ask()
{
	redis-cli -h 127.0.0.1 -p "$port" "$@"
}

answers()
{
	[ "$(ask PING)" = PONG ]
}

guest 256M 6379
check "it answers PING" within 60 answers
expect "it takes a value" OK "$(ask SET colour green)"
expect "and gives it back" green "$(ask GET colour)"
expect "it runs a script" 42 "$(ask EVAL 'return 6 * 7' 0)"
expect "it is not root" "/var/lib/redis" "$(ask CONFIG GET dir | tail -n 1)"
ask SHUTDOWN NOSAVE >/dev/null 2>&1
check "its end is the machine's" within 20 says 'msmv: halt v=1 .*reason=exit code=0'
guest_end
finish
