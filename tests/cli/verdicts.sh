#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A plugin that crashes, hangs, lies or talks nonsense costs its own stage only.
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

trial()
{
	cat >trial.toml <<EOF
[stage.good]
plugin = "trial"
text = "fine"
[stage.bad]
plugin = "trial"
text = "asked to"
act = "$1"
[stage.after]
plugin = "trial"
inputs = { in = "bad:out" }
EOF
}

trial crash
refuse "a crash names signal and plugin" "bad: crashed: SIGSEGV .* in plugin trial" \
	msmv run trial.toml
exit_code "a failed run ends with 1" 1 msmv run trial.toml
expect "the stage beside it is kept" cached "$(stage_state trial.toml good)"
msmv run trial.toml >out.txt 2>&1
check "the dependent stage is skipped" grep -q '^  skipped *after' out.txt
check "the log's end is shown" grep -q '| trial: crash' out.txt
check "the log's path is shown" grep -q 'whole log: ' out.txt

trial abort
refuse "abort() is told apart" "bad: crashed: SIGABRT" msmv run trial.toml
trial lie
refuse "success without output is found out" "did not make its output 'out'" msmv run trial.toml
trial silent
refuse "failure without a cause is named" "failed without saying why" msmv run trial.toml
trial garbage
refuse "garbage on the wire" "broke the protocol: .* malformed frame" msmv run trial.toml
trial exit
refuse "an early exit" "broke the protocol: it ended with status 7 and no result" \
	msmv run trial.toml
trial fail
refuse "the plugin's own words" "error: bad: asked to" msmv run trial.toml
trial hang
refuse "a hang ends at its limit" "took longer than its limit" msmv run trial.toml --timeout 1
trial orphan
check "a stage that leaves a process behind succeeds" msmv run trial.toml
fails "and the process is gone" pgrep -f 'sleep 987'

mkdir plugins
cp "$top_builddir/tests/plugins-src/.libs/trial.so" plugins/
cat >again.toml <<'EOF'
[stage.again]
plugin = "trial"
sleep_ms = 1500
EOF
MSMV_PLUGIN_PATH=$T/w/plugins msmv run again.toml >again.txt 2>&1 &
pid=$!
for _ in $(seq 100); do
	grep -q '^  run .*again' again.txt && break
	sleep 0.05
done
{ cat plugins/trial.so && echo; } >plugins/new && mv plugins/new plugins/trial.so
wait "$pid"
check "a plugin built anew meanwhile is found out" \
	grep -q 'again: .*trial.so changed while the stage ran' again.txt

cat >bad.toml <<'EOF'
[stage.a]
plugin = "trail"
EOF
refuse "an unknown plugin is named with a place and a suggestion" \
	"bad.toml:2:[0-9]*: error: .*trail" msmv run bad.toml
refuse "the suggestion" "did you mean.*trial" msmv run bad.toml
exit_code "no recipe is wrong usage" 2 msmv run
exit_code "an unknown option is wrong usage" 2 msmv run bad.toml --untill x
exit_code "an unknown command is wrong usage" 2 msmv rum
finish
