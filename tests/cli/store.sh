#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv store: what is kept, whether it is whole, how it gets smaller.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
store=$MSMV_STORE

# recipe FILE TEXT: two stages.
recipe()
{
	cat >"$1" <<EOF
[stage.a]
plugin = "trial"
text = "$2"
[stage.b]
plugin = "trial"
text = "b of $2"
inputs = { in = "a:out" }
EOF
}

# cached RECIPE: how many of its stages are.
cached()
{
	msmv plan "$1" | grep -c '^  cached'
}

# age RECIPE DAYS: its results were taken so long ago.
age()
{
	msmv plan --json "$1" | jq -r '.stages[].key' | while read -r key; do
		touch -d "$2 days ago" "$store/actions/$(echo "$key" | cut -c1-2)/$(echo "$key" | cut -c3-)"
	done
}

recipe one.toml one
recipe two.toml two
check "one run" msmv run one.toml
check "another" msmv run two.toml
check "ls" sh -c '"$MSMV" store ls >ls.txt'
expect "has a line for each result, and the sum" 5 "$(wc -l <ls.txt)"
check "with stage and plugin" grep -q '^  [0-9a-f]\{12\}  a  *trial .* ago$' ls.txt
expect "in JSON" "a a b b" "$(msmv store ls --json | jq -r '[.results[].stage] | sort | join(" ")')"
expect "with what the parts take" true \
	"$(msmv store ls --json | jq '.size > 0 and (.results | all(.blobs | length > 0))')"

check "verify: all is whole" sh -c '"$MSMV" store verify | grep -q "4 results, .*: all is whole"'
key=$(msmv plan --json two.toml | jq -r '.stages[] | select(.stage == "b") | .key')
blob=$(msmv store ls --json | jq -r ".results[] | select(.key == \"$key\") | .blobs[-1]")
file=$store/blobs/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
size=$(stat -c %s "$file")
chmod u+w "$file"
head -c "$size" /dev/zero >"$file"
fails "verify: a damaged file" sh -c '"$MSMV" store verify >verify.txt'
check "says whose it was" grep -q 'b runs again: what it made is damaged' verify.txt
fails "it is gone" test -e "$file"
expect "only that stage runs again" 1 "$(cached two.toml)"
check "and does" msmv run two.toml
expect "so that all are there" 2 "$(cached two.toml)"
check "all is whole again" msmv store verify

action=$(msmv plan --json one.toml | jq -r '.stages[0].key')
action=$store/actions/$(echo "$action" | cut -c1-2)/$(echo "$action" | cut -c3-)
chmod u+w "$action"
sed -i 's/=one$/=eno/' "$action"
fails "verify: a changed record" sh -c '"$MSMV" store verify >verify.txt'
fails "it is gone, too" test -e "$action"
check "the stage runs again" msmv run one.toml

age one.toml 40
age two.toml 10
expect "--dry-run counts" "would remove 2 results" \
	"$(msmv store gc --older-than 30d --dry-run | cut -d' ' -f1-4)"
expect "and removes nothing" 4 "$(msmv store ls --json | jq '.results | length')"
check "--older-than" msmv store gc --older-than 30d
expect "took the old ones" 2 "$(msmv store ls --json | jq '.results | length')"
expect "not the others" 2 "$(cached two.toml)"
check "what is gone can be made again" msmv run one.toml
age one.toml 40
age two.toml 10
check "a plan" msmv plan one.toml
expect "is no use of what it names" "would remove 2 results" \
	"$(msmv store gc --older-than 30d --dry-run | cut -d' ' -f1-4)"
check "a run" msmv run one.toml
check "is a use" sh -c '"$MSMV" store gc --older-than 30d | grep -q "^removed 0 results"'
age one.toml 40
check "--keep" msmv store gc --max-size 0 --keep one.toml
expect "holds what a recipe takes" "2 0" "$(cached one.toml) $(cached two.toml)"
check "--max-size 0" msmv store gc --max-size 0
expect "takes all" 0 "$(find "$store/blobs" "$store/actions" -type f | wc -l)"
check "and the store still works" msmv run two.toml

refuse "a wrong age" "^msmv: error: --older-than 3x: give" msmv store gc --older-than 3x
refuse "a wrong size" "^msmv: error: --max-size 1Q: give" msmv store gc --max-size 1Q
refuse "a recipe that is not there" "none.toml" msmv store gc --keep none.toml
exit_code "wrong use is 2" 2 msmv store gc --older-than soon
finish
