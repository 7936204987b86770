#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv verify: made again elsewhere, it is the same, or the first stage that is not is named.
# shellcheck disable=SC2012,SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >same.toml <<'EOF'
[stage.tree]
plugin = "mktree"
members = ["file bin/a 755 0 0 text hello", "dir etc 755 0 0"]
count = 100
[stage.initramfs]
plugin = "cpio"
inputs = { root = "tree:root" }
EOF
check "a tree and its initramfs" sh -c '"$0" verify same.toml >out.txt' "$MSMV"
check "are the same elsewhere" grep -q ' verifies: 2 outputs of 2 stages' out.txt
check "the results of here are kept" grep -q 'cached' <<EOF
$(msmv plan same.toml)
EOF
expect "what was made elsewhere is not" "" "$(ls "$MSMV_STORE/tmp")"

cat >other.toml <<'EOF'
[stage.a]
plugin = "trial"
text = "a"
[stage.look]
plugin = "look"
inputs = { in = "a:out" }
[stage.after]
plugin = "look"
text = "after"
inputs = { in = "look:out" }
EOF
exit_code "a stage that writes down where it is" 1 msmv verify other.toml
cp "$T/check.out" out.txt
check "is named, with the place" grep -q '^  differs  look: out' out.txt
check "what is made from it is not" sh -c '! grep -q "differs  after" out.txt'
check "it is counted" grep -q 'does not verify: 1 of 1 outputs differ' out.txt
msmv verify other.toml --json >out.json 2>err.txt
expect "in JSON" "look out" \
	"$(jq -r '.differences[] | "\(.stage) \(.output)"' out.json)"
check "progress is beside it" grep -q 'elsewhere\|look' err.txt

# Who looks sees another user on another machine in another place.
refuse "not without the sandbox" "does not go with --sandbox=off" \
	env MSMV_SANDBOX=off "$MSMV" verify same.toml
cat >fail.toml <<'EOF'
[stage.bad]
plugin = "trial"
act = "fail"
EOF
cat >elsewhere.toml <<'EOF'
[stage.a]
plugin = "look"
fail_elsewhere = true
EOF
refuse "what fails elsewhere alone" "cannot be compared: it fails elsewhere: a" \
	msmv verify elsewhere.toml
cp "$T/check.out" out.txt
check "its log is kept" grep -q 'not here' "$(sed -n 's/^ *whole log: //p' out.txt)"
check "and msmv run is no advice" grep -q '^  try again: msmv verify .*/elsewhere.toml$' out.txt
fails "which would show nothing" grep -q 'msmv run' out.txt
refuse "what cannot be made cannot be compared" "cannot be compared: it fails here: bad" \
	msmv verify fail.toml

# What is preloaded there turns folders round and sets the clock forward.
preload=$top_builddir/core/worker/.libs/msmv-elsewhere.so
mkdir folder
for n in 1 2 3 4 5 6 7; do : >folder/$n; done
expect "folders are turned round" "$(find folder/* -maxdepth 0 | wc -l) $(ls -U folder | tac | tr '\n' ' ')" \
	"7 $(LD_PRELOAD=$preload ls -U folder | tr '\n' ' ')"
expect "it is later" 400 \
	"$((($(LD_PRELOAD=$preload date +%s) - $(date +%s) + 10) / 86400))"
finish
