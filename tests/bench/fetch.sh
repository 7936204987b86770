#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# fetch-http beside the curl command: the same file from the same web server on
# loopback, best of several turns each. msmv's time is all of `msmv run`, from an empty
# store to a published artifact; curl's is alone, and with the sum that msmv always has.
. "${top_srcdir:?}/tests/lib.sh"
requires nginx nginx-light
requires curl curl

mb=${MSMV_BENCH_MB:-256}
turns=${MSMV_BENCH_TURNS:-5}
nginx_pid=

stop()
{
	[ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null
}
at_end stop

start_nginx()
{
	port=$((20000 + $$ % 20000))
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		port=$((port + 1))
		cat >"$T/nginx.conf" <<-EOF
			daemon off;
			master_process off;
			pid $T/nginx.pid;
			error_log stderr crit;
			events { worker_connections 64; }
			http {
				access_log off;
				client_body_temp_path $T/ng-body;
				proxy_temp_path $T/ng-proxy;
				fastcgi_temp_path $T/ng-fastcgi;
				uwsgi_temp_path $T/ng-uwsgi;
				scgi_temp_path $T/ng-scgi;
				sendfile on;
				server { listen 127.0.0.1:$port; root $T/www; }
			}
		EOF
		nginx -p "$T" -c "$T/nginx.conf" 2>/dev/null &
		nginx_pid=$!
		sleep 0.5
		[ -s "$T/nginx.pid" ] && return 0
	done
	echo "Bail out! nginx does not start"
	exit 1
}

# took COMMAND...: sets ms to its wall time.
took()
{
	sync # nobody pays for what the one before left to be written
	start=$(date +%s%N)
	"$@" >"$T/took.out" 2>&1 || { cat "$T/took.out"; exit 1; }
	ms=$((($(date +%s%N) - start) / 1000000))
}

with_curl()
{
	curl -sf -o "$T/got" "$url"
}

with_curl_and_sum()
{
	curl -sf "$url" | tee "$T/got" | sha256sum
}

with_msmv()
{
	msmv run r.toml
}

# best NAME: the least of ms so far.
best()
{
	eval "was=\${$1:-}"
	# shellcheck disable=SC2154 # set by eval
	if [ -z "$was" ] || [ "$ms" -lt "$was" ]; then
		eval "$1=$ms"
	fi
}

mkdir -p "$T/www"
head -c "${mb}M" /dev/urandom >"$T/www/file"
start_nginx
url=http://127.0.0.1:$port/file
pin=$(sha256sum "$T/www/file" | cut -d' ' -f1)

turn=0
while [ "$turn" -lt "$turns" ]; do
	turn=$((turn + 1))
	for how in curl curl_and_sum; do
		rm -f "$T/got"
		took "with_$how"
		best "$how"
	done
	for how in msmv msmv_pinned; do
		printf '[stage.x]\nplugin = "fetch-http"\nurl = "%s"\n' "$url" >r.toml
		[ $how = msmv ] || echo "sha256 = \"$pin\"" >>r.toml
		rm -rf "$MSMV_STORE" out
		took with_msmv
		best $how
		plugin_ms=$(grep -rhs '^duration_ms=' "$MSMV_STORE" | cut -d= -f2 | sort -n | tail -n 1)
		ms=${plugin_ms:-$ms}
		best "stage_$how"
	done
done

# ratio NAME A B: A per B, in hundredths.
ratio()
{
	b=$3
	[ "$b" -gt 0 ] || b=1
	printf '%-44s %6d ms %6d ms   ratio %d.%02d\n' "$1" "$2" "$3" \
		$(($2 / b)) $(($2 * 100 / b % 100))
}

echo "fetch of $mb MB from nginx on loopback, best of $turns"
# shellcheck disable=SC2154 # set by best
{
	ratio "stage : curl" "$stage_msmv" "$curl"
	ratio "stage with sha256 : curl | sha256sum" "$stage_msmv_pinned" "$curl_and_sum"
	ratio "msmv run : curl" "$msmv" "$curl"
	ratio "msmv run with sha256 : curl | sha256sum" "$msmv_pinned" "$curl_and_sum"
}
