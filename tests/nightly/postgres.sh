#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# postgres: psql of this machine asks the guest, whose server made its data by itself.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires psql postgresql-client

run_recipe "postgres.toml boots" "$top_srcdir/recipes/postgres.toml" -o out
check "the server is ready" grep -q '^postgres is ready' run.txt
no_qemu "no QEMU is left"

ask()
{
	PGCONNECT_TIMEOUT=20 psql -X -A -t -h 127.0.0.1 -p "$port" -U postgres -c "$1"
}

guest 512M 5432
check "it takes connections" within 300 says 'ready to accept connections'
check "it answers" within 60 ask 'SELECT 1'
expect "SELECT 1" 1 "$(ask 'SELECT 1')"
ask 'CREATE TABLE t (n int)' >/dev/null
ask 'INSERT INTO t SELECT generate_series(1, 1000)' >/dev/null
expect "it keeps a table" 500500 "$(ask 'SELECT sum(n) FROM t')"
expect "its data is where the recipe says" /var/lib/postgres/data "$(ask 'SHOW data_directory')"
expect "of its user, not of root" "70" \
	"$(ask "SELECT (regexp_match(pg_read_file('/proc/self/status'), 'Uid:\s+(\d+)'))[1]")"
guest_end
finish
