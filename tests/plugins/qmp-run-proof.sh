#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What is not the guest's fault is tried another way: without KVM, at other ports.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"
requires pkg-config pkgconf

guest server stop "hello\r\n$ready"
guest mute stop ''

check "accel auto finds one that works" boot server 'accel = "auto"' 'linger = 100'
check "and says which in one line" log_has '^info: accelerator: \(kvm$\|tcg, not kvm: ..*\)'
if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	[ "$(report .accel)" = kvm ] ||
		check "why a device that can be opened is not trusted" \
			grep -Eq '"accel_why": ".*(emulates|hangs|fails|ends with KVM exit)' out/boot.json
	check "this is found out once" boot server 'accel = "auto"' 'linger = 101'
	check "and then known" log_has '^info: accelerator: .*; as was found before$'
	echo damaged >"$(ls "$MSMV_STORE"/accel/*)"
	check "what is no verdict" boot server 'accel = "auto"' 'linger = 102'
	fails "is not believed" log_has 'as was found before$'
fi

# A UDP port is QEMU's alone; that another took it meanwhile is not the guest's fault.
fake late <<'EOF'
case $* in
*hostfwd=udp:127.0.0.1:0-*) ;;
*) if mkdir "$TMPDIR/was"; then
	echo "Could not set up host forwarding rule 'udp::1-:53'" >&2
	exit 1
fi ;;
esac
exec qemu-system-x86_64 "$@"
EOF
check "a UDP port that is chosen" boot server "qemu = \"$PWD/late\"" 'ports = ["53/udp"]'
check "and chosen again" log_has 'with other ports, as it fails: .*host forwarding rule'
expect "is in the report" "53 udp" "$(report '.ports[0] | "\(.guest) \(.protocol)"')"

# ---- A KVM that passes its probe and fails at a guest

mkdir trusting kvmless
cat >trusting/kvm.c <<'EOF'
#include "vm/kvm.h"
enum kvm_verdict kvm_probe(const char *arch, char *why, size_t size)
{
	(void)arch;
	(void)size;
	why[0] = 0;
	return KVM_WORKS;
}
EOF
sources="$top_srcdir/plugins/problem/problem.c $top_builddir/plugins/qmp-run/needs.c"
for source in "$top_srcdir"/plugins/qmp-run/*.c "$top_srcdir"/core/vm/*.c; do
	grep -q "^.include .base/" "$source" && continue
	case $source in
	*/kvm.c) ;;
	*) sources="$sources $source" ;;
	esac
done
# shellcheck disable=SC2046,SC2086
check "this plugin without its own probe" gcc -std=gnu17 -D_GNU_SOURCE -fPIC -shared \
	-I"$top_srcdir/core/include" -I"$top_srcdir/core" -I"$top_srcdir/plugins/qmp-run" \
	-o trusting/qmp-run.so trusting/kvm.c $sources \
	$(pkg-config --cflags --libs jansson libcurl)
MSMV_PLUGIN_PATH=$PWD/trusting

fake kvmless/qemu <<'EOF'
case $* in *"-accel kvm"*) printf 'KVM internal error. Suberror: 1\nEAX=0\n' >&2; kill -ABRT $$ ;; esac
exec qemu-system-x86_64 "$@"
EOF
auto='accel = "auto"'
check "a KVM that makes QEMU abort" boot server "$auto" "qemu = \"$PWD/kvmless/qemu\""
check "is told in one line" \
	log_has 'tcg, as kvm fails: .*signal 6 .*KVM internal error. Suberror: 1'
expect "and is in the report" tcg "$(report .accel)"
if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	check "it is tried once" boot server "$auto" "qemu = \"$PWD/kvmless/qemu\"" 'linger = 103'
	check "and then known" log_has 'not kvm: .*KVM internal error.*; as was found before$'
fi
# A QEMU that fails for another reason says nothing of KVM: it is tried each time.
fake kvmless/poor <<'EOF'
case $* in *"-accel kvm"*) echo 'cannot set up guest memory' >&2; exit 1 ;; esac
exec qemu-system-x86_64 "$@"
EOF
boot server "$auto" "qemu = \"$PWD/kvmless/poor\"" >/dev/null 2>&1
check "a QEMU that had no memory" boot server "$auto" "qemu = \"$PWD/kvmless/poor\"" 'linger = 104'
check "has KVM tried again" log_has 'tcg, as kvm fails: .*status 1: cannot set up guest memory'

# With TCG in KVM's place it needs no /dev/kvm.
printf '[sandbox]\nread = %s\n' "$PWD/mute" >msmv.conf # which it boots
MSMV_CONF=$PWD/msmv.conf
export MSMV_CONF
fake kvmless/mute <<EOF
case \$* in
*"-accel kvm"*)
	for word; do
		shift
		case \$word in kvm) word=tcg ;; host) word=max ;; esac
		set -- "\$@" "\$word"
	done
	exec qemu-system-x86_64 "\$@" -kernel "$PWD/mute"
	;;
esac
exec qemu-system-x86_64 "\$@"
EOF
check "a KVM under which nothing moves" boot server "$auto" "qemu = \"$PWD/kvmless/mute\""
check "is given up as well" log_has 'tcg, as kvm fails: no sign of life'
expect "the log of the console begins anew" 1 "$(grep -c hello out/console.log)"
refuse "nothing is tried in its place when the recipe wants KVM" "KVM internal error" \
	boot server 'accel = "kvm"' "qemu = \"$PWD/kvmless/qemu\""
finish
