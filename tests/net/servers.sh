#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv-net with servers and routers as others run them, dnsmasq and radvd; several links;
# and links where nobody answers.
# Called by name through check.
# shellcheck disable=SC2317,SC2119
# shellcheck source=tests/net/net.sh
. "${top_srcdir:?}/tests/net/net.sh"
requires dnsmasq dnsmasq-base
requires radvd radvd

# dnsmasq_on INTERFACE < configuration
dnsmasq_on()
{
	{
		echo "port=0
interface=$1
bind-interfaces
leasefile-ro
no-ping
pid-file=
log-dhcp"
		cat
	} >"$T/dnsmasq.$1"
	dnsmasq -d -C "$T/dnsmasq.$1" >"$T/dnsmasq.log.$1" 2>&1 &
	servers="$servers $!"
	until_has "$T/dnsmasq.log.$1" 'started' >/dev/null || cat "$T/dnsmasq.log.$1"
}

# radvd_on INTERFACE < what stands in its braces
radvd_on()
{
	{
		echo "interface $1 { AdvSendAdvert on;"
		cat
		echo "};"
	} >"$T/radvd.conf"
	chmod 644 "$T/radvd.conf"
	radvd -n -C "$T/radvd.conf" -p "$T/radvd.pid" -m stderr >"$T/radvd.log" 2>&1 &
	servers="$servers $!"
}

# Both families on one link.
client_new
ip addr add 10.1.0.1/24 dev v0
ip addr add fd00:1::1/64 dev v0 nodad
dnsmasq_on v0 <<'END'
dhcp-range=10.1.0.10,10.1.0.20,255.255.255.0,2m
dhcp-range=fd00:1::10,fd00:1::20,slaac,64,5m
dhcp-host=52:54:00:12:34:56,10.1.0.17,named
enable-ra
dhcp-option=option:dns-server,10.1.0.1,10.1.0.2
dhcp-option=option:classless-static-route,0.0.0.0/0,10.1.0.1,10.7.0.0/16,10.1.0.7
dhcp-option=option6:dns-server,[fd00:1::53]
dhcp-option=option6:domain-search,six.test
domain=four.test
END
client_start <<'END'
wait_for = each
lease_hostname = yes
[interface eth0]
dhcp4 = yes
router6 = yes
END
check "dnsmasq: ready with the first address" until_has "$T/ready" '^ready$'
check "dnsmasq: within two seconds" test "$(ready_ms)" -lt 2000
check "dnsmasq: the address that the host gave away" until_client 'inet 10.1.0.17/24' ip addr show eth0
check "dnsmasq: a static route" until_client '^10.7.0.0/16 via 10.1.0.7 ' ip route
check "dnsmasq: DHCPv6" until_client 'inet6 fd00:1::[12].*/128' ip -6 addr show eth0
check "dnsmasq: an address by its advertisement" until_client \
	'inet6 fd00:1::5054:ff:fe12:3456/64' ip -6 addr show eth0
check "dnsmasq: default route of IPv6" until_client '^default via fe80::' ip -6 route
check "dnsmasq: name servers of both" until_has "$run/resolv.conf" '^nameserver fd00:1::53$'
expect "dnsmasq: resolv.conf" \
	"nameserver 10.1.0.1 nameserver 10.1.0.2 nameserver fd00:1::53 search four.test six.test" \
	"$(tr '\n' ' ' <"$run/resolv.conf" | sed 's/ $//')"
expect "dnsmasq: the lease's host name" named "$(in_client hostname)"
check "dnsmasq: state" state eth0 '^ipv4=10.1.0.17/24$'
# Both names of a file are never there at once for long; a reader sees whole ones.
expect "no file is left over" "eth0" "$(ls "$run/msmv/net")"
check "dnsmasq: the link goes" in_client ip link set eth0 down
check "dnsmasq: that is seen" state eth0 '^state=no-carrier$'
in_client ip link set eth0 up
check "dnsmasq: and comes back with its addresses" until_client 'inet 10.1.0.17/24' ip addr show eth0
check "dnsmasq: and its routes" until_client '^default via 10.1.0.1 ' ip route
check "dnsmasq: state" state eth0 '^state=up$'
{ kill -KILL "$helper"; wait "$helper"; } 2>/dev/null
rm "$run/msmv/net/eth0"
client_start <<'END'
[interface eth0]
dhcp4 = yes
router6 = yes
END
check "dnsmasq: after a crash, the same lease" state eth0 '^ipv4=10.1.0.17/24$'
check "dnsmasq: and ready" until_has "$T/ready" '^ready$'
check "dnsmasq: and the default routes" until_client '^default via 10.1.0.1 ' ip route
check "dnsmasq: one of each family" test \
	"$(in_client ip route show default | wc -l)" -eq 1
check "dnsmasq: done" ended_well

# IPv6 alone, by radvd.
client_new
ip addr add fd00:2::1/64 dev v0 nodad
radvd_on v0 <<'END'
MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvLinkMTU 1400;
prefix fd00:2::/64 { AdvOnLink on; AdvAutonomous on; };
RDNSS fd00:2::53 { AdvRDNSSLifetime 300; };
DNSSL ra.test { AdvDNSSLLifetime 300; };
END
client_start <<'END'
[others]
[interface eth0]
dhcp4 = yes
router6 = yes
END
check "radvd: an address" until_client 'inet6 fd00:2::5054:ff:fe12:3456/64' ip -6 addr show eth0
check "radvd: ready without IPv4" until_has "$T/ready" '^ready$'
check "radvd: resolv.conf" until_has "$run/resolv.conf" '^nameserver fd00:2::53$'
check "radvd: search" until_has "$run/resolv.conf" '^search ra.test$'
expect "radvd: MTU" 1400 "$(in_client cat /proc/sys/net/ipv6/conf/eth0/mtu)"
in_client ip link set lo up
check "radvd: the router answers" in_client python3 -c '
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
s.settimeout(10)
try:
    s.connect(("fd00:2::1", 9))
except ConnectionRefusedError:
    pass
'
check "radvd: done" ended_well

# Two links, one of them without a server, one that comes later, and one that is static.
client_new 3
in_client ip link set eth2 name late0
ip addr add 10.3.0.1/24 dev v0
ip addr add 10.4.0.1/24 dev v2
dnsmasq_on v0 <<'END'
dhcp-range=10.3.0.10,10.3.0.20,255.255.255.0,2m
END
dnsmasq_on v2 <<'END'
dhcp-range=10.4.0.10,10.4.0.20,255.255.255.0,2m
END
client_start <<'END'
dns = 10.3.0.1 10.3.0.53
[interface eth0]
dhcp4 = yes
router6 = yes
[interface eth1]
address = 10.5.0.2/24 fd00:5::2/64 10.6.0.2/24
gateway = 10.5.0.1 fd00:5::1
mtu = 1300
[interface eth2]
dhcp4 = yes
END
check "several: ready" until_has "$T/ready" '^ready$'
check "several: static addresses are there by then" client_says 'inet 10.5.0.2/24' ip addr show eth1
check "several: each of them" until_client 'inet 10.6.0.2/24' ip addr show eth1
check "several: of IPv6" until_client 'inet6 fd00:5::2/64' ip addr show eth1
check "several: its MTU" until_client 'mtu 1300' ip link show eth1
check "several: its gateway of IPv6" until_client '^default via fd00:5::1 dev eth1' ip -6 route
check "several: the other one by DHCP" until_client 'inet 10.3.0' ip addr show eth0
check "several: the first has the better metric" \
	until_client '^default via 10.3.0.1 dev eth0 .*metric 100' ip route
check "several: the second the next one" \
	until_client '^default via 10.5.0.1 dev eth1 .*metric 200' ip route
check "several: a link with another name is left alone" gone 'inet ' ip addr show late0
in_client ip link set late0 name eth2
check "several: one that appears later is configured" until_client 'inet 10.4.0' ip addr show eth2
check "several: with the metric of its place" \
	until_client '^default via 10.4.0.1 dev eth2 .*metric 300' ip route
in_client ip link del eth2
check "several: one that goes is forgotten" until_true 30 test ! -e "$run/msmv/net/eth2"
check "several: state of the static one" state eth1 '^ipv4=10.5.0.2/24$'
check "several: done" ended_well

# Ports of a bridge, whose messages look like those of interfaces; a link without a carrier.
client_new 2
ip link set v1 down
client_start <<'END'
[interface eth0]
address = 10.8.0.2/24 fd00:8::2/128
gateway = 10.8.0.1 fd00:9::1
[interface eth1]
address = 10.9.0.2/24
metric = 300
END
check "bridge: ready, though one link has no carrier" until_has "$T/ready" '^ready$'
check "bridge: its address is there" client_says 'inet 10.9.0.2/24' ip addr show eth1
check "bridge: a gateway behind a /128" until_client '^default via fd00:9::1 dev eth0' ip -6 route
check "bridge: state" state eth0 '^ipv4=10.8.0.2/24$'
if in_client ip link add br0 type bridge 2>/dev/null; then
	in_client ip link set eth0 master br0
	in_client ip link set eth0 nomaster
	check "bridge: a port that leaves it is not gone" sh -c "
		nsenter --net --target $client ip link set eth0 down
		nsenter --net --target $client ip link set eth0 name port0"
	check "bridge: but has another name" until_has "$run/msmv/net/port0" '^interface=port0$'
	check "bridge: under which alone it is known" test ! -e "$run/msmv/net/eth0"
else
	ok "bridge: # SKIP the kernel has no bridges"
fi
check "bridge: done" ended_well

# No interface that anything is to be done with.
client_new
client_start <<'END'
[others]
dhcp4 = yes
END
check "none: ready before the limit" until_has "$T/ready" '^ready$'
check "none: done" ended_well

# Nobody answers.
client_new
client_start <<'END'
wait_ms = 700
[interface eth0]
dhcp4 = yes
router6 = yes
END
check "alone: the guest goes on at the limit" until_has "$T/ready" '^limit$'
check "alone: which is told" until_has "$said" 'not ready after 700 ms'
ip addr add 10.1.0.1/24 dev v0
dnsmasq_on v0 <<'END'
dhcp-range=10.1.0.10,10.1.0.20,255.255.255.0,2m
END
check "alone: a server that comes later is found" until_client 'inet 10.1.0.1[0-9]/24' ip addr show eth0
expect "alone: the limit is told once" limit "$(cat "$T/ready")"
check "alone: done" ended_well

# Nobody listens on descriptor 3 any more, or it is not there.
client_new
printf '[net]\nlog = debug\nwait_ms = 100\n[interface eth0]\ndhcp4 = yes\n' >"$T/net.ini"
mkfifo "$T/deaf"
sh -c 'sleep 0.05' <"$T/deaf" &
nsenter --net --uts --target "$client" -- "$net" "$T/net.ini" "$run" 3>"$T/deaf" 2>"$said" &
helper=$!
check "deaf: the end of init's pipe is survived" until_has "$said" 'nobody waits for the network any more'
check "deaf: done" ended_well
: >"$said"
nsenter --net --uts --target "$client" -- "$net" "$T/net.ini" "$run" 3>&- 2>"$said" &
helper=$!
check "deaf: so is none at all" until_has "$said" 'not ready after 100 ms'
check "deaf: done" ended_well

# Without IPv6, and with nothing at all.
client_new
client_start <<'END'
wait_for = none
[interface eth0]
no_ipv6 = yes
END
check "nothing: ready at once" until_has "$T/ready" '^ready$'
check "nothing: no link-local address" gone inet6 ip -6 addr show eth0
check "nothing: no wake-up without a cause" sh -c "
	sleep 1; before=\$(awk '/^voluntary/ { print \$2 }' /proc/$helper/status)
	sleep 2; test \"\$before\" = \"\$(awk '/^voluntary/ { print \$2 }' /proc/$helper/status)\""
check "nothing: done" ended_well
finish
