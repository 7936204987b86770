# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# What init starts: a data folder where there is none, then the server in its place.
# Everyone on the guest's network may ask: that network is QEMU's, and only what is
# forwarded gets in.
set -e
data=/var/lib/mysql/data

server()
{
	exec mariadbd --no-defaults --datadir=$data --socket=/tmp/mysql.sock \
		--innodb-buffer-pool-size=32M --innodb-log-file-size=8M "$@"
}

# With --bootstrap the server takes a statement to end where a line ends with it.
first_data()
{
	printf '%s;\n' 'CREATE DATABASE mysql' 'USE mysql' 'SET @auth_root_socket = NULL'
	cat /usr/share/mysql/[123].sql
	echo "INSERT INTO global_priv VALUES ('10.0.2.%', 'root',
		json_object('access', cast(-1 as unsigned)));"
}

if [ ! -d $data/mysql ]; then
	mkdir -p $data
	first_data | (server --bootstrap --log-warnings=0)
fi
server --skip-name-resolve --performance-schema=off --max-connections=20
