#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# micro_httpd: curl of this machine gets a page from the guest.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires curl curl

run_recipe "micro_httpd.toml boots" "$top_srcdir/recipes/micro_httpd.toml" -o out
check "the listener is ready" grep -q '^micro_httpd is ready' run.txt
no_qemu "no QEMU is left"

get()
{
	curl --noproxy '*' -sS -m 20 "$@"
}

guest 128M 80
check "it listens" within 60 says 'listening on 0.0.0.0:80'
check "it answers" within 20 get -o page "http://127.0.0.1:$port/index.html"
expect "with 200" 200 "$(get -o page -w '%{http_code}' "http://127.0.0.1:$port/")"
check "it is the recipe's page" cmp page "$top_srcdir/recipes/micro_httpd/index.html"
expect "404 for what is not there" 404 \
	"$(get -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/absent")"
guest_end
finish
