# SPDX-License-Identifier: GPL-3.0-only
# A recipe's own files lie in a folder of its name.
recipesdir = $(msmvdatadir)/recipes
EXTRA_DIST += recipes/REFERENCE.md
dist_recipes_DATA = \
	recipes/busybox.toml \
	recipes/dropbear.toml \
	recipes/hello.toml \
	recipes/htop.toml \
	recipes/mariadb.toml \
	recipes/micro_httpd.toml \
	recipes/nano.toml \
	recipes/postgres.toml \
	recipes/redis.toml \
	recipes/w3m.toml
recipesbusyboxdir = $(recipesdir)/busybox
dist_recipesbusybox_DATA = recipes/busybox/config.patch
recipesdropbeardir = $(recipesdir)/dropbear
dist_recipesdropbear_DATA = recipes/dropbear/authorized_keys
recipesmariadbdir = $(recipesdir)/mariadb
dist_recipesmariadb_DATA = recipes/mariadb/server.patch recipes/mariadb/start.sh
recipeshttpddir = $(recipesdir)/micro_httpd
dist_recipeshttpd_DATA = recipes/micro_httpd/index.html
recipespostgresdir = $(recipesdir)/postgres
dist_recipespostgres_DATA = recipes/postgres/start.sh recipes/postgres/static.patch
recipesredisdir = $(recipesdir)/redis
dist_recipesredis_DATA = recipes/redis/redis.conf
recipesw3mdir = $(recipesdir)/w3m
dist_recipesw3m_DATA = recipes/w3m/index.html
