#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# recipe check looks at profiles and architectures that nobody chose.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"

# recipe LINES...: a right recipe, and these lines behind it.
recipe()
{
	cat <<'EOT'
[general]
name = "overlays"
target_arch = "x86_64"
[kernel]
url = "none.tar.xz"
[applications.a]
url = "none.tar.gz"
output_executable_path = "/usr/local/bin/a"
EOT
	printf '%s\n' "$@"
}
touch none.tar.xz none.tar.gz

# says TEXT: it is in what the last check said.
says()
{
	grep -q -e "$1" out.txt
}

recipe '[profile.p.run]' 'memory = "12M"' '[arch.aarch64.run]' 'memory = "13M"' >right.toml
check "right ones are right" msmv recipe check right.toml
recipe '[profile.p.run]' 'foo = 1' '[profile.q.run]' 'memory = "12Q"' \
	'[arch.aarch64]' 'bar = 1' >wrong.toml
fails "wrong ones are not" sh -c '"$MSMV" recipe check wrong.toml 2>out.txt'
check "a key of a profile" says 'wrong.toml:10:1: error: \[run\] has no key foo'
check "with what chooses it" says '= with --profile p$'
check "a value of another" says 'wrong.toml:12:10: error: \[run\] memory wants a size'
check "a section of an architecture" says 'wrong.toml:14:1: error: a recipe has no section bar'
check "with what chooses that" says '= with --set general.target_arch=aarch64$'
expect "each once" 3 "$(grep -c 'error:' out.txt)"
fails "said once if it is chosen" \
	sh -c '"$MSMV" recipe check wrong.toml --profile p --json >out.json'
expect "in JSON too" 3 "$(jq '.recipes[0].problems | length' out.json)"
recipe 'foo = 1' '[profile.p.run]' 'memory = "12M"' >base.toml
fails "what is wrong without a profile" sh -c '"$MSMV" recipe check base.toml 2>out.txt'
expect "is said once" 1 "$(grep -c 'error:' out.txt)"

awk 'BEGIN { for (i = 0; i < 40; i++) printf "[profile.p%d.run]\nfoo = 1\n", i }' >many
recipe "$(cat many)" >many.toml
fails "many profiles" sh -c '"$MSMV" recipe check many.toml 2>out.txt'
check "cost no more than some" says '8 of 40 profiles and architectures were not looked at'
recipe >archs.toml
fails "many architectures" sh -c '"$MSMV" recipe check archs.toml \
	--set "general.target_arch=[$(seq -s, 40)]" 2>out.txt'
finish
