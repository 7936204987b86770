#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What runs, what does not, and the reason given for it.
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
# Stages count themselves in files that no sandbox would let them reach.
MSMV_SANDBOX=off
export MSMV_SANDBOX

recipe()
{
	cat >r.toml <<EOF
[stage.a]
plugin = "trial"
text = "$1"
count = "$T/a.count"
[stage.b]
plugin = "trial"
text = "$2"
count = "$T/b.count"
inputs = { in = "a:out" }
[stage.c]
plugin = "trial"
text = "c"
count = "$T/c.count"
inputs = { in = ["a:out", "b:out"] }
EOF
}

runs()
{
	cat "$T/a.count" "$T/b.count" "$T/c.count" 2>/dev/null | wc -l | tr -d ' '
}

recipe one two
expect "a stage that never ran would run" run "$(stage_state r.toml a)"
expect "its dependent is for later" later "$(stage_state r.toml c)"
expect "plan runs nothing" 0 "$(runs)"
check "the first run" msmv run r.toml
expect "runs every stage once" 3 "$(runs)"
check "the second run" msmv run r.toml
expect "runs none" 3 "$(runs)"
expect "all are cached" "cached cached cached" "$(msmv plan r.toml | awk '{ printf "%s%s", s, $1; s = " " }')"

recipe one three
check "after a change in the middle" msmv run r.toml
expect "two stages run" 5 "$(runs)"
recipe one four
msmv plan r.toml >plan.txt
check "plan names the field, old and new" grep -q 'b .*option.text: three .* four; [0-9]* other fields are equal' plan.txt

# Early cutoff: a stage that runs again and makes the same bytes stops the wave.
recipe one two
check "back to the first" msmv run r.toml
expect "which is still there" 5 "$(runs)"
TRIAL=X
export TRIAL
check "a declared variable is an input" msmv run r.toml
expect "so all run" 8 "$(runs)"
unset TRIAL
IGNORED=1 msmv run r.toml >/dev/null
expect "an undeclared one is not" 8 "$(runs)"

cat >cut.toml <<EOF
[stage.a]
plugin = "trial"
text = "same"
files = ["side.txt"]
[stage.b]
plugin = "trial"
count = "$T/cut.count"
inputs = { in = "a:out" }
EOF
: >side.txt
check "before the cutoff" msmv run cut.toml
cat >cut.toml.new <<EOF
[stage.a]
plugin = "trial"
text = "sa"
files = ["side.txt"]
[stage.b]
plugin = "trial"
count = "$T/cut.count"
inputs = { in = "a:out" }
EOF
mv cut.toml.new cut.toml
printf me >side.txt
check "another way to the same bytes" msmv run cut.toml
expect "the next stage did not run" 1 "$(wc -l <"$T/cut.count" | tr -d ' ')"
printf you >side.txt
check "a file beside the recipe changed" msmv run cut.toml
expect "the next stage ran" 2 "$(wc -l <"$T/cut.count" | tr -d ' ')"

# What is kept of plugins is made anew if the power cut it short, wherever that was.
msmv plan r.toml >plan.txt
kept=$(grep -lx 'name=trial' "$MSMV_STORE"/facts/plugin-*)
cp "$kept" whole
for n in $(seq 0 "$(wc -l <whole)"); do
	head -n "$n" whole >"$kept"
	msmv plan r.toml >cut.txt 2>&1
	cmp -s plan.txt cut.txt || echo "$n lines"
done >wrong.txt
expect "a description that was cut short" "" "$(cat wrong.txt)"

# A fact about the machine rests on the tool's file.
mkdir bin
printf '#!/bin/sh\necho tool 1\n' >bin/tool
chmod +x bin/tool
cat >tool.toml <<EOF
[stage.t]
plugin = "trial"
tool = "$T/w/bin/tool"
count = "$T/t.count"
EOF
check "with a tool" msmv run tool.toml
check "again" msmv run tool.toml
expect "ran once" 1 "$(wc -l <"$T/t.count" | tr -d ' ')"
printf '#!/bin/sh\necho tool 2\n' >bin/tool.new
chmod +x bin/tool.new
mv bin/tool.new bin/tool
msmv plan tool.toml >plan.txt
check "a new version is named" grep -q 'fact.tool: tool 1 .* tool 2' plan.txt
check "and rebuilds" msmv run tool.toml
expect "once" 2 "$(wc -l <"$T/t.count" | tr -d ' ')"
rm bin/tool
refuse "a missing tool is reported before any work" "t: .*tool is not installed" msmv run tool.toml

# Selection.
recipe x y
check "--until" msmv run r.toml --until b
expect "c did not run" run "$(stage_state r.toml c)"
check "--only" msmv run r.toml --only c
expect "now it did" cached "$(stage_state r.toml c)"
recipe p q
refuse "--only needs its inputs in the store" "c: .*run without --only" msmv run r.toml --only c
exit_code "no such stage" 2 msmv run r.toml --until nothing
check "--set changes a value" msmv run r.toml --set stage.a.text=set
check "the last stage's output is in the output folder" test -s out/trial.txt
expect "different folders, same key" \
	"$(msmv plan r.toml --json | grep -m1 '"key"')" \
	"$(mkdir -p elsewhere && cp r.toml elsewhere/ && cd elsewhere && msmv plan r.toml --json | grep -m1 '"key"')"

# A result whose blob is gone or cut short is not used.
recipe one two
find "$MSMV_STORE/blobs" -type f -exec chmod u+w {} + -exec truncate -s 0 {} +
before=$(runs)
check "damaged blobs" msmv run r.toml
expect "are made again" 3 $(($(runs) - before))
# The log that is shown belongs to the result, not to an attempt with other options since.
recipe one two
check "a run" msmv run r.toml
fails "an attempt with other options" msmv run r.toml --set stage.a.act=fail
check "the log is that of the attempt" sh -c '"$0" log r.toml a | grep -q "trial: fail"' "$MSMV"
check "the first again" msmv run r.toml
check "its log again" sh -c '"$0" log r.toml a | grep -q "trial: write"' "$MSMV"

# The same size, other bytes: found when the image is copied out, and never copied.
find "$MSMV_STORE/blobs" -type f -size -2k -exec chmod u+w {} + \
	-exec sh -c 'for f; do tr "a-z" "A-Z" <"$f" >"$f.new" && mv "$f.new" "$f"; done' _ {} +
rm -rf out
check "a damaged artifact is not copied out, it is made again" sh -c \
	'"$0" run r.toml >mend.txt 2>&1' "$MSMV"
check "which is said" grep -q "is damaged: put aside, its stage runs again" mend.txt
check "and the good one is copied" test -s out/trial.txt
expect "all of it is small letters" 0 "$(tr -dc '[:upper:]' <out/trial.txt | wc -c)"
check "clean" msmv clean
expect "keeps results" cached "$(stage_state r.toml a)"
check "clean --all" msmv clean --all
expect "does not" run "$(stage_state r.toml a)"
finish
