#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A run with nothing to do says so after a look at what the last one looked at. Whatever
# of that changes is noticed, and nothing that a run looks at is left out.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
requires strace strace
plugins=$top_builddir/tests/plugins-src/.libs
# The tool is no part of the system, so no sandbox would have it.
MSMV_SANDBOX=off
export MSMV_SANDBOX

# scene NAME: a place with all that a recipe can depend on, a store and a home of its own.
scene()
{
	mkdir -p "$1/folder/sub" "$1/bin" "$1/plugins" "$1/home/.config" "$1/other"
	cp "$plugins/trial.so" "$plugins/mktree.so" "$1/plugins"
	cat >"$1/r.toml" <<EOF
include = ["part.toml"]
[stage.a]
plugin = "trial"
text = "a"
files = ["side.txt", "link.txt"]
tool = "$T/w/$1/bin/tool"
EOF
	cat >"$1/part.toml" <<EOF
[stage.b]
plugin = "trial"
inputs = { in = "a:out" }
files = ["folder/one.txt"]
EOF
	printf '[stage.x]\nplugin = "trial"\n' >"$1/other/x.toml"
	echo side >"$1/side.txt"
	echo one >"$1/folder/one.txt"
	echo two >"$1/folder/two.txt"
	ln -s folder/two.txt "$1/link.txt"
	printf '#!/bin/sh\necho tool 1\n' >"$1/bin/tool"
	chmod +x "$1/bin/tool"
}

# in_scene NAME COMMAND...: there, with that store and home.
in_scene()
(
	cd "$1" || exit 1
	MSMV_STORE=$PWD/store HOME=$PWD/home MSMV_PLUGIN_PATH=$PWD/plugins
	export MSMV_STORE HOME MSMV_PLUGIN_PATH
	shift
	"$@"
)

kept()
{
	find "$1/store/runs" -name 'null-*'
}

# Is the next run one that looks at everything? That replaces what was kept, or drops it,
# or finds that there is nothing to run.
looks()
{
	ln -f "$(kept "$1")" "$1/held" 2>/dev/null
	in_scene "$@" >"$1/said.txt" 2>&1 || return 0
	# What is held gives its number to no other file.
	now=$(kept "$1")
	[ -z "$now" ] || [ "$(stat -c %i "$1/held")" != "$(stat -c %i "$now")" ]
}

key_of()
{
	"$MSMV" plan r.toml --json | jq -r ".stages[$1].key" | sed 's/^../&\//'
}

blob_of()
{
	sed -n '/^out=/{n;s/^digest=\(..\)/\1\//p}' "store/actions/$(key_of "$1")"
}

# A line each: name, what happens in the scene of that name.
changes='
recipe		echo "# more" >>r.toml
recipe-link	mv r.toml real.toml; cp real.toml twin.toml; ln -s twin.toml r.toml
include		echo "# more" >>part.toml
recipe-same	touch -r r.toml ref; sed s/\"a\"/\"z\"/ r.toml >new; cat new >r.toml; touch -r ref r.toml
include-gone	rm part.toml
lock		touch r.toml.lock
side		echo edis >side.txt
side-time	touch -r side.txt ref; echo edis >side.txt; touch -r ref side.txt
side-mode	chmod +x side.txt
link		ln -sfn folder/one.txt link.txt
link-target	echo 2 >folder/two.txt
file-in-folder	echo 1 >folder/one.txt
conf		mkdir -p home/.config/msmv; echo >home/.config/msmv/msmv.conf
tool		printf "#!/bin/sh\necho tool 2\n" >bin/new; chmod +x bin/new; mv bin/new bin/tool
tool-gone	rm bin/tool
plugin		cp plugins/trial.so t; echo >>t; mv t plugins/trial.so
plugin-before	cp plugins/trial.so plugins/another.so
plugin-of-user	mkdir -p home/.local/share/msmv/plugins
output		echo x >>out/trial.txt
output-gone	rm out/trial.txt
output-same	touch -r out/trial.txt ref; printf X | dd of=out/trial.txt conv=notrunc; touch -r ref out/trial.txt
list		rm out/.msmv
folder-mode	chmod 700 out
blob		f=store/blobs/$(blob_of 0); chmod u+w $f; printf X | dd of=$f conv=notrunc
blob-gone	rm -f store/blobs/$(blob_of 0)
blob-last	rm -f store/blobs/$(blob_of 1)
result		rm -f store/actions/$(key_of 1)
result-short	f=store/actions/$(key_of 1); chmod u+w $f; truncate -s 100 $f
result-same	f=store/actions/$(key_of 1); sed s/^size=./size=9/ $f >new; chmod u+w $f; cat new >$f; chmod 444 $f
clean		"$MSMV" clean
clean-all	"$MSMV" clean --all
attempt		"$MSMV" run r.toml --set stage.a.act=fail
recipe-here	"$MSMV" run other/x.toml -o other/out
leftover	mkdir store/tmp/1.0
cut-short	truncate -s -1 store/runs/null-*
bit		f=$(echo store/runs/null-*); printf 9 | dd of=$f bs=1 seek=$(($(stat -c %s $f) - 9)) conv=notrunc
'
# What no run of this recipe looks at, or what it leaves as it was.
alike='
beside		echo x >beside.txt
touched		touch r.toml part.toml store/actions/*/*
read		cat r.toml side.txt store/blobs/*/*
in-out		echo x >out/beside.txt
plan		"$MSMV" plan r.toml
'

names()
{
	printf '%s\n' "$1" | sed -n 's/^\([a-z-]*\)[^a-z-].*/\1/p'
}

what()
{
	printf '%s\n%s\n' "$changes" "$alike" | sed -n "s/^$1[^a-z-]	*//p"
}

everywhere()
{
	for s in asked $(names "$changes$alike"); do
		"$@" "$s"
	done
}

run_in()
{
	in_scene "$1" "$MSMV" run r.toml >"$1/said.txt" 2>&1 || diag <"$1/said.txt"
}

everywhere scene
everywhere run_in
scene young
touch -d '+1 hour' young/side.txt
run_in young
scene broken
echo "no program" >broken/plugins/another.so
run_in broken
scene shared
sed -i 's/^text = .*/&\nsleep_ms = "5000"/' shared/r.toml
(cd shared && MSMV_STORE=$PWD/store HOME=$PWD/home MSMV_PLUGIN_PATH=$PWD/plugins \
	exec "$MSMV" run r.toml --until a -o other) >maker.txt 2>&1 &
maker=$!
until_line()
{
	left=600
	until grep -q "$1" "$2" || [ "$left" = 0 ]; do
		left=$((left - 1))
		sleep 0.05
	done
	test "$left" -gt 0
}
check "a run makes what another one needs" until_line '^  run *a' maker.txt
touch shared/side.txt
(cd shared && MSMV_STORE=$PWD/store HOME=$PWD/home MSMV_PLUGIN_PATH=$PWD/plugins \
	exec "$MSMV" run r.toml --until a) >waiter.txt 2>&1 &
waiter=$!
check "which waits for it" until_line 'another msmv' waiter.txt
wait $maker
wait $waiter
check "and has nothing to do" grep -q '^  cached *a ' waiter.txt
expect "but what it waited for it saw too early to keep" "" "$(kept shared)"
echo edis >shared/side.txt
check "so a change is seen" looks shared "$MSMV" run r.toml --until a
check "and made" grep -q '^  done *a ' shared/said.txt
sleep 3
everywhere run_in
run_in young
run_in broken
not_kept()
{
	[ -n "$(kept "$1")" ] || echo "$1"
}
expect "later an answer is kept" "" "$(everywhere not_kept)"
expect "but none of what may be changed once more in the same moment" "" "$(kept young)"
expect "or of a plugin that may load the next time" "" "$(kept broken)"
cp asked/said.txt first.txt

# The same question has the same answer; another one is looked into.
fails "asked again" looks asked "$MSMV" run r.toml
expect "it says the same" "$(cat first.txt)" "$(cat asked/said.txt)"
check "which is that all is cached" grep -q '^  cached *b ' asked/said.txt

# other NAME ARGS...: is that another question?
other()
{
	other_name=$1
	shift
	in_scene asked "$MSMV" run r.toml >again.txt
	in_scene asked "$MSMV" run r.toml >again.txt
	check "$other_name" looks asked "$@"
}
other "a variable of the environment" env TRIAL=X "$MSMV" run r.toml
check "counts" grep -q '^  done *a ' asked/said.txt
other "any of them" env NOBODY_READS_THIS=1 "$MSMV" run r.toml
other "an option" "$MSMV" run r.toml --set stage.b.text=new
check "counts as well" grep -q '^  done *b ' asked/said.txt
other "another folder for what is made" "$MSMV" run r.toml -o out3
check "is filled" test -s asked/out3/trial.txt
other "in JSON" "$MSMV" run r.toml --json
other "from another folder" sh -c 'cd folder && "$0" run ../r.toml -o ../out' "$MSMV"
other "until a stage" "$MSMV" run r.toml --until a
in_scene asked "$MSMV" run r.toml >again.txt
sleep 3
in_scene asked "$MSMV" run r.toml >again.txt
fails "and the first one" looks asked "$MSMV" run r.toml

# A question that makes no sense is told so, and drops no answer.
in_scene asked "$MSMV" run r.toml >again.txt
for wrong in --no-such --jobs=many --until=none --set=stage.a --sandbox=maybe --nice=many; do
	refuse "wrong: $wrong" "error: " in_scene asked "$MSMV" run r.toml "$wrong"
done
fails "the answer is still there" looks asked "$MSMV" run r.toml

for s in $(names "$changes"); do
	(in_scene "$s" eval "$(what "$s")") >"$s/change.txt" 2>&1
	check "noticed: $s" looks "$s" "$MSMV" run r.toml
done
for s in $(names "$alike"); do
	(in_scene "$s" eval "$(what "$s")") >"$s/change.txt" 2>&1
	fails "no matter: $s" looks "$s" "$MSMV" run r.toml
done
check "a changed output is made good" grep -q '^a' output-same/out/trial.txt
check "and a missing one" test -s output-gone/out/trial.txt
check "a missing result is made again" grep -q '^  done *b ' result/said.txt
check "and a missing artifact" grep -q '^  done *a ' blob-gone/said.txt
check "a missing tool is told" grep -q 'tool is not installed' tool-gone/said.txt
check "and a missing include" grep -q 'part.toml' include-gone/said.txt
expect "a leftover goes" "" "$(ls leftover/store/tmp)"
in_scene attempt "$MSMV" log r.toml a >log.txt
check "the log is the result's, not the attempt's" grep -q 'trial: write' log.txt

# A run of another recipe at the same time is no reason to look.
in_scene plan "$MSMV" run r.toml >again.txt
(cd plan/other && MSMV_STORE=$T/w/plan/store MSMV_PLUGIN_PATH=$T/w/plan/plugins \
	exec "$MSMV" run x.toml --set stage.x.sleep_ms=60000) >beside.txt 2>&1 &
beside=$!
check "another run" until_line '^  run *x' beside.txt
fails "no matter: another run at the same time" looks plan "$MSMV" run r.toml
kill $beside
wait $beside

# Another recipe that uses the same results spoils no answer.
in_scene plan "$MSMV" run r.toml >again.txt
cp -a plan/r.toml plan/part.toml plan/side.txt plan/link.txt plan/folder plan/other
in_scene plan sh -c 'cd other && "$0" run r.toml' "$MSMV" >again.txt 2>&1
check "a recipe that makes the same" grep -q '^  cached *b ' again.txt
in_scene plan "$MSMV" run r.toml >again.txt
fails "no matter: a use of the same results" looks plan "$MSMV" run r.toml

# Which results are used is known though nobody touched them.
age()
{
	find "asked/store/actions" asked/store/runs/null-* -type f \
		-exec touch -d '40 days ago' {} +
}
stay()
{
	in_scene asked "$MSMV" store gc --older-than 30d --dry-run | sed 's/.*; \([0-9]*\) results.*/\1/'
}
age
expect "results that nobody took" 0 "$(stay)"
fails "a run with nothing to do" looks asked "$MSMV" run r.toml
expect "is a use of its results" 2 "$(stay)"
in_scene asked "$MSMV" run r.toml --until a >again.txt
expect "which another answer does not forget" 2 "$(stay)"
in_scene asked "$MSMV" run r.toml >again.txt
sleep 3
in_scene asked "$MSMV" run r.toml >again.txt
in_scene asked "$MSMV" store gc --older-than 30d >again.txt
fails "what stays is still there" looks asked "$MSMV" run r.toml
age
fails "used once more" looks asked "$MSMV" run r.toml
in_scene asked "$MSMV" clean >again.txt
expect "which is known when all logs are gone" 2 "$(stay)"
in_scene asked "$MSMV" run r.toml >again.txt

# All that a run looks at is kept. Its own folder, locks and libraries are no answer's matter.
rm -f asked/store/runs/null-*
in_scene asked strace -qq -f -o trace.txt -e trace=%file "$MSMV" run r.toml >again.txt
grep -a '^[-=@#>*+][0-9a-f]*:' "$(kept asked)" | sed 's/^[^ ]* //' |
	sed "s|^\([^/]\)|$T/w/asked/\1|" | sort -u >known.txt
sed -n '/execve(".*core\/msmv"/,$p' asked/trace.txt | grep -v 'O_CREAT\|O_PATH' |
	grep -E ' (open|openat|stat|newfstatat|statx|lstat|access|faccessat2?)\(' |
	sed -n 's/^[^"]*"\([^"]*\)".*/\1/p' | grep . | sed "s|^\([^/]\)|$T/w/asked/\1|" |
	sort -u >looked.txt
grep -vE '^/(etc/ld\.so|dev/|proc/|lib|usr/lib)|/openssl.cnf$|/store(/tmp|/claims|/runs/null-.*)?(/|$)' \
	looked.txt >seen.txt
grep -E '/store/(blobs|actions|runs/[^n]|format)' looked.txt >>seen.txt
sort -u -o seen.txt seen.txt
# Folders above others are there if those are; what is kept to save time has its own ones.
comm -23 seen.txt known.txt | grep -vE '\.log$|/store/facts/' | while read -r path; do
	case "$T/w/asked/store/" in "$path"/*) ;; *) echo "$path" ;; esac
done >missing.txt
expect "nothing that a run looked at is missing" "" "$(cat missing.txt)"
check "which is a lot" test "$(wc -l <seen.txt)" -gt 20
finish
