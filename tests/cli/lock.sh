#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# RECIPE.lock: what it holds, what it holds a recipe to, and runs without a network.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
requires nginx nginx-light
requires jq jq

sum()
{
	sha256sum "$1" | cut -d' ' -f1
}

start_nginx()
{
	port=$((20000 + $$ % 20000))
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		port=$((port + 1))
		cat >"$T/nginx.conf" <<EOF
daemon off;
master_process off;
pid $T/nginx.pid;
error_log stderr crit;
events { worker_connections 64; }
http {
	access_log $T/access.log combined;
	client_body_temp_path $T/ng-body;
	proxy_temp_path $T/ng-proxy;
	fastcgi_temp_path $T/ng-fastcgi;
	uwsgi_temp_path $T/ng-uwsgi;
	scgi_temp_path $T/ng-scgi;
	root $T/www;
	server { listen 127.0.0.1:$port; }
}
EOF
		nginx -p "$T" -c "$T/nginx.conf" 2>"$T/nginx.err" &
		nginx_pid=$!
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			[ -s "$T/nginx.pid" ] && return 0
			kill -0 "$nginx_pid" 2>/dev/null || break
			sleep 0.1
		done
		kill "$nginx_pid" 2>/dev/null
	done
	cat "$T/nginx.err"
	echo "Bail out! nginx does not start"
	exit 1
}
stop_nginx()
{
	kill "${nginx_pid:-}" 2>/dev/null
}
at_end stop_nginx
www=$T/www
mkdir -p "$www"
head -c 5000 /dev/urandom >"$www/a"
head -c 6000 /dev/urandom >"$www/b"
echo mine >own
start_nginx
N=http://127.0.0.1:$port
# How often the server was asked for a file.
asked()
{
	grep -c "GET /$1 " "$T/access.log"
}

cat >r.toml <<EOF
[stage.a]
plugin = "fetch-http"
url = "$N/a"

[stage.b]
plugin = "fetch-http"
url = ["$N/gone", "$N/b"]

[stage.own]
plugin = "fetch-http"
path = "own"
EOF

# ---- Writing ----------------------------------------------------------

refuse "--locked without a lock" "there is no .*r.toml.lock: msmv lock writes it" \
	msmv plan r.toml --locked
exit_code "--check without one" 1 msmv lock r.toml --check
check "msmv lock" msmv lock r.toml
sed 's/^#.*//' r.toml.lock >got
cat >want <<EOF


version = 1

[[source]]
stage = "a"
url = ["$N/a"]
file = "a"
sha256 = "$(sum "$www/a")"
size = 5000

[[source]]
stage = "b"
url = ["$N/gone",
	"$N/b"]
file = "gone"
sha256 = "$(sum "$www/b")"
size = 6000
EOF
expect "holds each source, and not what travels with the recipe" "$(cat want)" "$(cat got)"
expect "only the sources ran" "a b" "$(msmv lock r.toml --json | jq -r '[.sources[].stage] | join(" ")')"
was=$(stat -c %i r.toml.lock)
check "again" msmv lock r.toml
expect "a lock that is right stays untouched" "$was" "$(stat -c %i r.toml.lock)"
check "--check" msmv lock r.toml --check

# ---- Holding ----------------------------------------------------------

expect "what was fetched before the lock is there" "cached cached" \
	"$(stage_state r.toml a) $(stage_state r.toml b)"
check "a run, locked" msmv run r.toml --locked
expect "fetched nothing again" "1 1" "$(asked a) $(asked b)"
mv "$www/a" a.first
head -c 5000 /dev/urandom >"$www/a"
check "upstream's change is no matter while the bytes are here" msmv run r.toml
rm -rf "$MSMV_STORE"
refuse "elsewhere it is an error" \
	"sha256 expected $(sum a.first), got $(sum "$www/a")" msmv run r.toml
cp "$T/check.out" said
check "that says what to do" grep -q "msmv lock .*r.toml --update a" said
cp r.toml.lock before.lock
refuse "msmv lock alone does not take it" "the lock stays as it was" msmv lock r.toml
check "and changes nothing" cmp before.lock r.toml.lock
exit_code "a stage that is no source" 2 msmv lock r.toml --update own
exit_code "a stage without --update" 2 msmv lock r.toml a
msmv lock r.toml --update a >said
check "--update takes it" grep -q "changed  a  $(sum "$www/a"), was $(sum a.first)" said
expect "and nothing else" "$(grep -A5 'stage = "b"' before.lock)" "$(grep -A5 'stage = "b"' r.toml.lock)"
check "then it runs" msmv run r.toml --locked
cp a.first "$www/a"
check "--update asks upstream, whatever the store has" msmv lock r.toml --update
check "so the lock is the first again" cmp before.lock r.toml.lock

# ---- A recipe that went on ---------------------------------------------

sed -i "s|url = \"$N/a\"|url = \"$N/a?new\"|" r.toml
cat >warning.want <<EOF
r.toml:3:1: warning: the source of a is not what r.toml.lock has: that is for $N/a
    3 | url = "$N/a?new"
      | ^~~
      = msmv lock r.toml brings the lock up to date
EOF
msmv plan r.toml 2>warning.got >/dev/null
expect "another url is a warning, at its place" "$(cat warning.want)" "$(cat warning.got)"
check "and is fetched" msmv run r.toml
refuse "--locked makes it an error" "error: the source of a is not what" msmv run r.toml --locked
exit_code "so does --check" 1 msmv lock r.toml --check
printf '\n[stage.c]\nplugin = "fetch-http"\nurl = "%s/b?c"\n' "$N" >>r.toml
refuse "--locked and a new source" "error: the source of c is not in r.toml.lock" \
	msmv plan r.toml --locked
check "msmv lock" msmv lock r.toml
check "brings it up to date" msmv plan r.toml --locked
sed -i '/stage.c/,$d' r.toml
refuse "--check and a source that is gone" "c of .*, which the recipe does not ask for" \
	msmv lock r.toml --check
check "a run does not mind" msmv run r.toml --locked
sed -i "s|^plugin = \"fetch-http\"|&\nsha256 = \"$(sum own)\"|;t" r.toml
refuse "the recipe's own sum stands above the lock" "has the sha256 $(sum own), but r.toml.lock has" \
	msmv plan r.toml --locked

# ---- Locks that are none ------------------------------------------------

# bad NAME TEXT EDIT: the lock after sed, refused with the text.
bad()
{
	sed "$3" before.lock >r.toml.lock
	refuse "$1" "$2" msmv plan r.toml
}
bad "a lock of another time" "r.toml.lock:3:11: error: this lock is not of version 1" 's/^version = 1/version = 2/'
bad "a key that is none" "a source has a key that msmv does not know" 's/^size/sise = 1\nsize/'
bad "a source without a sum" "a source has no sha256" '/^sha256/d'
bad "a sum that is none" "wants 64 lower-case hexadecimal digits" 's/^sha256 = "./sha256 = "X/'
bad "half a lock" "error: " '$d;s/^size = /size = "/'
cp "$T/check.out" said
check "says what to do" grep -q "remove it and run msmv lock again" said
refuse "msmv lock does not write over what it cannot read" "error: " msmv lock r.toml

# ---- A recipe of several shapes -------------------------------------------

cat >arch.toml <<EOF
[general]
name = "arch"
target_arch = ["x86_64", "aarch64"]
libc = "system"
[kernel]
url = "$N/a?x86"
[arch.aarch64.kernel]
url = "$N/b?arm"
[profile.other.kernel]
url = "$N/a?other"
[run]
enable = false
[output]
format = "initramfs"
EOF
check "several architectures" msmv lock arch.toml
expect "one entry for each url" "kernel.source $N/a?x86;kernel.source $N/b?arm;" \
	"$(sed -n 's/^stage = "\(.*\)"/\1/p; s/^url = \["\(.*\)"\]/ \1;/p' arch.toml.lock |
		tr -d '\n')"
check "holds both" msmv plan arch.toml --locked
check "and one alone" msmv plan arch.toml --locked --arch aarch64
refuse "a profile's source is another" "is not what arch.toml.lock has" \
	msmv plan arch.toml --locked --profile other
check "msmv lock --profile" msmv lock arch.toml --profile other --arch x86_64
check "adds it" msmv plan arch.toml --locked --profile other
check "and keeps the others" msmv plan arch.toml --locked
check "--update of both by one name" msmv lock arch.toml --update kernel.source
expect "which drops what the recipe by itself has not" 2 "$(grep -c '^stage' arch.toml.lock)"

# ---- Without a network ---------------------------------------------------

cat >off.toml <<EOF
[stage.a]
plugin = "fetch-http"
url = "$N/a?off"
[stage.b]
plugin = "fetch-http"
url = "$N/b?off"
[stage.own]
plugin = "fetch-http"
path = "own"
[stage.deb]
plugin = "fetch-apt"
url = "apt:linux-source=1"
EOF
: >"$T/access.log"
refuse "--offline with nothing here" "offline: 3 sources are not here:" msmv run off.toml --offline
expect "names all of them" "a $N/a?off;b $N/b?off;deb apt:linux-source=1;" \
	"$(sed -n 's/^  \([a-z]*\)  \(.*\)/\1 \2;/p' "$T/check.out" | tr -d '\n')"
expect "and asks nobody" 0 "$(wc -l <"$T/access.log")"
refuse "plan says so too" "3 sources are not here" msmv plan off.toml --offline
check "what is beside the recipe needs none" msmv run off.toml --offline --until own
printf '[fetch]\noffline = true\n' >site.conf
refuse "msmv.conf can say it" "offline: 3 sources" env MSMV_CONF="$PWD/site.conf" "$MSMV" plan off.toml
check "once with it" msmv run off.toml --until a --until b
: >"$T/access.log"
check "then without" msmv run off.toml --until a --until b --offline
mkdir mirror
cp "$www/a" "mirror/a?off"
cp "$www/b" "mirror/b?off"
printf '[mirrors]\n%s/ = file://%s/mirror/\n' "$N" "$PWD" >>site.conf
check "a mirror on this machine serves a fresh one" env MSMV_CONF="$PWD/site.conf" \
	"$MSMV" run off.toml --until a --until b --store "$T/fresh"
rm "mirror/b?off"
refuse "a file that the mirror lacks" "not tried, as the network is not to be used" env \
	MSMV_CONF="$PWD/site.conf" "$MSMV" run off.toml --until b --store "$T/fresh2"
expect "nobody was asked" 0 "$(wc -l <"$T/access.log")"
finish
