#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# w3m: shows its own page, and fetches one from a server of this machine.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
recipe=$top_srcdir/recipes/w3m.toml

run_recipe "w3m.toml boots" "$recipe" -o out
check "its own page was seen" grep -q '^w3m is ready' run.txt
no_qemu "no QEMU is left"

mkdir www
echo '<title>t</title><p>fetched <b>page</b> number 4711</p>' >www/page.html
web=$(free_port)
python3 -m http.server -d www -b 127.0.0.1 "$web" >web.txt 2>&1 &
web_pid=$!
at_end "kill $web_pid 2>/dev/null"

# The server is this machine's, which a guest in the sandbox has no way to.
run_recipe "it fetches a page" "$recipe" -o other --sandbox=off \
	--set "init.app.w3m=/usr/local/bin/w3m -dump http://10.0.2.2:$web/page.html" \
	--set 'run.expect=fetched page number 4711' --set run.linger=5000
check "the page was seen" grep -q '^w3m is ready' run.txt
check "the server was asked" grep -q '"GET /page.html HTTP/1.[01]" 200' web.txt
no_qemu "no QEMU is left after that"
finish
