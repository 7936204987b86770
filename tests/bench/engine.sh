#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The engine's own cost: a run with nothing to do, many stages that do nothing, memory.
# shellcheck disable=SC2016
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
MSMV=$top_builddir/core/msmv
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 1
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
export MSMV_PLUGIN_PATH
system_store=$top_builddir/tests/system-store

# What is installed is a program, not the script of a build tree that calls it.
MSMV_WORKER=$top_builddir/core/msmv-worker
MSMV_DATADIR=$top_srcdir
MSMV_BUILTIN_PLUGINS=
for d in "$top_builddir"/plugins/*/.libs; do
	MSMV_BUILTIN_PLUGINS=$MSMV_BUILTIN_PLUGINS:$d
done
export MSMV_WORKER MSMV_DATADIR MSMV_BUILTIN_PLUGINS

# timed COUNT COMMAND... [-- COMMAND...]: medians of microseconds, wall and CPU, a line each.
timed()
{
	"$top_builddir/tests/tools/times" "$@"
}

# median_us COUNT COMMAND...: of wall time
median_us()
{
	timed "$@" | cut -d' ' -f1
}

hello=$top_srcdir/recipes/hello.toml
if MSMV_STORE=$system_store "$MSMV" plan "$hello" 2>/dev/null | grep -q 'cached *boot'; then
	MSMV_STORE=$system_store
	export MSMV_STORE
	"$MSMV" run "$hello" -o "$T/out" >/dev/null
	# What is younger than two seconds is looked at in full.
	full=$(median_us 21 "$MSMV" run "$hello" -o "$T/out" --json)
	sleep 3
	"$MSMV" run "$hello" -o "$T/out" >/dev/null
	timed 41 "$MSMV" run "$hello" -o "$T/out" -- "$MSMV" --version >us.txt
	echo "null run of hello.toml: $(sed -n '1s/ .*//p' us.txt) us (limit 10000), with a look at" \
		"everything $full us; msmv --version $(sed -n '2s/ .*//p' us.txt) us"
	unset MSMV_STORE
else
	echo "null run of hello.toml: build it first (make check-system)"
fi

# stages COUNT: that many, each of which writes a number.
stages()
{
	for i in $(seq "$1"); do
		echo "[stage.s$i]"
		echo 'plugin = "trial"'
		echo "text = \"$i\""
	done
}

# field NAME: of the last object of --json.
field()
{
	sed "s/.*\"$1\":\([0-9]*\).*/\1/" end.json
}

worker_us()
{
	median_us 201 "$top_builddir/core/msmv-worker" describe "$MSMV_PLUGIN_PATH/trial.so"
}

stages 1000 >many.toml
# many FOLDER SANDBOX
many()
{
	before=$(worker_us)
	MSMV_STORE=$1/store-$2 "$MSMV" run many.toml -j 1 --sandbox="$2" --json -o "$1/out-$2" |
		tail -n 1 >end.json
	# The machine may be busy: what a worker costs is measured on both sides.
	worker=$(((before + $(worker_us)) / 2))
	echo "1,000 trivial stages in $(stat -fc %T "$1"), sandbox $2: $(field wall_ms) us each," \
		"fork+exec+load of a worker $worker us: $(($(field wall_ms) - worker)) us above it;" \
		"engine CPU $(($(field engine_cpu_us) / 1000)) us each (limit 1000), peak" \
		"$(field engine_peak_kb) KB"
}
many "$T" off
many "$T" on
# ext4 is slow to make a file where thousands were removed in the last minute, by anybody.
if [ -w /dev/shm ]; then
	memory=$(mktemp -d /dev/shm/bench.XXXXXX)
	many "$memory" off
	rm -rf "$memory"
fi

# Nothing to do, beside ninja with the same graph: 200 files that are there already.
stages 200 >many.toml
MSMV_STORE=$T/null
export MSMV_STORE
"$MSMV" run many.toml -j 1 >/dev/null
sleep 3
"$MSMV" run many.toml >/dev/null
full=$(median_us 21 "$MSMV" run many.toml --json)
"$MSMV" run many.toml >/dev/null
if command -v ninja >/dev/null; then
	mkdir ninja
	{
		echo 'rule w'
		echo '  command = echo $n >$out'
		for i in $(seq 200); do
			echo "build s$i: w"
			echo "  n = $i"
		done
	} >ninja/build.ninja
	ninja -C ninja >/dev/null
	timed 41 "$MSMV" run many.toml -- ninja -C ninja | tr '\n' ' ' | awk -v full="$full" '{
		printf "null run of 200 stages: %d us, ninja %d us, ratio %.2f (limit 2); CPU %d us, ninja %d us, ratio %.2f; with a look at everything %d us\n",
			$1, $3, $1 / $3, $2, $4, $2 / $4, full }'
else
	echo "null run of 200 stages: $(median_us 41 "$MSMV" run many.toml) us (ninja is not installed)"
fi
unset MSMV_STORE

# One output of 1 GB: from the end of its stage until it is stored, then until it is out.
printf '[stage.big]\nplugin = "trial"\nsize = "1000M"\n' >big.toml
MSMV_STORE=$T/big "$MSMV" run big.toml -o big --json | python3 -c '
import json, sys, time
at = {}
for line in sys.stdin:
    event = json.loads(line)
    at[event["event"]] = time.monotonic()
    if event["event"] == "end":
        print(int((at["finished"] - at["started"]) * 1000),
            int((at["end"] - at["finished"]) * 1000), event["engine_peak_kb"])' >big.txt
read -r stored out peak <big.txt
stage=$(cat "$T"/big/actions/*/* | sed -n 's/^duration_ms=//p')
stored=$((stored - stage))
mb=1049
file=$(find "$T/big/blobs" -size +900M)
hash=$(($(median_us 3 openssl dgst -sha256 "$file") / 1000))
# As the stage's output is: written a moment ago, and not on the disk yet.
sync
copy=$(($(median_us 3 sh -c 'cp --reflink=never "$0" copy && sync copy' "$file") / 1000))
slower=$((hash > copy ? hash : copy))
echo "1 GB: hashed and stored in $stored ms ($((mb * 1000 / (stored + 1))) MB/s), copied out in" \
	"$out ms, peak $peak KB; openssl sha256 $hash ms, cp and sync $copy ms; of the slower" \
	"$((slower * 100 / (stored + 1))) % (limit 80)"

# Two recipes with a stage in common, started at the same time on one store.
for r in one two; do
	cat >$r.toml <<EOF
[stage.kernel]
plugin = "trial"
text = "kernel"
sleep_ms = 1000
count = "$T/kernels"
[stage.$r]
plugin = "trial"
text = "$r"
inputs = { in = "kernel:out" }
EOF
done
MSMV_STORE=$T/both
export MSMV_STORE
"$MSMV" run one.toml --sandbox=off -o one >/dev/null &
"$MSMV" run two.toml --sandbox=off -o two >/dev/null
wait
echo "two recipes with one kernel, at once: built $(wc -l <kernels | tr -d ' ') time(s) (limit 1)," \
	"used by $(cat one/trial.txt two/trial.txt | grep -o kernel | wc -l | tr -d ' ')"
