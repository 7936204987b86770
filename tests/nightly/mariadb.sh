#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# mariadb: mysql of this machine asks the guest, whose server made its data by itself.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires mysql default-mysql-client

run_recipe "mariadb.toml boots" "$top_srcdir/recipes/mariadb.toml" -o out
check "the server is ready" grep -q '^mariadb is ready' run.txt
no_qemu "no QEMU is left"

ask()
{
	mysql --no-defaults --connect-timeout=20 --batch --skip-column-names \
		-h 127.0.0.1 -P "$port" -u root -e "$1"
}

guest 768M 3306
check "it takes connections" within 300 says 'ready for connections'
check "it answers" within 60 ask 'SELECT 1'
expect "SELECT 1" 1 "$(ask 'SELECT 1')"
ask 'CREATE DATABASE d; USE d; CREATE TABLE t (n INT PRIMARY KEY) ENGINE=InnoDB;
	INSERT INTO t WITH RECURSIVE s AS (SELECT 1 AS n UNION SELECT n + 1 FROM s WHERE n < 1000)
	SELECT n FROM s' >ask.txt 2>&1 || diag <ask.txt
expect "it keeps a table" 500500 "$(ask 'SELECT sum(n) FROM d.t')"
expect "its data is where the recipe says" /var/lib/mysql/data/ "$(ask 'SELECT @@datadir')"
check "it may write where its user may" ask "SELECT 1 INTO OUTFILE '/var/lib/mysql/mine'"
refuse "and is not root" 'Permission denied' ask "SELECT 1 INTO OUTFILE '/etc/root'"
guest_end
finish
