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

# ---- Fully used ---------------------------------------------------------

# Three stages, of which each could keep eight busy: together they are as many as -j says.
mkdir busy-1.0
sed 's/^>/	/' >busy-1.0/Makefile <<EOF
all: 1 2 3 4 5 6 7 8
1 2 3 4 5 6 7 8:
>@echo + >>$T/busy.txt; sleep 0.2; echo - >>$T/busy.txt
install:
>mkdir -p \$(DESTDIR)/bin && echo x >\$(DESTDIR)/bin/x
EOF
tar -czf busy-1.0.tar.gz busy-1.0
{
	printf '[stage.src]\nplugin = "fetch-http"\npath = "busy-1.0.tar.gz"\n'
	for i in 1 2 3; do
		printf '[stage.busy%d]\nplugin = "make-app"\ninputs = { source = "src:file" }\n' $i
		printf 'build_command = "make all N=%d"\n' $i
	done
} >busy.toml
check "three stages that run make" msmv run busy.toml -j 4 --sandbox=off
expect "each does all of its work" 24 "$(grep -c + "$T/busy.txt")"
most=$(awk '/\+/ && ++n > most { most = n } /-/ { n-- } END { print most + 0 }' "$T/busy.txt")
expect "as many as -j at a time, and never more" 4 "$most"

# While the machine waits for memory one stage runs, whatever -j says. The kernel's word is
# played by a file in its place.
cat >memory.toml <<'EOF'
[stage.a]
plugin = "trial"
text = "a"
sleep_ms = 1000
[stage.b]
plugin = "trial"
text = "b"
sleep_ms = 1000
[stage.c]
plugin = "trial"
text = "c"
sleep_ms = 1000
EOF
# at_once PRESSURE: how many of them run at the same time.
at_once()
{
	echo "some avg10=$1 avg60=0.00 avg300=0.00 total=0" >pressure
	unshare -rm sh -c 'mount --bind pressure /proc/pressure/memory && exec "$0" "$@"' \
		"$MSMV" run memory.toml -j 3 --sandbox=off --json --set "stage.c.text=c$1" \
		--set "stage.b.text=b$1" --set "stage.a.text=a$1" >events.txt || echo failed
	sed -n 's/.*"event":"\([a-z]*\)".*/\1/p' events.txt |
		awk '/started/ && ++n > most { most = n } /finished/ { n-- } END { print most }'
}
if unshare -rm test -e /proc/pressure/memory 2>/dev/null; then
	expect "with memory" 3 "$(at_once 0.00)"
	expect "without" 1 "$(at_once 55.00)"
else
	ok "memory pressure # SKIP no namespaces, or no pressure"
fi

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
