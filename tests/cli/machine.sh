#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# One machine, fully used or left to others, and what goes on after a failure.
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

# ---- After a failure ----------------------------------------------------

cat >fail.toml <<EOF
[stage.bad]
plugin = "trial"
act = "fail"
[stage.needs-bad]
plugin = "trial"
inputs = { in = "bad:out" }
[stage.good]
plugin = "trial"
text = "good"
sleep_ms = 100
[stage.next]
plugin = "trial"
text = "next"
inputs = { in = "good:out" }
EOF
exit_code "a failure" 1 msmv run fail.toml -j 2
expect "stops what has not begun" run "$(stage_state fail.toml next)"
exit_code "--keep-going fails as well" 1 msmv run fail.toml -j 1 --keep-going
cp "$T/check.out" out.txt
expect "but all that can be made is" "cached cached" \
	"$(stage_state fail.toml good) $(stage_state fail.toml next)"
check "what needs the failed one is told" grep -q '^  skipped *needs-bad' out.txt
check "and so is the failed one at the end" sh -c 'tail -n 1 out.txt | grep -q "failed: bad;"'
sed -i 's/^act = .*//' fail.toml
check "mended it goes on" msmv run fail.toml -k

# ---- Left to others -----------------------------------------------------

cat >look.toml <<'EOF'
[stage.look]
plugin = "look"
EOF
# nicer LEVEL: that, or how nice whoever runs this is already.
nicer()
{
	if [ "$(nice)" -gt "$1" ]; then nice; else echo "$1"; fi
}

check "--nice" msmv run look.toml --nice 7
expect "is for the stages" "nice $(nicer 7)" "$(grep '^nice' out/look.txt)"
printf '[run]\nnice = 9\nionice = idle\n' >msmv.conf
check "msmv.conf" env MSMV_CONF="$PWD/msmv.conf" "$MSMV" run look.toml --set stage.look.text=a
expect "says it once for all" "nice $(nicer 9)" "$(grep '^nice' out/look.txt)"
refuse "a number that is none" "nice needs a number from 0 to 19, not 'x'" \
	msmv run look.toml --nice x
refuse "a class that is none" "ionice is best-effort or idle, not 'real'" \
	msmv run look.toml --ionice real
# ---- The same bytes for years -------------------------------------------

check "format_version" msmv run look.toml --set general.format_version=1 --set stage.look.text=b
check "is what writers are told" grep -q '^format 1$' out/look.txt
check "which is the one without" msmv run look.toml --set stage.look.text=b
expect "so that it is the same" cached "$(msmv plan look.toml --set stage.look.text=b | awk '{ print $1 }')"
refuse "one that is not known yet" 'format_version 2 is not known to this msmv, which writes 1' \
	msmv run look.toml --set general.format_version=2
refuse "no number" 'format_version wants a number, not' \
	msmv run look.toml --set 'general.format_version="one"'

if command -v ionice >/dev/null; then
	cat >slow.toml <<-'EOF'
		[stage.slow]
		plugin = "trial"
		act = "sleep"
	EOF
	"$MSMV" run slow.toml --ionice idle >slow.txt 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		stage=$(processes 'sleep 1000' "${T##*/}/") && break
		sleep 0.05
	done
	# shellcheck disable=SC2086 # one number
	expect "--ionice" idle "$(ionice -p ${stage%%[!0-9]*})"
	kill $pid
	wait $pid
	fails "none of it is left" processes 'sleep 1000' "${T##*/}/"
fi
finish
