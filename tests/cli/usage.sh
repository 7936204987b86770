#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What people type, where they point msmv, and what they do with its output.
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >r.toml <<'EOT'
[stage.first]
plugin = "trial"
text = "one"
[stage.last]
plugin = "trial"
text = "two"
inputs = { in = "first:out" }
EOT

# A folder that is no store is left alone.
mkdir -p project/runs
: >project/runs/precious
refuse "a folder with other files is no store" "is no store" msmv run r.toml --store project
refuse "clean does not touch it" "is no store" msmv clean --all --store project
check "what was there still is" test -e project/runs/precious
expect "and nothing new" runs "$(ls project)"
mkdir empty
check "an empty folder becomes one" msmv run r.toml --store empty
exit_code "an empty value is wrong usage" 2 msmv clean --store ''
exit_code "an empty output folder too" 2 msmv run r.toml -o ''

# clean waits for nobody and breaks nobody.
cat >slow.toml <<'EOT'
[stage.slow]
plugin = "trial"
act = "sleep"
EOT
env --default-signal=INT "$MSMV" run slow.toml >slow.txt 2>&1 &
pid=$!
for _ in $(seq 100); do
	grep -q '^  run .*slow' slow.txt && break
	sleep 0.05
done
refuse "clean while a run is active" "another msmv works in" msmv clean --all
check "plan then is fine" msmv plan r.toml
kill -INT "$pid"
wait "$pid"
check "clean after it" msmv clean

# The forms of the first originals, and options before them.
check "-c RECIPE -b DIR" msmv -c r.toml -b "D 1"
check "its outputs are there" test -s "D 1/out/trial.txt"
check "--config-file=R --build-dir=D" msmv --config-file=r.toml --build-dir=D2
check "-j first" msmv -j 2 -c r.toml
check "--json first" msmv --json -c r.toml
exit_code "no option of run" 2 msmv --nothing -c r.toml

# An output folder that cannot be is told of before any work.
msmv clean --all >clean.txt
: >file
refuse "-o at a file" "cannot write to the output folder" msmv run r.toml -o file
refuse "-o below a file" "cannot write to the output folder" msmv run r.toml -o file/deep
expect "nothing ran" run "$(stage_state r.toml first)"
check "-o of folders to be made" msmv run r.toml -o a/b/c

refuse "--until suggests" "no stage frist: did you mean first" msmv run r.toml --until frist
refuse "no log, no guess" "no stage of it ran" msmv log other.toml x

# Standard output: full, closed, read in part.
if [ -c /dev/full ]; then
	for command in "run r.toml" "plan r.toml --json" "plugins list"; do
		# shellcheck disable=SC2086
		if msmv $command >/dev/full 2>err.txt; then
			not_ok "$command on a full disk"
		else
			ok "$command on a full disk"
		fi
	done
fi
msmv run r.toml >&-
check "closed: the store is as before" msmv run r.toml
{
	msmv plan r.toml 2>err.txt
	echo $? >code.txt
} | true
expect "a reader that leaves is no error" 0 "$(cat code.txt)"
expect "nor worth a word" "" "$(cat err.txt)"

# One line a stage, whatever the values.
expect "a value of two lines" 2 "$(msmv plan r.toml --set stage.first.text='a
b' | wc -l | tr -d ' ')"
msmv plan r.toml --json --set "stage.first.text=$(printf 'a\377b')" >plan.json
check "a byte that is not UTF-8 is replaced in JSON" \
	grep -q "\"a$(printf '\357\277\275')b\"" plan.json

printf '[general]\nname = "\\u001b[31mred"\n[stage.a]\nplugin = "trial"\n' >red.toml
refuse "a name that drives the terminal" "cannot name a folder" msmv run red.toml
long=$(printf '%0251d' 0)
printf '[stage.x%s]\nplugin = "trial"\n' "$long" >long.toml
refuse "a stage's name too long for a log" "cannot name a stage" msmv plan long.toml

# The environment.
unset MSMV_STORE
refuse "no HOME" "HOME is not set" env -u HOME "$MSMV" plan r.toml
MSMV_STORE=$T/store
export MSMV_STORE
for epoch in yesterday -1 99999999999999999999 12x; do
	exit_code "SOURCE_DATE_EPOCH=$epoch" 2 env SOURCE_DATE_EPOCH="$epoch" "$MSMV" plan r.toml
done
check "SOURCE_DATE_EPOCH=0" env SOURCE_DATE_EPOCH=0 "$MSMV" plan r.toml
finish
