#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# dropbear: OpenSSH's client logs in with its key, and nobody without one.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
. "$top_srcdir/tests/system/guest.sh"
requires ssh openssh-client
requires ssh-keygen openssh-client

cp -R "$top_srcdir/recipes" mine
chmod -R u+w mine
ssh-keygen -q -t ed25519 -N '' -f key
ssh-keygen -q -t ed25519 -N '' -f stranger
cat key.pub >>mine/dropbear/authorized_keys

run_recipe "dropbear.toml boots" mine/dropbear.toml -o out
check "the server is ready" grep -q '^dropbear is ready' run.txt
no_qemu "no QEMU is left"

# login KEY COMMAND
login()
{
	ssh -F none -p "$port" -i "$1" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=20 \
		-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile="$T/w/known" \
		-o LogLevel=ERROR guest@127.0.0.1 "$2"
}

guest 128M 22
check "it listens" within 60 says 'Not backgrounding'
check "the key opens it" within 60 login key true
expect "a command runs there, as the user" "1000 guest 42" \
	"$(login key 'echo $(id -u) $(whoami) $((6 * 7))')"
login key 'exit 7'
expect "its exit status comes back" 7 "$?"
expect "what goes in comes out" 500500 "$(seq 1 1000 | login key "awk '{ n += \$1 } END { print n }'")"
check "the host key stays the same" grep -q "^\[127.0.0.1\]:$port ssh-ed25519 " known
refuse "another key does not open it" "Permission denied" login stranger true
guest_end
finish
