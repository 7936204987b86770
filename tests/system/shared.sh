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

# no_qemu NAME: no QEMU of this test is left.
no_qemu()
{
	fails "$1" processes qemu-system tests/system-store/
}
