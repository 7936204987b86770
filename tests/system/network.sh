#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A machine that asks: QEMU's user network is a DHCP server and an IPv6 router.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires qemu-system-x86_64 qemu-system-x86
requires jq jq
recipe=$top_srcdir/tests/system/recipes/images.toml

run_recipe "a network and no more said: a lease, an address by the router, ready" "$recipe" \
	--set output.format=initramfs --set boot.network.enable=true \
	--set boot.network.wait_for=ipv6 --set boot.network.wait_ms=60000 \
	--set init.log=info --set run.network=user \
	--set 'run.checks.lease.console="eth0: has the lease of 10.0.2.15/24"' \
	--set 'run.checks.router.console="eth0: has the address fec0::5054:ff:fe12:3456"' \
	--set 'run.checks.helper.console_regex="net: .*info: ready after [0-9]+ ms"'
check "all three were seen" jq -e '[.checks[] | select(.passed_ms).name] |
	contains(["lease", "router", "helper"])' out/boot.json
check "init's wait for it is told" jq -e '[.boot.split.steps[] | select(.name == "network")] | length == 1' \
	out/boot.json

# network_took: microseconds that init waited for it.
network_took()
{
	jq '.boot.split.steps[] | select(.name == "network").us' out/boot.json
}

# alone NETDEV LINES...: one interface that QEMU serves so, and a wait of a minute for it.
alone()
{
	netdev=$1
	shift
	run_recipe "$alone_name" "$recipe" --set output.format=initramfs --set boot.network.enable=true \
		--set boot.network.wait_for=each --set init.log=info \
		--set "run.qemu_args=[\"-netdev\", \"$netdev,id=q\", \"-device\", \"virtio-net-pci,netdev=q\"]" "$@"
}

# Neither a router nor DHCPv6 there: who waited for these would be ready a minute later.
alone_name="a link of IPv4 alone"
alone user,ipv6=off --set boot.network.wait_ms=60000 \
	--set 'run.checks.lease.console="eth0: has the lease of 10.0.2.15/24"'
check "its lease is enough ($(network_took) us)" test "$(network_took)" -lt 20000000
alone_name="a link on which nobody answers"
alone hubport,hubid=0 --set boot.network.wait_ms=1000 \
	--set 'run.checks.limit.console_regex="net: .*not ready after 1000 ms, the guest goes on"'
check "is waited for as long as the recipe says ($(network_took) us)" test "$(network_took)" -gt 900000
no_qemu "no QEMU is left"
finish
