#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The engine's own cost: a run with nothing to do, many stages that do nothing, memory.
# shellcheck disable=SC2016
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
MSMV=${MSMV:-$top_builddir/msmv}
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 1
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
export MSMV_PLUGIN_PATH
system_store=$top_builddir/tests/system-store

now()
{
	date +%s%N
}

# median_us COUNT COMMAND...
median_us()
{
	n=$1
	shift
	for _ in $(seq "$n"); do
		a=$(now)
		"$@" >/dev/null 2>&1
		b=$(now)
		echo $(((b - a) / 1000))
	done | sort -n | sed -n "$((n / 2 + 1))p"
}

hello=$top_srcdir/recipes/hello.toml
if MSMV_STORE=$system_store "$MSMV" plan "$hello" 2>/dev/null | grep -q 'cached *boot'; then
	MSMV_STORE=$system_store "$MSMV" run "$hello" -o "$T/out" >/dev/null
	us=$(MSMV_STORE=$system_store median_us 21 "$MSMV" run "$hello" -o "$T/out")
	base=$(median_us 21 "$MSMV" --version)
	echo "null run of hello.toml: $us us (limit 20000), msmv --version $base us, ratio $(awk "BEGIN { printf \"%.2f\", $us / $base }")"
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

worker=$(median_us 41 "$top_builddir/core/msmv-worker" describe "$MSMV_PLUGIN_PATH/trial.so")
stages 1000 >many.toml
for sandbox in off on; do
	MSMV_STORE=$T/$sandbox "$MSMV" run many.toml -j 1 --sandbox=$sandbox --json |
		tail -n 1 >end.json
	echo "1,000 trivial stages, sandbox $sandbox: $(field wall_ms) us each; fork+exec+load of" \
		"a worker $worker us; engine CPU $(($(field engine_cpu_us) / 1000)) us each (limit" \
		"1000), peak $(field engine_peak_kb) KB"
done

# Nothing to do, beside ninja with the same graph: 200 files that are there already.
stages 200 >many.toml
MSMV_STORE=$T/null "$MSMV" run many.toml -j 1 >/dev/null
us=$(MSMV_STORE=$T/null median_us 21 "$MSMV" run many.toml)
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
	ninja=$(median_us 21 ninja -C ninja)
	echo "null run of 200 stages: $us us, ninja $ninja us, ratio" \
		"$(awk "BEGIN { printf \"%.2f\", $us / $ninja }") (limit 2)"
else
	echo "null run of 200 stages: $us us (ninja is not installed)"
fi

# One output of 1 GB: from the end of its stage until all is stored.
printf '[stage.big]\nplugin = "trial"\nsize = "1000M"\n' >big.toml
MSMV_STORE=$T/big "$MSMV" run big.toml -o big --json >big.json
mb=1049
stage=$(cat "$T"/big/actions/*/* | sed -n 's/^duration_ms=//p')
tail -n 1 big.json >end.json
rest=$(($(field wall_ms) - stage))
file=$(find "$T/big/blobs" -size +900M)
hash=$(($(median_us 3 openssl dgst -sha256 "$file") / 1000))
copy=$(($(median_us 3 sh -c 'cp --reflink=never "$0" copy && sync copy' "$file") / 1000))
echo "1 GB: stored, checked and copied out in $rest ms ($((mb * 1000 / rest)) MB/s); openssl" \
	"sha256 alone $hash ms, cp and sync alone $copy ms"
