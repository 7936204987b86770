#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Two msmv on one store: what both need is made once, whatever becomes of the first.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
# Stages count themselves in files that no sandbox would let them reach.
MSMV_SANDBOX=off
export MSMV_SANDBOX

# recipe FILE TEXT MS: a long stage that others have too, and one of its own.
recipe()
{
	cat >"$1" <<EOF
[stage.common]
plugin = "trial"
text = "common"
sleep_ms = $3
count = "$T/common.count"
[stage.own]
plugin = "trial"
text = "$2"
count = "$T/own.count"
inputs = { in = "common:out" }
EOF
}

# within SECONDS COMMAND...
within()
{
	left=$(($1 * 20))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.05
	done
}

# runs NAME: how often that stage ran.
runs()
{
	if [ -f "$T/$1.count" ]; then wc -l <"$T/$1.count"; else echo 0; fi
}

recipe one.toml one 1500
recipe two.toml two 1500
"$MSMV" run one.toml -o out1 >one.txt 2>&1 &
first=$!
check "the first begins" within 30 grep -q 'run  *common' one.txt
check "the second succeeds" sh -c '"$MSMV" run two.toml -o out2 >two.txt 2>&1'
check "after it waited" grep -q '^  waits  *common  *another msmv makes it' two.txt
check "and took what was made" grep -q '^  cached  *common' two.txt
wait "$first"
expect "the first succeeds" 0 $?
expect "what both need was made once" 1 "$(runs common)"
expect "the rest by each" 2 "$(runs own)"
expect "nothing is left" lock "$(ls "$MSMV_STORE/claims")"

rm -rf "$MSMV_STORE/actions" ./*.count "$T"/*.count
recipe one.toml one 60000
recipe two.toml two 0
rm -f one.txt two.txt # what earlier runs said is no sign of these
"$MSMV" run one.toml -o out1 >one.txt 2>&1 &
first=$!
check "another that begins" within 30 grep -q 'run  *common' one.txt
"$MSMV" run two.toml -o out2 --json >two.json 2>&1 &
second=$!
check "one that waits, in JSON" within 30 grep -q '"event": *"waiting"' two.json
kill -9 "$first"
wait "$second"
expect "goes on when the first is killed" 0 $?
expect "and makes it itself" 1 "$(jq -r 'select(.event == "started") | .stage' two.json | grep -c common)"

recipe one.toml one 60000
sed -i 's/text = "common"/text = "other"/' one.toml
rm -f one.txt two.txt # what earlier runs said is no sign of these
"$MSMV" run one.toml -o out1 >one.txt 2>&1 &
first=$!
check "a third" within 30 grep -q 'run  *common' one.txt
"$MSMV" run one.toml -o out2 >two.txt 2>&1 &
second=$!
check "one that waits" within 30 grep -q '^  waits  *common' two.txt
begin=$(date +%s%N)
kill -INT "$second"
wait "$second"
expect "can be stopped" 130 $?
check "within a second" test $((($(date +%s%N) - begin) / 1000000)) -lt 1000
kill -INT "$first"
wait "$first"

cat >twins.toml <<EOF
[stage.a]
plugin = "trial"
text = "twin"
count = "$T/twin.count"
[stage.b]
plugin = "trial"
text = "twin"
count = "$T/twin.count"
EOF
check "two equal stages of one recipe" msmv run twins.toml -o out3
expect "run once" 1 "$(runs twin)"
# Two that log the same stage at once, with other options: each stores what it wrote.
rm -rf "$MSMV_STORE/actions" two.txt one.txt
recipe log.toml long 0
check "what both need" msmv run log.toml --until common
"$MSMV" run log.toml --set stage.own.act=fork --set stage.own.sleep_ms=1500 -o o1 >one.txt 2>&1 &
one=$!
within 5 grep -q '^  run *own' one.txt
check "a run beside another" msmv run log.toml --set stage.own.text=other -o o2
wait $one
expect "which goes on" 0 $?
expect "each has its log" "trial: fork trial: write " "$(grep -alx 'stage=own' \
	"$MSMV_STORE"/actions/*/* | while read -r record; do
	sed -n 's/^log=\(..\)/\1\//p' "$record" | sed "s|^|$MSMV_STORE/blobs/|" | xargs cat
done | grep '^trial' | sort | tr '\n' ' ')"

# Two runs of one recipe, one of which has nothing to do: the other's log is its own.
recipe log.toml long 1500
check "all but one stage" msmv run log.toml --until common
msmv run log.toml --set stage.own.sleep_ms=1500 --set stage.own.act=fork >one.txt 2>&1 &
one=$!
within 5 grep -q '^  run *own' one.txt
check "another run of the recipe meanwhile" msmv run log.toml --until common
check "its stage can be followed" sh -c '"$0" log log.toml own | grep -q "trial: fork"' "$MSMV"
wait $one
expect "the first ends well" 0 $?
check "and keeps its log" sh -c '"$0" log log.toml own | grep -q "+ true"' "$MSMV"

# A store whose claims cannot be had, as those of somebody else: it works, and says so once.
rm -rf "$MSMV_STORE"
mkdir -p "$MSMV_STORE"
msmv plan twins.toml >plan.txt
mkdir "$MSMV_STORE/claims/lock"
check "without claims" sh -c '"$0" run twins.toml -o out4 2>&1 | tee without.txt | grep -q "^  done"' "$MSMV"
expect "which is told" 1 "$(grep -c 'note: what another msmv makes .* may be made twice: claim .*/lock: ' without.txt)"
finish
