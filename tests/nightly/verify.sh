#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Real recipes made again elsewhere are the same bytes: kernels, C library, applications,
# init, trees, initramfs, qcow2, UKI.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"

# verifies RECIPE [OPTIONS]
verifies()
{
	recipe=$1
	shift
	if msmv verify "$recipe" "$@" >verify.txt 2>&1; then
		ok "$(tail -n 1 verify.txt)"
	else
		not_ok "${recipe##*/} is the same elsewhere"
		tail -n 30 verify.txt | diag
	fi
}

verifies "$top_srcdir/recipes/hello.toml"
verifies "$top_srcdir/recipes/nano.toml"
verifies "$top_srcdir/tests/system/recipes/images.toml"
finish
