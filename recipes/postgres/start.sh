# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# What init starts: a data folder where there is none, then the server in its place.
# Everyone on the guest's network may ask: that network is QEMU's, and only what is
# forwarded gets in.
set -e
data=/var/lib/postgres/data
if [ ! -s "$data/PG_VERSION" ]; then
	initdb -D "$data" -U postgres -A trust -E UTF8 --no-locale --no-sync
	echo 'host all all 10.0.2.0/24 trust' >>"$data/pg_hba.conf"
fi
exec postgres -D "$data" -h '*' -k /tmp -c fsync=off -c shared_buffers=32MB \
	-c max_connections=20
