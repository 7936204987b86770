# SPDX-License-Identifier: GPL-3.0-only
# Sourced by system tests after tests/lib.sh: one store for all of them, so that each
# kernel is built once. A test that needs a store of its own does not source this.
# shellcheck shell=sh disable=SC2154
MSMV_STORE=$top_builddir/tests/system-store
export MSMV_STORE

# run_recipe NAME RECIPE [OPTIONS]: runs it; the output stays in run.txt.
run_recipe()
{
	run_name=$1
	shift
	if msmv run "$@" >run.txt 2>&1; then
		ok "$run_name"
	else
		not_ok "$run_name"
		tail -n 60 run.txt | diag
	fi
}

# anothers PID: the process descends from another test, which runs beside this one.
anothers()
{
	up=$1
	while [ "${up:-0}" -gt 1 ]; do
		up=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$up/status" 2>/dev/null)
		[ "${up:-0}" != $$ ] || return 1
		! tr '\0' ' ' <"/proc/${up:-0}/cmdline" 2>/dev/null |
			grep -qE 'tests/(system|nightly)/[a-z0-9_]+\.sh' || return 0
	done
	return 1
}

# Those of this test, and those whose parents are gone, of whomever they were.
qemu_left()
{
	processes qemu-system tests/system-store/ | while read -r qemu_pid_left rest; do
		anothers "$qemu_pid_left" || echo "$qemu_pid_left $rest"
	done
}

# no_qemu NAME: no QEMU of this test is left.
no_qemu()
{
	expect "$1" "" "$(qemu_left)"
}
