# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# msmv-net as the client of servers: a test is the server's side, in namespaces of its own
# (sourced first, this begins the test again inside of them), and has clients in others.
#
#   client_new [N]            a machine with N links (1): eth0 ... with MACs 52:54:00:12:34:56 ...,
#                           whose other ends are v0 ... here
#   client_start < net.ini    starts msmv-net there; $run is its /run, $said what it said
#   client_stop               ends it; $status is its exit status
#   client_kill               ends it as a crash would
#   in_client COMMAND...      in the client's network
#   until_has FILE REGEX      waits until the file has such a line; fails after 30 s
#   until_client REGEX CMD... waits until the command's output in the client has it
#   server ARGS...            tests/net/server.py on v0; $log is its log
#   server_on LINK ARGS...    on another link
#   state NAME REGEX          of an interface, as its file has it
#
# Everything ends with the test, as its first process does.

if [ -z "${NET_INSIDE:-}" ]; then
	NET_INSIDE=yes
	export NET_INSIDE
	how="--net --mount --uts --pid --fork --kill-child=KILL --mount-proc"
	[ "$(id -u)" = 0 ] || how="--user --map-root-user $how"
	# shellcheck disable=SC2086
	if unshare $how true 2>/dev/null; then
		exec unshare $how sh "$0" "$@"
	elif [ "${CI:-}" = true ]; then
		echo "Bail out! namespaces cannot be made here"
		exit 1
	fi
	echo "1..0 # SKIP namespaces cannot be made here"
	exit 0
fi
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
requires ip iproute2
requires python3 python3

net=$top_builddir/tests/net/msmv-net-asan
links=0
client=
helper=
servers=
run=

end_all()
{
	# shellcheck disable=SC2086 # a list
	kill $helper $servers $client 2>/dev/null
}
at_end end_all

ip link set lo up
if ! ip link add probe type veth peer name other 2>/dev/null; then
	echo "1..0 # SKIP the kernel has no veth"
	exit 0
fi
ip link del probe

servers_end()
{
	# shellcheck disable=SC2086
	[ -z "$servers" ] || kill $servers 2>/dev/null
	# shellcheck disable=SC2086
	[ -z "$servers" ] || wait $servers 2>/dev/null
	servers=
}

# shellcheck disable=SC2120 # one link without an argument
client_new()
{
	servers_end
	[ -z "$client" ] || kill "$client"
	[ -z "$client" ] || wait "$client" 2>/dev/null
	i=0
	while [ "$i" -lt "$links" ]; do
		ip link del "v$i" 2>/dev/null
		i=$((i + 1))
	done
	unshare --net --uts sleep 1000 &
	client=$!
	until [ "$(readlink "/proc/$client/ns/net")" != "$(readlink /proc/self/ns/net)" ] &&
		[ -n "$(readlink "/proc/$client/ns/net")" ]; do
		sleep 0.02
	done
	in_client hostname localhost
	links=${1:-1}
	i=0
	while [ "$i" -lt "$links" ]; do
		ip link add "v$i" type veth peer name "eth$i" netns "$client"
		in_client ip link set "eth$i" address "52:54:00:12:34:5$((6 + i))"
		# Duplicates of our own addresses are of no interest here.
		echo 0 >"/proc/sys/net/ipv6/conf/v$i/accept_dad"
		echo 0 >"/proc/sys/net/ipv6/conf/v$i/accept_ra"
		ip link set "v$i" up
		i=$((i + 1))
	done
	run=$T/run.$client
	said=$T/said.$client
}

# The client looks for duplicates for a second, but for what is about that.
client_quick()
{
	in_client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad'
}

in_client()
{
	nsenter --net --uts --target "$client" -- "$@"
}

client_start()
{
	{
		echo '[net]'
		echo 'log = debug'
		cat
	} >"$T/net.ini"
	mkdir -p "$run"
	: >"$T/ready"
	: >"$said"
	nsenter --net --uts --target "$client" -- env -i \
		ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1 \
		"$net" "$T/net.ini" "$run" 3>"$T/ready" 2>>"$said" &
	helper=$!
}

# As a helper that has crashed.
client_kill()
{
	{ kill -KILL "$helper"; wait "$helper"; } 2>/dev/null
	helper=
}

client_stop()
{
	kill "$helper"
	wait "$helper"
	status=$?
	helper=
}

# until_true SECONDS COMMAND...
until_true()
{
	tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		if [ "$tries" -le 0 ]; then
			"$@"
			return
		fi
		sleep 0.05
	done
}

until_has()
{
	until_true "${patience:-30}" grep -e "$2" "$1" || {
		tail -n 15 "$1" "$said"
		false
	}
}

client_says()
{
	regex=$1
	shift
	in_client "$@" | grep -e "$regex"
}

until_client()
{
	until_true "${patience:-30}" client_says "$@" || {
		shift
		in_client "$@"
		tail -n 15 "$said"
		false
	}
}

gone()
{
	! client_says "$@"
}

until_gone()
{
	until_true "${patience:-30}" gone "$@"
}

state()
{
	until_has "$run/msmv/net/$1" "$2"
}

# has FILE REGEX, hasnt FILE REGEX
has()
{
	grep -e "$2" "$1" || {
		tail -n 15 "$1" "$said"
		false
	}
}

hasnt()
{
	! grep -e "$2" "$1"
}

server()
{
	server_on v0 "$@"
}

server_on()
{
	log=$T/log.$client.$1
	rm -f "$log"
	python3 "$top_srcdir/tests/net/server.py" --log "$log" "$@" 2>"$T/server.err" &
	servers="$servers $!"
	until_true 10 test -s "$log" || {
		cat "$T/server.err"
		echo "Bail out! server.py does not start"
		exit 1
	}
}

# ready_ms: how long it took, by msmv-net's own clock
ready_ms()
{
	sed -n 's/.* ready after \([0-9]*\) ms$/\1/p' "$said"
}

ended_well()
{
	client_stop
	[ "$status" = 0 ] || {
		tail -n 15 "$said"
		false
	}
}
