#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# IPv6 from routers and DHCPv6 servers that lie, are silent, or give leases of seconds.
# Called by name through check.
# shellcheck disable=SC2317,SC2119
# shellcheck source=tests/net/net.sh
. "${top_srcdir:?}/tests/net/net.sh"

auto='[interface eth0]
router6 = yes'
prefix="030440c0 00000e10 00000708 00000000 fd000009000000000000000000000000"
dns="19030000 00000258 fd000000000000000000000000000053"
search="1f020000 00000258 0161 00 0000000000"
# An address from elsewhere, which nobody may get.
wrong="030440c0 00000e10 00000708 00000000 fd000bad000000000000000000000000"
words() { printf '%s' "$*" | tr -d ' '; }

# Everything of a router, after two that are none; duplicates are looked for.
client_new
server --ra "64,own,00,1800,$(words "$wrong")" --ra "255,fd00::1,00,1800,$(words "$wrong")" \
	--ra "255,own,00,1800,$(words "$prefix" 0501000000000578 "$dns" "$search")"
client_start <<END
$auto
END
check "an address with the MAC's identifier" until_client 'inet6 fd00:9::5054:ff:fe12:3456/64' ip -6 addr show eth0
check "with its times" client_says 'valid_lft 3[56][0-9][0-9]sec preferred_lft 1[78]' ip -6 addr show eth0
check "the default route, with its time" \
	until_client '^default via fe80::.* dev eth0 proto ra metric 104 expires 1[78]' ip -6 route
check "a route on the link" client_says '^fd00:9::/64 dev eth0 proto ra metric 100 expires' ip -6 route
check "nothing of the router whose packets were forwarded" has "$said" 'its hop limit is not 255'
check "nor of the one that is no neighbour" has "$said" 'its source is not link-local'
check "nobody has the wrong prefix" gone 'fd00:bad' ip -6 addr
expect "each address once, the kernel made none of its own" 2 \
	"$(in_client ip -6 -o addr show dev eth0 | wc -l)"
check "ready when duplicates were looked for" until_has "$T/ready" '^ready$'
check "name server and domain" until_has "$run/resolv.conf" '^nameserver fd00::53$'
check "search" has "$run/resolv.conf" '^search a$'
expect "MTU of IPv6 alone" 1400 "$(in_client cat /proc/sys/net/ipv6/conf/eth0/mtu)"
for line in 'ipv6=fd00:9::.*/64' 'gateway6=fe80::.*' dns6=fd00::53 search6=a state=up mtu=1500; do
	check "state: $line" state eth0 "^$line\$"
done
check "router: done" ended_well

# An address that another machine has.
client_new
ip addr add fd00:9::5054:ff:fe12:3456/64 dev v0 nodad
server --ra "255,own,00,1800,$(words "$prefix")"
client_start <<END
$auto
END
check "a duplicate is found" until_has "$said" 'another machine has the address fd00:9::5054:ff:fe12:3456'
check "and not used" until_gone 'inet6 fd00:9' ip -6 addr show eth0
check "duplicate: done" ended_well

# What ends.
client_new
client_quick
server --ra "255,own,00,2,$(words 03044080 00000002 00000002 00000000 \
	fd000009000000000000000000000000 19030000 00000002 fd000000000000000000000000000053)"
client_start <<END
[others]
$auto
END
check "short: a route" until_client '^default via fe80::' ip -6 route
check "short: no address without its flag" gone 'inet6 fd00:9' ip -6 addr show eth0
check "short: a name server" until_has "$run/resolv.conf" 'nameserver fd00::53'
check "short: another router is looked for at the end" \
	until_true 30 sh -c "test \$(grep -c 'router solicited' $log) -ge 2"
check "short: done" ended_well

# DHCPv6 for an address and a prefix, both of seconds; renewed.
client_new
client_quick
server --ra "255,own,80,1800," --address6 fd00:9::77 --prefix6 fd00:aa00::/56 --times6 3,4,1,2
client_start <<END
$auto
delegation = yes
END
check "managed: an address" until_client 'inet6 fd00:9::77/128' ip -6 addr show eth0
check "managed: a prefix" state eth0 '^delegated=fd00:aa00::/56$'
check "managed: a name server" until_has "$run/resolv.conf" '^nameserver fd00::53$'
check "managed: ready" until_has "$T/ready" '^ready$'
check "managed: solicited with both, and rapid commit" has "$log" 'SOLICIT .*options=.*14.*,3,25$'
check "managed: requested from one server" has "$log" 'REQUEST .*options=1,2,'
check "managed: renewed" until_true 30 sh -c "test \$(grep -c RENEW $log) -ge 4"
check "managed: the address outlives its first end" client_says 'inet6 fd00:9::77' ip -6 addr show eth0
expect "managed: solicited once" 1 "$(grep -c SOLICIT "$log")"
check "managed: done" ended_well

# All of it amid messages with each length wrong.
client_new
client_quick
server --garbage --ra "255,own,80,1800,$(words "$prefix" "$dns" "$search")" --address6 fd00:9::77 \
	--prefix6 fd00:aa00::/56
client_start <<END
$auto
delegation = yes
END
check "garbage: an address" until_client 'inet6 fd00:9::77/128' ip -6 addr show eth0
check "garbage: and by the router" until_client 'inet6 fd00:9::5054:ff:fe12:3456/64' ip -6 addr show eth0
check "garbage: a prefix" state eth0 '^delegated=fd00:aa00::/56$'
check "garbage: a name server and a domain" until_has "$run/resolv.conf" '^search a$'
check "garbage: advertisements are ignored, and said why" has "$said" \
	"an advertisement was ignored: an option's length is wrong"
check "garbage: DHCPv6 as well" has "$said" 'a DHCPv6 message was ignored: '
check "garbage: no address but these" test "$(in_client ip -6 -o addr show dev eth0 | wc -l)" = 3
check "garbage: done" ended_well

# A server that falls silent.
client_new
client_quick
server --ra "255,own,80,1800," --address6 fd00:9::77 --times6 3,4,1,2 --mute-bound6
client_start <<END
$auto
END
check "silent: an address" until_client 'inet6 fd00:9::77/128' ip -6 addr show eth0
check "silent: asked to renew" until_has "$log" RENEW
check "silent: then all are" until_has "$log" REBIND
check "silent: it ends" until_gone 'inet6 fd00:9::77' ip -6 addr show eth0
check "silent: and begins anew" until_true 30 sh -c "test \$(grep -c SOLICIT $log) -ge 2"
check "silent: done" ended_well

# Name servers alone.
client_new
client_quick
server --ra "255,own,40,1800,$(words "$prefix")"
client_start <<END
$auto
END
check "stateless: a name server" until_has "$run/resolv.conf" '^nameserver fd00::53$'
check "stateless: asked for that alone" has "$log" 'dhcp6 INFORMATION .*options=1,8,6$'
check "stateless: an address from the router" until_client 'inet6 fd00:9::' ip -6 addr show eth0
check "stateless: no lease" hasnt "$log" SOLICIT
check "stateless: done" ended_well
finish
