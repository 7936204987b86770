#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv why: from a stage back to what a person changed.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

# recipe TEXT: three stages in a row.
recipe()
{
	cat >r.toml <<EOF
[stage.a]
plugin = "trial"
text = "$1"
[stage.b]
plugin = "trial"
text = "b"
inputs = { in = "a:out" }
[stage.c]
plugin = "trial"
text = "c"
inputs = { in = "b:out" }
EOF
}

# why NAME PATTERN ARGS...: one line of what it says.
why()
{
	why_name=$1
	pattern=$2
	shift 2
	msmv why "$@" >why.txt 2>&1
	if grep -q -e "$pattern" why.txt; then
		ok "$why_name"
	else
		not_ok "$why_name"
		diag <why.txt
	fi
}

recipe one
why "a stage that never ran" '^a would run: it never ran here$' r.toml a
why "one that waits for others" '^c would run: waits for b$' r.toml c
expect "down to the first" "  b would run: waits for a
    a would run: it never ran here" "$(tail -n +2 why.txt)"
check "a run" msmv run r.toml
why "afterwards it is kept" '^c is kept; it ran last: it never ran here$' r.toml c
why "of the last recipe here" '^c is kept' c

recipe two
why "a change" '^  *a would run: option.text: one . two; [0-9]* other fields are equal (r.toml:3:1)$' r.toml c
check "another run" msmv run r.toml
why "what ran names its input" '^c is kept; it ran last: input.in.0: .*other fields are equal$' r.toml c
why "whose stage names its own" '^  b ran: input.in.0: ' r.toml c
why "and that the change" '^    a ran: option.text: one . two; .* (r.toml:3:1)$' r.toml c
why "--set is looked at" '^a would run: option.text: two . three; [0-9]* other fields are equal$' \
	r.toml a --set stage.a.text=three
TRIAL=X
export TRIAL
why "a variable of the environment" '^a would run: env.TRIAL: (none) . X; ' r.toml a
unset TRIAL
expect "in JSON" "c b a" "$(msmv why r.toml c --json | jq -r '[.steps[].stage] | join(" ")')"
expect "with the place" r.toml:3:1 "$(msmv why r.toml c --json | jq -r '.steps[2].place')"

cat >two.toml <<'EOF'
[stage.a]
plugin = "trial"
text = "a"
[stage.b]
plugin = "trial"
text = "b"
[stage.c]
plugin = "trial"
inputs = { in = ["a:out", "b:out"] }
EOF
msmv run two.toml >/dev/null 2>&1
sed -i 's/^text = "b"/text = "changed"/' two.toml
msmv run two.toml >/dev/null 2>&1
why "of several inputs on a port the one that changed" '^c is kept; it ran last: input.in.1: ' two.toml c
check "leads on to its stage" grep -q '^  b ran: option.text: b . changed; ' why.txt
refuse "no such stage" "there is no stage x" msmv why r.toml x
refuse "stages are named" "stages of this recipe: a b c" msmv why r.toml x
refuse "no recipe" "none.toml" msmv why none.toml a
mkdir new
refuse "no recipe was run here" "msmv why RECIPE a" sh -c 'cd new && "$MSMV" why a'
exit_code "wrong use" 2 msmv why
finish
