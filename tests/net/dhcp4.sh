#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# DHCPv4 as a client meets it: servers that are late, refuse, lie, give used addresses or
# leases of seconds, and are gone.
# Called by name through check.
# shellcheck disable=SC2317,SC2119
# shellcheck source=tests/net/net.sh
. "${top_srcdir:?}/tests/net/net.sh"

dhcp='[interface eth0]
dhcp4 = yes'

# One lease with everything, amid malformed packets.
client_new
in_client hostname guest1
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --garbage --options \
	"0104ffffff00 03040a090001 06080a0900020a090003 1a020578 0f076578616d706c65 \
	 7709016101620001 63c002 0c04 6e616d65"
client_start <<END
$dhcp
END
check "an address" until_client 'inet 10.9.0.5/24 .*brd 10.9.0.255' ip addr show eth0
check "which the kernel ends, too" client_says 'valid_lft [56][0-9][0-9]sec' ip addr show eth0
check "the default route, with the interface's metric" \
	until_client '^default via 10.9.0.1 dev eth0 proto dhcp src 10.9.0.5 metric 100' ip route
check "ready" until_has "$T/ready" '^ready$'
check "within two seconds" test "$(ready_ms)" -lt 2000
check "loopback is up" client_says 'lo: .*[<,]UP' ip link show lo
check "the MTU" until_client 'mtu 1400' ip link show eth0
check "name servers" until_has "$run/resolv.conf" '^nameserver 10.9.0.2$'
expect "resolv.conf" "nameserver 10.9.0.2 nameserver 10.9.0.3 search a.b c.b" \
	"$(tr '\n' ' ' <"$run/resolv.conf" | sed 's/ $//')"
check "state: the address" state eth0 '^ipv4=10.9.0.5/24$'
for line in interface=eth0 state=up mtu=1400 gateway4=10.9.0.1 'dns4=10.9.0.2 10.9.0.3' \
	server4=10.9.0.1 hostname=name 'lease4_end=[0-9]*'; do
	check "state: $line" state eth0 "^$line\$"
done
check "state: the MAC" state eth0 '^mac=52:54:00:12:34:56$'
expect "the host name that the machine has stays" guest1 "$(in_client hostname)"
check "and is what the server hears" has "$log" 'dhcp4 DISCOVER .*hostname=guest1$'
check "malformed replies are ignored, and said why" has "$said" 'was ignored: an option is malformed'
check "so are those for others" has "$said" 'ignored: of another exchange'
check "the request names what was offered" has "$log" 'REQUEST ciaddr=0.0.0.0 .*requested=10.9.0.5'
check "SIGTERM ends it" ended_well
check "the lease is given back" until_has "$log" 'dhcp4 RELEASE ciaddr=10.9.0.5 .*requested=-'
check "its address is gone" gone 'inet 10.9.0.5/24' ip addr show eth0
check "and its routes" gone default ip route

# /32, and a router that is not in its network.
client_new
ip addr add 169.254.0.1/32 dev v0
ip addr add 192.0.2.9/32 dev lo
ip route add 10.9.0.5/32 dev v0
server --server 169.254.0.1 --offer 10.9.0.5 --options "0104ffffffff 0304a9fe0001 0c04 6e616d65"
client_start <<END
$dhcp
END
check "/32: an address" until_client 'inet 10.9.0.5/32' ip addr show eth0
check "/32: a route to the router" until_client '^169.254.0.1 dev eth0 .*scope link' ip route
check "/32: the default route through it" \
	until_client '^default via 169.254.0.1 dev eth0 proto dhcp src 10.9.0.5' ip route
cat >echo.py <<'END'
import socket
s = socket.create_server(("192.0.2.9", 7))
open("listening", "w").close()
while True:
    s.accept()[0].close()
END
python3 echo.py &
servers="$servers $!"
until_true 30 test -e listening
check "/32: the world beyond answers" in_client python3 -c \
	'import socket; socket.create_connection(("192.0.2.9", 7), 20)'
expect "a machine without a name takes the lease's" name "$(in_client hostname)"
check "/32: done" ended_well
ip addr del 192.0.2.9/32 dev lo

# Classless routes win over the router.
client_new
server --offer 10.9.0.5 --options \
	"0104ffffff00 03040a090001 7916 000a090063 180a0a0a0a090007 20c00002010000 0000"
client_start <<END
$dhcp
END
check "classless: the default route is theirs" until_client '^default via 10.9.0.99 ' ip route
check "classless: not option 3's" gone '10.9.0.1 ' ip route
check "classless: a network" until_client '^10.10.10.0/24 via 10.9.0.7 ' ip route
check "classless: a host on the link" until_client '^192.0.2.1 dev eth0 .*scope link' ip route
check "classless: done" ended_well

# A refusal, then a used address, then another one.
client_new
ip addr add 10.9.0.5/24 dev v0
server --offer 10.9.0.5,10.9.0.6 --nak 1
client_start <<END
$dhcp
lease_hostname = no
END
wait "$helper"
expect "a key in the wrong section ends it with 1" 1 $?
check "and is named with its line" has "$said" "net.ini:5: unknown key: lease_hostname"
client_start <<END
$dhcp
END
check "a used address is declined" until_has "$log" 'dhcp4 DECLINE .*requested=10.9.0.5'
check "after a NAK it had begun anew" test "$(grep -c 'dhcp4 DISCOVER' "$log")" -ge 2
check "another address is taken" until_client 'inet 10.9.0.6/24' ip addr show eth0
check "the used one never was" hasnt "$said" 'has the lease of 10.9.0.5'
check "the name of the conflict is told" has "$said" 'warn: eth0: another machine has the address'
expect "each exchange has its own number" 3 \
	"$(sed -n 's/.*DISCOVER.*\(xid=[0-9a-f]*\).*/\1/p' "$log" | sort -u | wc -l)"
check "declined: done" ended_well

# Renewed at T1 by the server, while the address stays.
client_new
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --lease 3 --options "0104ffffff00 3a0400000001 3b0400000002"
client_start <<END
$dhcp
END
check "short: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "short: renewed, from the address to the server" \
	until_has "$log" 'REQUEST ciaddr=10.9.0.5 to=10.9.0.1 .*source=10.9.0.5 requested=-'
check "short: not asked by broadcast" hasnt "$log" 'ciaddr=10.9.0.5 to=255'
check "short: past its first end" until_true 30 sh -c "test \$(grep -c 'ciaddr=10.9.0.5' $log) -ge 4"
check "short: the address is there" client_says 'inet 10.9.0.5/24' ip addr show eth0
check "short: and was never gone" hasnt "$said" 'expired'
check "short: done" ended_well

# Rebound at T2 by broadcast, as the server is deaf for what is sent to it alone.
client_new
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --lease 4 --mute-unicast --options "0104ffffff00 3a0400000001 3b0400000002"
client_start <<END
$dhcp
END
check "deaf: rebound" until_has "$log" 'REQUEST ciaddr=10.9.0.5 to=255.255.255.255 .*source=10.9.0.5'
check "deaf: after it was asked" has "$log" 'REQUEST ciaddr=10.9.0.5 to=10.9.0.1'
check "deaf: the address stays" client_says 'inet 10.9.0.5/24' ip addr show eth0
check "deaf: done" ended_well

# Nobody answers any more: the address goes at its end, and the search begins.
client_new
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --lease 3 --mute-bound --options "0104ffffff00 06040a090002 03040a090001"
client_start <<END
dns = 192.0.2.53
$dhcp
END
check "silent: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "silent: it goes at its end" until_gone 'inet 10.9.0.5/24' ip addr show eth0
check "silent: the routes too" until_gone default ip route
check "silent: its end is told" until_has "$said" 'the lease has expired'
check "silent: its name server goes, the recipe's comes" \
	until_has "$run/resolv.conf" '^nameserver 192.0.2.53$'
check "silent: a server is looked for again" until_true 30 sh -c \
	"sed '1,/ciaddr=10.9.0.5/d' $log | grep -q DISCOVER"
check "silent: state" until_has "$run/msmv/net/eth0" '^state=configuring$'
check "silent: done" ended_well

# The server changes its mind when it is asked to renew.
client_new
ip addr add 10.9.0.1/24 dev v0
server --offer 10.9.0.5 --lease 4 --nak-renewal --options "0104ffffff00 3a0400000001 3b0400000002"
client_start <<END
$dhcp
END
check "refused: an address" until_client 'inet 10.9.0.5/24' ip addr show eth0
check "refused: given up" until_has "$said" 'the server refuses to renew the lease'
check "refused: and asked for anew" until_true 30 sh -c \
	"sed '1,/ciaddr=10.9.0.5/d' $log | grep -q DISCOVER"
check "refused: done" ended_well
finish
