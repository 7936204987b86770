#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# fetch-http against a real web server, against one that lies, and against none.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
requires nginx nginx-light
requires openssl openssl
requires sha256sum coreutils

hostile=${top_builddir:?}/tests/tools/hostile-http
sum()
{
	sha256sum "$1" | cut -d' ' -f1
}

# ---- Servers ----------------------------------------------------------

# One process that runs as whoever runs the test; ports are found by trying.
nginx_conf()
{
	cat <<EOF
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
	server {
		listen 127.0.0.1:$1;
		location = /moved { return 302 /a/b/file.tar.gz; }
		location /slow/ { alias $T/www/; limit_rate 1m; }
	}
	server {
		listen 127.0.0.1:$2 ssl;
		ssl_certificate $T/cert.pem;
		ssl_certificate_key $T/key.pem;
		location = /down { return 302 http://127.0.0.1:$1/file.tar.gz; }
	}
}
EOF
}

start_nginx()
{
	port=$((20000 + $$ % 20000))
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		port=$((port + 2))
		nginx_conf "$port" $((port + 1)) >"$T/nginx.conf"
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

start_hostile()
{
	"$hostile" "$T/good" "$T/other" >"$T/hostile.log" &
	hostile_pid=$!
	while [ ! -s "$T/hostile.log" ]; do
		kill -0 "$hostile_pid" || exit 1
		sleep 0.1
	done
	H=http://127.0.0.1:$(head -n 1 "$T/hostile.log")
}

stop_servers()
{
	kill "${nginx_pid:-}" "${hostile_pid:-}" 2>/dev/null
}
at_end stop_servers

mkdir -p "$T/www/a/b"
head -c 3000000 /dev/urandom >"$T/www/file.tar.gz"
head -c 50000 /dev/urandom >"$T/www/a/b/file.tar.gz"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$T/key.pem" -out "$T/cert.pem" \
	2>/dev/null
start_nginx
start_hostile
N=http://127.0.0.1:$port
S=https://127.0.0.1:$((port + 1))
www=$T/www
good=$(sum "$T/good")

# ---- Ways to fetch ----------------------------------------------------

recipe()
{
	printf '[stage.x]\nplugin = "fetch-http"\n' >r.toml
	printf '%s\n' "$@" >>r.toml
}

# again LINE...: the recipe with these options, on the store as it is.
again()
{
	recipe "$@"
	rm -rf out
	msmv run r.toml >"$T/said" 2>&1
	said=$?
	cat "$T/said"
	return "$said"
}

get()
{
	rm -rf "$MSMV_STORE"
	again "$@"
}

# got FILE NAME LINE...: the recipe gives NAME with FILE's bytes.
got()
{
	want=$1
	out=$2
	shift 2
	get "$@" && cmp "$want" "out/$out"
}

# hostile PATH REQUESTS...: what the hostile server was asked for it.
hostile_log()
{
	sed -n "s|^$1 ||p" "$T/hostile.log" | tr '\n' ';'
}

# ---- The good days ----------------------------------------------------

check "a file" got "$www/file.tar.gz" file.tar.gz "url = \"$N/file.tar.gz\""
check "its size is shown" grep -q '3\.0 MB' "$T/said"
expect "a second time it is there already" cached "$(stage_state r.toml x)"
check "a redirect" got "$www/a/b/file.tar.gz" moved "url = \"$N/moved\""
check "a relative one" got "$T/good" to-good "url = \"$H/to-good\""
check "the right sum" got "$T/good" good "url = \"$H/good\"" "sha256 = \"$good\""
check "written in capitals" got "$T/good" good "url = \"$H/good\"" \
	"sha256 = \"$(echo "$good" | tr a-f A-F)\""
check "the second url" got "$www/file.tar.gz" nothing.tar.gz \
	"url = [\"http://127.0.0.1:1/nothing.tar.gz\", \"$N/none\", \"$N/file.tar.gz\"]"
check "a query names no file" got "$T/good" good "url = \"$H/good?token=secret\""

# ---- Mirrors ----------------------------------------------------------

check "the mirror with the longest prefix" got "$www/a/b/file.tar.gz" file.tar.gz \
	'url = "http://x.invalid/dl/file.tar.gz"' \
	"mirrors = { \"http://x.invalid/\" = \"$N/\", \"http://x.invalid/dl/\" = \"$N/a/b/\" }"
check "a mirror is not part of the key" again 'url = "http://x.invalid/dl/file.tar.gz"'
check "the shorter one when the longer has it not" got "$www/file.tar.gz" file.tar.gz \
	'url = "http://x.invalid/file.tar.gz"' \
	"mirrors = { \"http://x.invalid/\" = \"$N/\", \"http://x.invalid/f\" = \"$N/none/\" }"
check "the url itself when no mirror has it" got "$www/file.tar.gz" file.tar.gz \
	"url = \"$N/file.tar.gz\"" "mirrors = { \"$N/\" = \"$N/none/\" }"
mkdir folder
cp "$www/file.tar.gz" folder/
check "a folder as a mirror" got "$www/file.tar.gz" file.tar.gz \
	'url = "http://x.invalid/file.tar.gz"' \
	"mirrors = { \"http://x.invalid/\" = \"file://$PWD/folder/\" }"

# ---- Local files ------------------------------------------------------

mkdir -p "$PWD/local files"
echo one >"$PWD/local files/x.txt"
local_url="file://$(echo "$PWD" | sed 's/ /%20/g')/local%20files/x.txt"
check "a file url" got "$PWD/local files/x.txt" x.txt "url = \"$local_url\""
expect "unchanged it is not fetched again" cached "$(stage_state r.toml x)"
echo two >"$PWD/local files/x.txt"
expect "changed it is" run "$(stage_state r.toml x)"
check "and gives the new content" again "url = \"$local_url\""
check "which it is" cmp "$PWD/local files/x.txt" out/x.txt
refuse "a file that is not there" "does not exist" get "url = \"file://$PWD/none\""
refuse "a folder" "is a folder" get "url = \"file://$PWD/folder\""
mkfifo "$PWD/fifo"
refuse "a pipe" "not a regular file" get "url = \"file://$PWD/fifo\"" "sha256 = \"$good\""
refuse "a wrong sum of a local file" "got $(sum "$www/file.tar.gz")" \
	get "url = \"file://$PWD/folder/file.tar.gz\"" "sha256 = \"$good\""
cp "$T/good" beside.bin
check "a file beside the recipe" got beside.bin beside.bin 'path = "beside.bin"'

# ---- What is wrong is said --------------------------------------------

refuse "404" "HTTP 404" get "url = \"$N/none\""
fails "leaves no output" test -e out/none
refuse "a wrong sum: expected" "expected $good" \
	get "url = \"$N/file.tar.gz\"" "sha256 = \"$good\""
check "a wrong sum: got" grep -q "got $(sum "$www/file.tar.gz")" "$T/said"
check "a wrong sum: url" grep -q "$N/file.tar.gz is not" "$T/said"
refuse "the wrong file everywhere" "none of the 2 places" \
	get "url = [\"$H/cut\", \"$N/file.tar.gz\"]" "sha256 = \"$(sum r.toml)\""
refuse "no server" "connect" get 'url = "http://127.0.0.1:1/x"' 'retries = 0'
refuse "a password is not shown" "http://\*\*\*@127.0.0.1" \
	get "url = \"http://me:word@127.0.0.1:$port/none\""
refuse "no url" "nothing to fetch" get
refuse "url and path" "exclude each other" get 'path = "beside.bin"' 'url = "http://x/y"'
refuse "a scheme of others" "http://, https:// and file:// only" get 'url = "ftp://x/y"'
refuse "a blank in a url" "blank" get 'url = "http://x/a b"'
refuse "a sum of the wrong length" "64 hex digits" get 'url = "http://x/y"' 'sha256 = "12"'

# ---- Resume -----------------------------------------------------------

check "a broken line is taken up" got "$T/good" cut-1 "url = \"$H/cut-1\""
expect "where it broke, on condition" '- -;100000- "v1";' "$(hostile_log /cut-1)"
check "a file that changed starts over" got "$T/other" changed "url = \"$H/changed\""
expect "after it was asked to go on" '- -;100000- "v1";' "$(hostile_log /changed)"
check "one that changed without a word, too" got "$T/other" swapped "url = \"$H/swapped\""
check "an answer from elsewhere in the file" got "$T/good" range-lie "url = \"$H/range-lie\""
check "a rest that belongs to another file" got "$T/good" bytes-lie \
	"url = \"$H/bytes-lie\"" "sha256 = \"$good\""
check "a server that cannot go on" got "$T/good" no-range "url = \"$H/no-range\""
check "nothing vouches for the rest" got "$T/good" nameless-1 "url = \"$H/nameless-1\""
expect "so all is fetched again" '- -;- -;' "$(hostile_log /nameless-1)"

# interrupted SIGNAL LINE...: a run that is stopped in the middle of the download.
interrupted()
{
	sig=$1
	shift
	rm -rf "$MSMV_STORE" out
	recipe "$@"
	"$MSMV" run r.toml >"$T/interrupted" 2>&1 &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.2
		part=$(find "$MSMV_STORE" -name '*.part' -size +300k 2>/dev/null)
		[ -n "$part" ] && break
	done
	kill -s "$sig" "$pid"
	wait "$pid"
	[ -n "$part" ]
}

for sig in INT KILL; do
	: >"$T/access.log"
	check "a run is interrupted by $sig" interrupted $sig "url = \"$N/slow/file.tar.gz\""
	fails "and leaves no output" test -e out/file.tar.gz
	check "the next run ends it" again "url = \"$N/slow/file.tar.gz\""
	check "with the right bytes" cmp "$www/file.tar.gz" out/file.tar.gz
	check "fetching the rest only" grep -q '" 206 ' "$T/access.log"
done
check "nothing unfinished stays" test -z "$(find "$MSMV_STORE" -name '*.part')"

check "interrupted once more" interrupted INT "url = \"$N/slow/file.tar.gz\""
head -c 2999999 /dev/urandom >"$www/file.tar.gz"
touch -d 2001-01-01 "$www/file.tar.gz"
check "the file changes meanwhile" again "url = \"$N/slow/file.tar.gz\""
check "and is the new one" cmp "$www/file.tar.gz" out/file.tar.gz

# ---- The bad days -----------------------------------------------------

quick='retries = 1'
refuse "a body that ends early" "100000 bytes remaining" get "url = \"$H/short\"" "$quick"
fails "is no output" test -e out/short
refuse "chunks that are none" "chunk" get "url = \"$H/chunk-garbage\"" "$quick"
refuse "a chunk cut off" "outstanding" get "url = \"$H/chunk-cut\"" "$quick"
refuse "two lengths" "two different lengths" get "url = \"$H/two-lengths\""
refuse "more than was announced" "got $(head -c 100000 "$T/good" | sha256sum | cut -c1-64)" \
	get "url = \"$H/too-long\"" "sha256 = \"$good\""
refuse "an unwanted part" "sent a part" get "url = \"$H/unwanted-part\""
refuse "an empty file" "empty file" get "url = \"$H/empty\""
refuse "a page for an archive" "web page" get "url = \"$H/page.tar.gz\""
refuse "a page for a pinned file" "web page" get "url = \"$H/page\"" "sha256 = \"$good\""
refuse "a redirect loop" "redirect loop" get "url = \"$H/loop\""
refuse "a maze of redirects" "more than 8 redirects" get "url = \"$H/maze\""
refuse "a redirect to a file" "only http and https" get "url = \"$H/to-file\""
refuse "a redirect to nowhere" "without a place" get "url = \"$H/to-nowhere\""
refuse "an endless error" "HTTP 404" get "url = \"$H/endless-error\""
refuse "endless headers" "header" get "url = \"$H/endless-header\"" "$quick"
refuse "no answer" "[Ee]mpty reply" get "url = \"$H/nothing\"" "$quick"
refuse "a drip" "too slow" get "url = \"$H/drip\"" "stall = 1" "retries = 0"
refuse "a limit on the time" "timed out" get "url = \"$H/drip\"" "timeout = 1" "retries = 0"
check "a busy server" got "$T/good" busy "url = \"$H/busy\""
check "a server that asks for patience" got "$T/good" patience "url = \"$H/patience\""
refuse "a server that stays down" "HTTP 500" get "url = \"$H/down-1\"" "$quick"
expect "is asked as often as retries say" '- -;- -;' "$(hostile_log /down-1)"
refuse "a file that is gone" "HTTP 404" get "url = \"$H/gone\""
expect "is asked for once" '- -;' "$(hostile_log /gone)"

# ---- TLS --------------------------------------------------------------

refuse "an unknown authority" "certificate is not trusted" get "url = \"$S/file.tar.gz\""
check "one that the person trusts" got "$www/file.tar.gz" file.tar.gz \
	"url = \"$S/file.tar.gz\"" "ca_file = \"$T/cert.pem\""
refuse "another name than the certificate's" "certificate is not trusted" \
	get "url = \"https://localhost:$((port + 1))/file.tar.gz\"" "ca_file = \"$T/cert.pem\""
refuse "from https down to http" "from https down to http" \
	get "url = \"$S/down\"" "ca_file = \"$T/cert.pem\""

# ---- Size -------------------------------------------------------------

truncate -s 200M "$www/big"
check "200 MB" got "$www/big" big "url = \"$N/big\"" "sha256 = \"$(sum "$www/big")\""
peak=$(grep -rhs '^peak_kb=' "$MSMV_STORE" | cut -d= -f2 | sort -n | tail -n 1)
echo "# the worker's peak: ${peak:-unknown} KiB"
bound=32768
# A sanitizer's shadow memory is not the plugin's.
grep -q __asan_init "$top_builddir/core/msmv-worker" && bound=262144
check "in bounded memory" test "${peak:-99999999}" -lt $bound

# small COMMAND...: with the store on a file system of 4 MB.
small()
{
	mkdir -p "$T/small"
	unshare -rm sh -c 'mount -t tmpfs -o size=4m none "$1" && shift && "$@"' small \
		"$T/small" "$@"
}
if small true 2>/dev/null; then
	recipe "url = \"$N/big\""
	refuse "a full disk" "the disk is full" \
		small env MSMV_STORE="$T/small" "$MSMV" run r.toml
	expect "in one message" 1 "$(grep -c "^error:" "$T/check.out")"
else
	ok "a full disk # SKIP no user name spaces here"
fi

# ---- What a site sets, and no key holds --------------------------------

# A proxy that nobody answers at: whoever asks it fails.
dead=http://127.0.0.1:1
get "url = \"$N/file.tar.gz\"" >/dev/null
fails "the caller's proxy is used" env http_proxy=$dead no_proxy= "$MSMV" run r.toml \
	--store "$T/proxied"
check "not for the hosts of no_proxy" env http_proxy=$dead no_proxy=127.0.0.1 "$MSMV" run r.toml \
	--store "$T/proxied"
check "it is in no key" env http_proxy=$dead "$MSMV" run r.toml --store "$T/proxied"
printf '[fetch]\nproxy = %s\n' "$dead" >site.conf
fails "msmv.conf's proxy is used" env MSMV_CONF="$PWD/site.conf" "$MSMV" run r.toml \
	--store "$T/other"
finish
