#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The engine's own cost: a run with nothing to do, many stages that do nothing, memory.
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

for i in $(seq 200); do
	echo "[stage.s$i]"
	echo 'plugin = "trial"'
	echo "text = \"$i\""
done >many.toml
MSMV_STORE=$T/store "$MSMV" run many.toml -j 1 --json | tail -n 1 >end.json
wall=$(sed 's/.*"wall_ms":\([0-9]*\).*/\1/' end.json)
cpu=$(sed 's/.*"engine_cpu_us":\([0-9]*\).*/\1/' end.json)
peak=$(sed 's/.*"engine_peak_kb":\([0-9]*\).*/\1/' end.json)
worker=$(median_us 41 "$top_builddir/core/msmv-worker" describe "$MSMV_PLUGIN_PATH/trial.so")
echo "200 trivial stages: $((wall * 5)) us each, fork+exec+load of a worker $worker us; engine CPU $((cpu / 200)) us each, peak $peak KB"
us=$(MSMV_STORE=$T/store median_us 11 "$MSMV" run many.toml -j 1)
echo "null run of 200 stages: $us us"
