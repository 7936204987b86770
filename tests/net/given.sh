#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What a recipe gives, beside what is learnt and against links that refuse it; and what
# applications wait for.
# Called by name through check.
# shellcheck disable=SC2317,SC2119
# shellcheck source=tests/net/net.sh
. "${top_srcdir:?}/tests/net/net.sh"

# A gateway of the recipe and one of a lease: the recipe's wins, and does not vanish.
client_new
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --options "0104ffffff00 03040a090001"
client_start <<END
[interface eth0]
dhcp4 = yes
address = 10.8.0.2/24
gateway = 10.8.0.1
END
check "both: the recipe's gateway" until_client '^default via 10.8.0.1 .* metric 100' ip route
check "both: the lease's behind it" until_client '^default via 10.9.0.1 .* metric 101' ip route
check "both: both addresses" client_says 'inet 10.8.0.2/24' ip addr show eth0
check "both: are told" state eth0 '^ipv4=10.9.0.5/24$'
check "both: and where packets go" state eth0 '^gateway4=10.8.0.1$'
expect "both: to one place" 1 "$(grep -c gateway4 "$run/msmv/net/eth0")"
check "both: done" ended_well
check "both: the recipe's stays at the end" client_says '^default via 10.8.0.1 ' ip route
check "both: the lease's does not" gone '^default via 10.9.0.1 ' ip route

# Everything that is told of an interface, and that it follows what changes.
client_new
client_quick
ip addr add 10.9.0.1/24 dev v0
times="3a0400000001 3b0400000002"
server --offer 10.9.0.5 --lease 3 --options "0104fffffc00 03040a090001 06080a0900350a090036 $times" \
	--ra "255,fe80::1,80,1800,1903000000000258fd000000000000000000000000000053" \
	--address6 fd00:9::77 --prefix6 fd00:aa00::/56 --times6 3,4,1,2
client_start <<END
[interface eth0]
dhcp4 = yes
router6 = yes
delegation = yes
END
for line in interface=eth0 ipv4=10.9.0.5/22 gateway4=10.9.0.1 'dns4=10.9.0.53 10.9.0.54' \
	ipv6=fd00:9::77/128 gateway6=fe80::1 dns6=fd00::53 delegated=fd00:aa00::/56; do
	check "told: $line" state eth0 "^$line\$"
done
check "told: the MAC is the link's" state eth0 \
	"^mac=$(in_client ip -o link show eth0 | sed 's/.*link.ether \([^ ]*\) .*/\1/')\$"
servers_end
server --offer 10.9.0.5 --lease 3 --options "0104fffffc00 03040a090001 06040a090037 $times" \
	--address6 fd00:9::77 --prefix6 fd00:bb00::/56 --times6 3,4,1,2 --dns6 fd00::54
check "told: another name server" state eth0 '^dns4=10.9.0.55$'
check "told: of DHCPv6, too" state eth0 '^dns6=fd00::54$'
check "told: another prefix" state eth0 '^delegated=fd00:bb00::/56$'
check "told: instead of the one before" hasnt "$run/msmv/net/eth0" 'delegated=fd00:aa00'
check "told: done" ended_well
client_new
client_start <<END
[interface eth0]
address = 10.8.0.2/24 fd00:8::2/64
gateway = 10.8.0.1 fd00:8::1
END
for line in ipv4=10.8.0.2/24 gateway4=10.8.0.1 ipv6=fd00:8::2/64 gateway6=fd00:8::1; do
	check "told of what is static: $line" state eth0 "^$line\$"
done
check "told of what is static: done" ended_well

# A lease's MTU, where IPv6 needs 1280 and where it does not.
for no_ipv6 in no yes; do
	client_new
	server --offer 10.9.0.5 --options "0104ffffff00 1a0203e8"
	client_start <<END
[interface eth0]
dhcp4 = yes
no_ipv6 = $no_ipv6
END
	check "MTU: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
	if [ "$no_ipv6" = yes ]; then
		check "MTU: a small one, without IPv6" until_client 'mtu 1000 ' ip link show eth0
	else
		check "MTU: not below what IPv6 needs" client_says 'mtu 1500 ' ip link show eth0
		check "MTU: IPv6 is there" until_client 'inet6 fe80' ip addr show eth0
	fi
	check "MTU: done" ended_well
done
servers_end
client_new
server --offer 10.9.0.5 --options "0104ffffff00 1a022328"
client_start <<END
[interface eth0]
dhcp4 = yes
END
check "MTU: an address, with one that the link cannot have" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "MTU: the link's stays" client_says 'mtu 1500 ' ip link show eth0
check "MTU: done" ended_well

# One of the recipe's that the link refuses.
client_new
if in_client ip link add link eth0 name small0 type macvlan 2>/dev/null; then
	client_start <<END
[interface small0]
mtu = 9000
address = 10.7.0.2/24
[interface eth0]
mtu = 1300
END
	check "refused: it is told" until_has "$said" 'warn: small0: its MTU: invalid'
	check "refused: the link is up" until_client '<.*[<,]UP[,>]' ip link show small0
	check "refused: with its address" until_client 'inet 10.7.0.2/24' ip addr show small0
	check "refused: another one is taken" until_client 'mtu 1300 ' ip link show eth0
	check "refused: done" ended_well
else
	ok "refused: # SKIP the kernel has no macvlan"
fi

# An old resolv.conf of one before is not this one's.
client_new
mkdir -p "$run"
echo 'nameserver 192.0.2.99' >"$run/resolv.conf"
client_start <<END
dns = 192.0.2.53
[interface eth0]
address = 10.8.0.2/24
END
check "resolv.conf: the recipe's without a lease" until_has "$run/resolv.conf" '^nameserver 192.0.2.53$'
check "resolv.conf: not an old one" hasnt "$run/resolv.conf" 192.0.2.99
check "resolv.conf: done" ended_well
echo 'nameserver 192.0.2.99' >"$run/resolv.conf"
client_start <<END
[interface eth0]
address = 10.8.0.2/24
END
check "resolv.conf: nor without any" until_true 30 hasnt "$run/resolv.conf" 192.0.2.99
check "resolv.conf: which is a file all the same" test -f "$run/resolv.conf"
check "resolv.conf: done" ended_well

# Each interface with a carrier is waited for; one that has none for a second.
client_new 2
server --offer 10.9.0.5
client_start <<END
wait_for = each
wait_ms = 60000
[interface eth0]
dhcp4 = yes
[interface eth1]
dhcp4 = yes
END
check "each: one has an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "each: that is not enough" test ! -s "$T/ready"
server_on v1 --offer 10.9.1.5
check "each: the other one's" until_client 'inet 10.9.1.5/24' ip addr show eth1
check "each: is" until_has "$T/ready" '^ready$'
check "each: done" ended_well
client_new 2
ip link set v1 down
server --offer 10.9.0.5
client_start <<END
wait_for = each
wait_ms = 60000
[interface eth0]
dhcp4 = yes
[interface eth1]
dhcp4 = yes
END
check "each: ready without the one that has no carrier" until_has "$T/ready" '^ready$'
check "each: which had a second for it" test "$(ready_ms)" -ge 1000
check "each: done" ended_well

# One family alone.
client_new
client_quick
server --offer 10.9.0.5
client_start <<END
wait_for = ipv6
wait_ms = 60000
[interface eth0]
dhcp4 = yes
router6 = yes
END
check "ipv6: an address of IPv4" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "ipv6: that is not enough" test ! -s "$T/ready"
servers_end
server --advertise --ra "255,own,00,1800,030440c000000e100000070800000000fd000009000000000000000000000000"
check "ipv6: is ready with one of its own" until_has "$T/ready" '^ready$'
check "ipv6: done" ended_well

# Nothing to take care of: a second, in which something may appear.
client_new
client_start <<'END'
[others]
dhcp4 = yes
END
check "none: ready" until_has "$T/ready" '^ready$'
check "none: after a second" test "$(ready_ms)" -ge 1000
check "none: which is not the limit" hasnt "$said" 'the guest goes on'
check "none: done" ended_well
finish
