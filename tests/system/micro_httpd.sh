#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# micro_httpd: the recipe's own checks get a page from the guest, and fail when it has none.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/lib.sh"
requires jq jq
recipe=$top_srcdir/recipes/micro_httpd.toml

run_recipe "micro_httpd.toml boots and passes its checks" "$recipe" -o out
check "it is ready" grep -q '^micro_httpd is ready' run.txt
expect "its page and its 404 came" "absent page" \
	"$(report '[.checks[].name] | sort | join(" ")')"

# No page comes from a port that nobody listens on.
refuse "a port that is closed in the guest" \
	"check closed: expected an answer on port 81; came a connection that is closed at once, in 2 s" \
	msmv run "$recipe" --set run.checks.closed.tcp=81 --set run.checks.closed.timeout=2 -o bad
no_qemu "no QEMU is left"
finish
