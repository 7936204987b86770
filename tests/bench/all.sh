#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# make bench: the figures that msmv holds itself to, each beside what it is compared
# with, measured in one run. Nothing here passes or fails.
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
# As in the tests, or nothing that they built would be found: stages are told these.
unset CC CXX LD HOSTCC MAKE_COMMAND MAKEFLAGS MFLAGS SOURCE_DATE_EPOCH MSMV_CONF
here=$top_srcdir/tests/bench
for b in "$here"/*.sh; do
	[ "$b" = "$here/all.sh" ] && continue
	[ "$b" = "$here/lib.sh" ] && continue
	printf '\n== %s\n' "$(basename "$b" .sh)"
	sh "$b"
done
