#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The network helper, seen from init: a program of the test stands in for it.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
# shellcheck source=tests/init/guest.sh
. "${top_srcdir:?}/tests/init/guest.sh"

# helper < commands: what /sbin/msmv-net does.
helper() {
	rm -f "$root/sbin"
	mkdir "$root/sbin"
	{
		echo '#!/bin/sh'
		cat
	} >"$root/sbin/msmv-net"
	chmod 755 "$root/sbin/msmv-net"
	: >"$root/etc/msmv/net.ini"
}

started='[app x]
argv = /bin/sh -c "echo x runs; exec sleep 1"'

guest_new
helper <<'END'
trap 'echo helper ends; exit 0' TERM
echo "helper runs: $(ls /proc/self/fd | tr '\n' ' ')"
sleep 0.3
echo "helper is told: $*"
echo helper is done
echo hostname >&3
echo ready >&3
while :; do sleep 0.05; done
END
echo "$started" | guest_ini
guest_start
guest_wait '^x runs'
check "it is started, with its descriptor" has '^helper runs: 0 1 2 3 '
check "with its file, its folder, and how much init says" has \
	'^helper is told: /etc/msmv/net.ini /run 1$'
check "applications wait for it" test "$(grep -n -m 1 '^helper is done' "$console" | cut -d: -f1)" -lt \
	"$(grep -n '^x runs' "$console" | cut -d: -f1)"
check "it is not counted" guest_wait '^msmv: ready .* apps=1 '
check "its time is a step's" test "$(record steps | sed -n 's/.* network_us=\([0-9]*\).*/\1/p')" -ge 300000
guest_end
check "it is asked to end after the applications" test \
	"$(grep -n '^msmv: exit v=1 app=x' "$console" | cut -d: -f1)" -lt \
	"$(grep -n '^helper ends' "$console" | cut -d: -f1)"
check "which is no reason to warn" hasnt "the network helper ended"
check "it has no record of its own" test "$(record exit | wc -l)" -eq 1

guest_new
helper <<'END'
echo "helper is told: $*"
echo ready >&3
sleep 100
END
echo "$started" | guest_ini
guest_env=msmv_log=debug
guest_run
guest_env=
check "the kernel's command line is for it, too" has '^helper is told: /etc/msmv/net.ini /run 3$'

guest_new
helper <<'END'
echo limit >&3
sleep 100
END
echo "$started" | guest_ini
guest_run
check "its own limit is told" has '] warn: the network is not as configured$'
check "in the steps too" has '^msmv: steps .* failed=\(mounts,\)\{0,1\}network$'
check "and the guest is ready" has '^msmv: ready .* apps=1 '

guest_new
helper <<'END'
sleep 100
END
printf '[init]\nnetwork_wait_ms = 200\n%s\n' "$started" | guest_ini
guest_run
check "nobody waits for ever" has '] warn: the network is not ready in its time$'
check "and the guest is ready" has '^msmv: ready .* apps=1 '

guest_new
helper <<'END'
sleep 100
END
printf '[init]\nnetwork_wait_ms = 0\n%s\n' "$started" | guest_ini
guest_run
check "or at all, if it says so" has '^msmv: ready .* apps=1 '

guest_new
helper <<'END'
echo x >>/data/starts
[ "$(wc -l </data/starts)" = 1 ] && exit 3
echo helper again
sleep 100
END
echo "$started" | guest_ini
guest_run
check "a helper that ends opens the way" has '] warn: the network has lost its helper$'
check "is told" has '] warn: the network helper ended with 3$'
check "and is started again" has '^helper again'
check "and the guest is ready" has '^msmv: ready .* apps=1 '

guest_new
: >"$root/etc/msmv/net.ini"
echo "$started" | guest_ini
guest_run
check "without a program it is named" has '^msmv: fail v=1 step=exec app=network errno=2 text=/sbin/msmv-net: '
check "applications run" has '^x runs'
check "but the guest is not ready" hasnt '^msmv: ready'

guest_new
helper <<'END'
echo helper runs late
sleep 100
END
mv "$root/sbin/msmv-net" "$root/data/helper"
printf '[app x]\nargv = /bin/sh -c "cp /data/helper /sbin/msmv-net; sleep 1"\n' | guest_ini
guest_run
check "it is tried again" has '^helper runs late'
finish
