#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Ctrl-C ends everything within a second, and the next run goes on.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >r.toml <<EOF
[stage.quick]
plugin = "trial"
text = "quick"
count = "$T/quick.count"
[stage.slow]
plugin = "trial"
act = "sleep"
inputs = { in = "quick:out" }
[stage.stubborn]
plugin = "trial"
act = "hang"
inputs = { in = "quick:out" }
EOF

wait_for()
{
	for _ in $(seq 100); do
		grep -q "$1" out.txt 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}

# gone PATTERN: the kernel needs a moment to take a killed process away.
gone()
{
	for _ in $(seq 40); do
		processes "$1" "${T##*/}/" >/dev/null || return 0
		sleep 0.05
	done
	return 1
}

interrupt_with()
{
	rm -f out.txt
	# A child of an asynchronous list ignores SIGINT: env --default-signal mends that.
	env --default-signal=INT "$MSMV" run r.toml -j 4 >out.txt 2>&1 &
	pid=$!
	check "$1: it runs" wait_for '^  run .*stubborn'
	check "$1: all of it" wait_for '^  run .*slow'
	sleep 0.2
	start=$(date +%s%N)
	kill -"$1" "$pid"
	wait "$pid"
	code=$?
	ms=$((($(date +%s%N) - start) / 1000000))
	expect "$1: exit status" 130 "$code"
	check "$1: within a second and a bit ($ms ms)" test "$ms" -lt 1500
	check "$1: no process is left" gone 'sleep 1000'
	expect "$1: nothing is left in the store" "" "$(ls "$MSMV_STORE/tmp")"
	check "$1: it says how to go on" grep -q 'run it again' out.txt
	expect "$1: the finished stage is kept" cached "$(stage_state r.toml quick)"
}

interrupt_with INT
interrupt_with TERM
rm -rf "$MSMV_STORE"
MSMV_SANDBOX=off
export MSMV_SANDBOX
interrupt_with INT
interrupt_with TERM
unset MSMV_SANDBOX
expect "the first stage ran once in all" 1 "$(wc -l <"$T/quick.count" | tr -d ' ')"

# kill -9 of the engine itself: workers die with it, the next start cleans up.
env --default-signal=INT "$MSMV" run r.toml -j 4 >out.txt 2>&1 &
pid=$!
check "KILL: it runs" wait_for '^  run .*slow'
sleep 0.2
kill -KILL "$pid"
wait "$pid" 2>/dev/null
check "KILL: the stage's program died too" gone 'sleep 1000'
check "KILL: what was logged is there" sh -c '"$0" log r.toml slow | grep -q "sleep 1000"' "$MSMV"
check "KILL: the next start" msmv plan r.toml
check "KILL: and stays" sh -c '"$0" log r.toml slow | grep -q "sleep 1000"' "$MSMV"
expect "KILL: removes what was left" "" "$(ls "$MSMV_STORE/tmp")"
finish
