#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv-net after something has gone: itself in a crash, a carrier, a router, the kernel's
# list of changes; and what it gives back when it goes in order.
# Called by name through check.
# shellcheck disable=SC2317,SC2119
# shellcheck source=tests/net/net.sh
. "${top_srcdir:?}/tests/net/net.sh"

both='[interface eth0]
dhcp4 = yes
router6 = yes'
static='[interface eth1]
address = 10.8.0.2/24 fd00:8::2/64
gateway = 10.8.0.1 fd00:8::1'
# words PREFIX: 64 bits with flags L and A, for an hour.
words() { printf '030440c000000e100000070800000000%s0000000000000000' "$1"; }
old=$(words fd00000a00000000)
new=$(words fd00000b00000000)
routes="7916 000a090001 180a0a0a0a090007 20c00002010a090007"

# Killed, and meanwhile the servers have changed: what the old ones gave goes.
client_new 2
client_quick
server --offer 10.9.0.5 --lease 4294967295 --options "0104ffffff00 03040a090001 $routes" \
	--ra "255,fe80::1,00,9000,$old"
client_start <<END
$both
$static
END
check "crash: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "crash: a route" until_client '^10.10.10.0/24 via 10.9.0.7 ' ip route
check "crash: an address by the router" until_client 'inet6 fd00:a::' ip addr show eth0
check "crash: its default route" until_client '^default via fe80::1 ' ip -6 route
# What others have made is theirs.
in_client ip addr add 10.9.1.1/24 dev eth0
in_client ip addr add fd00:9::1/64 dev eth0 nodad
in_client ip route add 10.20.0.0/16 via 10.9.0.7 proto static
in_client ip -6 route add fd00:20::/32 via fe80::7 dev eth0 proto static
client_kill
servers_end
check "crash: all stays meanwhile" client_says 'inet 10.9.0.5/24' ip addr show eth0
server --offer 10.9.0.6 --options "0104ffffff00 03040a090002" --ra "255,fe80::2,00,9000,$new"
client_start <<END
$both
$static
END
check "crash: the new address" until_client 'inet 10.9.0.6/24' ip addr show eth0
check "crash: a route of the old lease is gone" until_gone '10.10.10.0/24' ip route
check "crash: and its default route" until_gone '10.9.0.1 ' ip route
check "crash: another default route is there" until_client '^default via 10.9.0.2 ' ip route
check "crash: the new address by a router" until_client 'inet6 fd00:b::' ip addr show eth0
check "crash: the old router's route goes" until_gone '^default via fe80::1 ' ip -6 route
check "crash: and its network's" until_gone '^fd00:a::/64' ip -6 route
check "crash: the new one's stays" client_says '^default via fe80::2 ' ip -6 route
check "crash: and its network's" client_says '^fd00:b::/64' ip -6 route
check "crash: others' addresses stay" client_says 'inet 10.9.1.1/24' ip addr show eth0
check "crash: of both families" client_says 'inet6 fd00:9::1/64' ip addr show eth0
check "crash: and their routes" client_says '^10.20.0.0/16 via 10.9.0.7 ' ip route
check "crash: of both families" client_says '^fd00:20::/32 via fe80::7 ' ip -6 route
check "crash: what the recipe gives stays" client_says 'inet 10.8.0.2/24' ip addr show eth1
check "crash: of both families" client_says 'inet6 fd00:8::2/64' ip addr show eth1
check "crash: with its gateways" client_says '^default via 10.8.0.1 dev eth1' ip route
check "crash: of both families" client_says '^default via fd00:8::1 dev eth1' ip -6 route
# Since Linux 5.18 the kernel keeps who has made an address.
if printf '5.18\n%s\n' "$(uname -r)" | sort -V -C; then
	check "crash: the old lease's address is gone" until_gone 'inet 10.9.0.5/24' ip addr show eth0
	check "crash: so is the old router's" until_gone 'inet6 fd00:a::' ip addr show eth0
else
	ok "crash: # SKIP the kernel does not keep who made an address"
fi

# Killed, and nobody is there any more.
client_kill
servers_end
client_start <<END
$both
END
check "nobody: the default route of the lease goes" until_gone '^default via 10.9.0.2 ' ip route
check "nobody: and the router's" until_gone '^default via fe80::2 ' ip -6 route
if printf '5.18\n%s\n' "$(uname -r)" | sort -V -C; then
	check "nobody: the address of the lease" until_gone 'inet 10.9.0.6/24' ip addr show eth0
	check "nobody: the address by the router" until_gone 'inet6 fd00:b::' ip addr show eth0
fi
check "nobody: not others' addresses" client_says 'inet 10.9.1.1/24' ip addr show eth0
check "nobody: nor those of interfaces that are not its own" \
	client_says 'inet 10.8.0.2/24' ip addr show eth1
check "nobody: done" ended_well

# A link that goes down takes routes along, and IPv6 addresses; the servers are gone when it
# is back, but what they gave has not ended.
client_new
client_quick
server --offer 10.9.0.5 --options "0104ffffff00 03040a090001 $routes" \
	--ra "255,fe80::1,80,9000,$old" --address6 fd00:9::77 --times6 1000,2000,500,800
client_start <<END
$both
END
check "link: a route" until_client '^10.10.10.0/24 via 10.9.0.7 ' ip route
check "link: DHCPv6" until_client 'inet6 fd00:9::77/128' ip addr show eth0
check "link: an address by the router" until_client 'inet6 fd00:a::' ip addr show eth0
servers_end
in_client ip link set eth0 down
check "link: the routes are gone" until_gone '10.10.10.0/24' ip route
check "link: that is seen" state eth0 '^state=no-carrier$'
in_client ip link set eth0 up
check "link: the route is back" until_client '^10.10.10.0/24 via 10.9.0.7 ' ip route
check "link: so is the one to a host" until_client '^192.0.2.1 via 10.9.0.7 ' ip route
check "link: and the default route" until_client '^default via 10.9.0.1 ' ip route
check "link: the router's address" until_client 'inet6 fd00:a::' ip addr show eth0
check "link: and its network's route" until_client '^fd00:a::/64' ip -6 route
check "link: and the default route" until_client '^default via fe80::1 ' ip -6 route
check "link: the address by DHCPv6" until_client 'inet6 fd00:9::77/128' ip addr show eth0
check "link: up again" state eth0 '^state=up$'
check "link: done" ended_well

# Routers by their preference; one that ends being one.
client_new
client_quick
server --ra "255,fe80::1,18,9000,$old" --ra "255,fe80::2,00,9000,"
client_start <<END
[interface eth0]
router6 = yes
END
check "routers: the one of little preference is the last resort" \
	until_client '^default via fe80::1 .* metric 108' ip -6 route
check "routers: the other one is the first" until_client '^default via fe80::2 .* metric 105' ip -6 route
check "routers: both are told" state eth0 '^gateway6=fe80::1$'
servers_end
server --advertise --ra "255,fe80::2,00,0,"
check "routers: one that ends being one goes" until_gone '^default via fe80::2 ' ip -6 route
check "routers: the other one stays" client_says '^default via fe80::1 ' ip -6 route
check "routers: that is told" until_true 30 hasnt "$run/msmv/net/eth0" '^gateway6=fe80::2'
servers_end
server --advertise --ra "255,fe80::1,08,9000,"
check "routers: another preference, another metric" \
	until_client '^default via fe80::1 .* metric 100' ip -6 route
expect "routers: and one route" 1 "$(in_client ip -6 route show default | grep -c fe80::1)"
check "routers: done" ended_well

# Many static routes, through renewals.
client_new
ip addr add 10.9.0.1/24 dev v0
many=
for n in 01 02 03 04 05 06 07 08 09 0a 0b 0c; do
	many="$many 180a14${n}0a090001"
done
server --offer 10.9.0.5 --lease 3 --options \
	"0104ffffff00 3a0400000001 3b0400000002 7960 $many"
client_start <<END
[interface eth0]
dhcp4 = yes
END
check "many: the last route" until_client '^10.20.12.0/24 via 10.9.0.1 ' ip route
check "many: renewed" until_true 30 sh -c "test \$(grep -c 'ciaddr=10.9.0.5' $log) -ge 3"
expect "many: all are there" 12 "$(in_client ip route | grep -c '^10\.20\..* via 10.9.0.1 ')"
check "many: done" ended_well

# A metric that is given, and would be another interface's by its place.
client_new 2
client_start <<END
[interface eth0]
address = 10.5.0.2/24
gateway = 10.5.0.1
[interface eth1]
address = 10.6.0.2/24
gateway = 10.6.0.1
metric = 100
END
check "metrics: the one that is given" until_client '^default via 10.6.0.1 dev eth1 .*metric 100' ip route
check "metrics: the other interface has another one" \
	until_client '^default via 10.5.0.1 dev eth0 .*metric 113' ip route
check "metrics: which is told" state eth0 '^metric=113$'
check "metrics: done" ended_well

# No carrier, nowhere: there is nothing to wait for.
client_new
ip link set v0 down
client_start <<END
wait_ms = 60000
[interface eth0]
dhcp4 = yes
END
check "no carrier: the guest goes on, long before the limit" until_has "$T/ready" '^limit$'
expect "no carrier: which is told in one line" 1 \
	"$(grep -c 'warn: no interface has a carrier, the guest goes on' "$said")"
check "no carrier: state" state eth0 '^state=no-carrier$'
ip link set v0 up
server --offer 10.9.0.5
check "no carrier: one that comes later is used" until_client 'inet 10.9.0.5/24' ip addr show eth0
expect "no carrier: init is told once" limit "$(cat "$T/ready")"
check "no carrier: done" ended_well

# A carrier but nobody who answers: until the limit.
client_new
client_start <<END
wait_ms = 3000
[interface eth0]
dhcp4 = yes
END
check "a carrier: the limit is waited for" until_has "$T/ready" '^limit$'
check "a carrier: and told" has "$said" 'not ready after 3000 ms'
check "a carrier: done" ended_well

# More changes than the kernel keeps for a program that does not read them.
client_new 3
client_start <<END
[interface eth0]
dhcp4 = yes
[interface eth1]
address = 10.8.0.2/24
[interface eth2]
address = 10.7.0.2/24
END
check "overrun: static addresses" until_client 'inet 10.8.0.2/24' ip addr show eth1
check "overrun: and their state" state eth2 '^ipv4=10.7.0.2/24$'
kill -STOP "$helper"
in_client ip link del eth1
# shellcheck disable=SC2016 # the client's shell counts
in_client sh -c 'ip link add spare type veth peer name other
	i=0
	while [ $i -lt 400 ]; do
		echo "link set spare mtu $((1300 + i % 2))"
		i=$((i + 1))
	done | ip -batch -
	ip link del spare
	ip link set eth2 down
	ip link set eth2 name eth1
	ip link set eth1 up'
kill -CONT "$helper"
check "overrun: is seen" until_has "$said" 'changes were lost, all interfaces are listed again'
check "overrun: the state of what is gone" until_true 30 test ! -e "$run/msmv/net/eth2"
check "overrun: and of what is there" state eth1 '^interface=eth1$'
server --offer 10.9.0.5
check "overrun: life goes on" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "overrun: done" ended_well

# An end in order: leases are given back, what the recipe gives stays.
client_new 2
client_quick
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --options "0104ffffff00 03040a090001" \
	--ra "255,own,80,1800," --address6 fd00:9::77 --prefix6 fd00:aa00::/56
client_start <<END
$both
delegation = yes
[interface eth1]
address = 10.8.0.2/24
END
check "end: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "end: of both families" until_client 'inet6 fd00:9::77/128' ip addr show eth0
check "end: and a prefix" state eth0 '^delegated=fd00:aa00::/56$'
check "end: done" ended_well
check "end: the lease is given back, from its address to its server" until_has "$log" \
	'RELEASE ciaddr=10.9.0.5 to=10.9.0.1 .*source=10.9.0.5 requested=-'
check "end: of DHCPv6, with the address and the prefix" until_has "$log" \
	'dhcp6 RELEASE .*options=1,2,8,3,25$'
check "end: which is no reason to warn" hasnt "$said" 'warn:'
check "end: but told" has "$said" 'info: eth0: the lease is given back'
check "end: and not used any more" gone 'inet 10.9.0.5/24' ip addr show eth0
check "end: of both families" gone 'inet6 fd00:9::77' ip addr show eth0
check "end: what is static stays" client_says 'inet 10.8.0.2/24' ip addr show eth1

# What is said is net.ini's choice, unless who starts it knows better.
client_new
printf '[net]\nlog = error\n[interface eth0]\naddress = 10.8.0.2/24\n' >"$T/net.ini"
mkdir "$run"
nsenter --net --uts --target "$client" -- "$net" "$T/net.ini" "$run" 3>&- 2>"$said" &
helper=$!
check "level: an address" until_client 'inet 10.8.0.2/24' ip addr show eth0
check "level: errors only" test ! -s "$said"
check "level: done" ended_well
nsenter --net --uts --target "$client" -- "$net" "$T/net.ini" "$run" 2 3>&- 2>"$said" &
helper=$!
check "level: told by who starts it" until_has "$said" 'info: ready after'
check "level: done" ended_well
finish
