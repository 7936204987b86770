#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A stage reaches what is its own and nothing else, and msmv makes sure of that first.
# shellcheck disable=SC2012,SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

echo declared >declared.txt
echo other >other.txt
cat >r.toml <<EOF
[stage.a]
plugin = "trial"
text = "of a"
[stage.look]
plugin = "look"
at = ["$T/w/other.txt", "$MSMV_STORE/format", "/etc/shadow", "/usr/bin/env", "/usr/local/bin"]
files = ["declared.txt"]
inputs = { in = "a:out" }
spoil = true
EOF

saw()
{
	grep -q "$1" out/look.txt
}

check "a stage in the sandbox" msmv run r.toml
check "is nobody's user" saw '^user 1000 group 1000$'
check "on no machine in particular" saw '^host msmv$'
check "in a folder that is named so everywhere" saw '^folder /msmv/job/work$'
check "sees no other process than its own" saw '^processes [1-4]$'
check "no homes" saw '^homes 0$'
check "no network" saw '^network 0$'
check "no file beside the recipe" saw "^$T/w/other.txt absent$"
check "nor the store" saw "^$MSMV_STORE/format absent$"
check "nor the machine's secrets" saw '^/etc/shadow absent$'
check "but the toolchain, which it cannot change" saw '^/usr/bin/env there$'
check "without what the machine's owner put beside it" saw '^/usr/local/bin absent$'
check "and what the recipe declares, which it cannot change" saw "^$T/w/declared.txt there$"
check "nor its input" saw '^input safe$'
level()
{
	grep -ah '^sandbox=' "$MSMV_STORE"/actions/*/* | sort -u | tr '\n' ' '
}
expect "the results say so" "sandbox=on " "$(level)"

# Without: everything can be reached, the result says so, and counts for no other run.
sed 's/^spoil = .*//; s/^text = .*/text = "second"/' r.toml >off.toml
check "--sandbox=off" msmv run off.toml --sandbox=off -o off
check "sees the machine" grep -q "^$T/w/other.txt there" off/look.txt
expect "the results say that too" "sandbox=off sandbox=on " "$(level)"
check "again" msmv run off.toml --sandbox=off -o off
expect "nothing is to be done" cached "$(MSMV_SANDBOX=off stage_state off.toml look)"
expect "but in the sandbox" run "$(stage_state off.toml a)"
check "for that reason" sh -c '"$0" plan off.toml | grep -q "a .*made without the sandbox"' "$MSMV"
check "it runs" msmv run off.toml
check "and sees less" saw "^$T/w/other.txt absent$"
expect "which is good enough for all" cached "$(MSMV_SANDBOX=off stage_state off.toml look)"

# A stage that changes its input is found out, and the input made again.
refuse "without a sandbox inputs can be spoilt, which shows" "of its inputs: .* is damaged" \
	msmv run r.toml --sandbox=off --set stage.look.text=x
check "the next stage gets what its name says" msmv run r.toml
expect "of the stage that made it" "of a" "$(cat "$MSMV_STORE/blobs/$(
	printf 'of a' | sha256sum | sed 's/ .*//; s/^../&\//')")"

# The one who tries it before the first stage is no believer: out here everything leaks.
worker=$top_builddir/core/msmv-worker
refuse "files that can be seen are seen" "files of the machine" "$worker" prove 0 "$T/w/r.toml"
mkfifo port
python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(s.getsockname()[1]))
time.sleep(60)' &
listener=$!
at_end kill $listener
refuse "a network that can be reached is reached" "the machine.s network" \
	"$worker" prove "$(cat port)" /nonexistent
if [ -w /usr ]; then
	refuse "a toolchain that can be changed is changed" "/usr can be written to" \
		"$worker" prove 0 /nonexistent
	expect "and left as it was" "" "$(find /usr -maxdepth 1 -name '.msmv-*')"
fi

# msmv.conf
cat >msmv.conf <<EOF
[sandbox]
read = $T/w/other.txt /nonexistent
EOF
MSMV_CONF=$PWD/msmv.conf
export MSMV_CONF
check "what msmv.conf lets stages see" msmv run r.toml --set stage.look.text=y
check "is there, to read" saw "^$T/w/other.txt there$"
printf '[sandbox]\nenable = false\n' >msmv.conf
check "enable = false" msmv run r.toml --set stage.look.text=z --set stage.look.spoil=false
check "is no sandbox" saw "^$T/w/other.txt there writable$"
printf '[sandbox]\nread = here\n' >msmv.conf
refuse "a path that is none" "msmv.conf:2: \[sandbox\] read wants paths from /, not here" \
	msmv run r.toml
unset MSMV_CONF
exit_code "a word that is none" 2 msmv run r.toml --sandbox=maybe
refuse "is told" "sandbox is on or off, not 'maybe'" msmv run r.toml --sandbox=maybe

# Thousands of files: as many mounts would be too many.
mkdir -p many/sub many/folder
for i in $(seq 3200); do
	echo "$i" >"many/$i"
done
echo sub >many/sub/one
echo inner >many/folder/inner
{
	printf '[stage.t]\nplugin = "trial"\nfiles = ['
	for i in $(seq 3200); do
		printf '"many/%d", ' "$i"
	done
	printf '"many/sub/one"]\n[stage.look]\nplugin = "look"\ninputs = { in = "t:out" }\n'
	printf 'at = ["%s/other.txt"]\nfiles = ["many/folder", ' "$T/w"
	for i in $(seq 300); do
		printf '"many/%d", ' "$i"
	done
	printf ']\n'
} >many.toml
check "of thousands of files" msmv run many.toml
expect "each is seen" "$(cat $(seq -f many/%g 3200) many/sub/one | sha256sum)" \
	"$(cat "$MSMV_STORE"/blobs/*/* | grep -ax '[0-9]*\|sub' | head -n 3201 | sha256sum)"
check "a folder among them too" saw "^$T/w/many/folder there$"
check "and nothing beside them" saw "^$T/w/other.txt absent$"
expect "no copy is left" "" "$(ls "$MSMV_STORE/tmp")"

# A fetcher has the network; it sees the file of its url, and no more.
echo local >fetched.txt
cat >fetch.toml <<EOF
[stage.f]
plugin = "fetch-http"
url = "file://$T/w/fetched.txt"
EOF
check "a fetcher reads the file of its url" msmv run fetch.toml

# Scratch folders: a stage sees those that it asks for, as they were left.
scratches()
{
	sed -n 's/^scratch //p; s/^folders /of /p' out/look.txt | tr '\n' ' '
}
cat >scratch.toml <<'EOF'
[stage.look]
plugin = "look"
text = "one"
scratch = ["a", "b"]
EOF
check "scratch folders" msmv run scratch.toml
expect "are empty and come as they are asked for" "a 0 of 1 b 0 of 2 " "$(scratches)"
expect "they are kept" 2 "$(find "$MSMV_STORE/scratch" -name one | wc -l)"
check "another stage" msmv run scratch.toml --set stage.look.text=two --set 'stage.look.scratch=["b"]'
expect "sees what is its own, as it was left" "b 1 of 1 " "$(scratches)"
msmv run scratch.toml --set stage.look.text=three --set stage.look.hold_ms=60000 >killed.txt 2>&1 &
killed=$!
left=600
until find "$MSMV_STORE/tmp" -name busy 2>/dev/null | grep -q . || [ $left = 0 ]; do
	left=$((left - 1))
	sleep 0.05
done
check "one that is killed in it" test $left -gt 0
kill -9 "$(pgrep -P $killed -f 'core/msmv run' || echo $killed)"
wait $killed
expect "while a stage has it, it is nowhere else" "" "$(find "$MSMV_STORE/scratch" -name busy)"
check "after a kill" msmv run scratch.toml --set stage.look.text=four
expect "nothing of it is lost" "a busy 2 of 1 b 2 of 2 " "$(scratches)"
cat >turns.toml <<'EOF'
[stage.x]
plugin = "look"
text = "x"
scratch = ["turns"]
hold_ms = 300
[stage.y]
plugin = "look"
text = "y"
scratch = ["turns"]
hold_ms = 300
EOF
check "two stages that want one folder" msmv run turns.toml -j 2 -o turns
expect "take turns" 0 "$(cat turns/*look.txt | grep -c '^scratch turns busy')"
expect "and the second finds what the first left" "scratch turns 0 scratch turns 1 " \
	"$(cat turns/*look.txt | grep '^scratch' | sort | tr '\n' ' ')"
check "gc leaves what was used" sh -c '"$0" store gc --older-than 30d >gc.txt' "$MSMV"
expect "all of it" "$(find "$MSMV_STORE"/scratch/* -maxdepth 0 -name '*.lock' | wc -l)" \
	"$(find "$MSMV_STORE"/scratch/* -maxdepth 0 -type d | wc -l)"
find "$MSMV_STORE/scratch" -name '*.lock' -exec touch -d '40 days ago' {} +
check "gc removes scratch folders" sh -c '"$0" store gc --older-than 30d >gc.txt' "$MSMV"
expect "that were not used for long" "" "$(ls "$MSMV_STORE/scratch")"

# A part of the store may lie on another disk, behind a link.
elsewhere=
drop_elsewhere()
{
	[ -z "$elsewhere" ] || rm -rf "$elsewhere"
}
at_end drop_elsewhere
if [ -w /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d "$MSMV_STORE")" ]; then
	elsewhere=$(mktemp -d /dev/shm/msmv-test.XXXXXX)
	rmdir "$MSMV_STORE/scratch"
	ln -s "$elsewhere" "$MSMV_STORE/scratch"
	check "scratch folders on another disk" msmv run scratch.toml --set stage.look.text=five
	check "are kept there" msmv run scratch.toml --set stage.look.text=six
	expect "and found again" "a 1 b 1 " "$(scratches | sed 's/of [0-9]* //g')"
	rm "$MSMV_STORE/scratch"
	mkdir "$MSMV_STORE/scratch"
else
	ok "scratch folders on another disk # SKIP there is no other here"
fi

# As a plain user.
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$T" "$T/w"
	mkdir "$T/plain"
	cp r.toml declared.txt "$T/plain"
	chown -R 65534:65534 "$T/plain"
	if setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$top_builddir/core/msmv"; then
		check "as a plain user" setpriv --reuid=65534 --regid=65534 --clear-groups \
			env MSMV_STORE="$T/plain/store" "$MSMV" run "$T/plain/r.toml" -o "$T/plain/out"
		check "the same is seen" grep -q '^user 1000 group 1000$' "$T/plain/out/look.txt"
	else
		echo "# no plain user can read this tree"
	fi
fi
finish
