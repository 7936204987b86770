#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every test of the tree, in tiers, with one closing line.
#
#   tests/all.sh BUILD [--all]
#
# unit    make check: one process each, no kernel
# system  kernels are built (each once, in one store) and guests boot
# nightly with --all
set -u
build=${1:?usage: tests/all.sh BUILD [--all]}
shift
tier=
[ "${1:-}" != --all ] || tier=nightly

say()
{
	printf '\n== %s\n' "$*"
}

status=0
rm -f "$build"/tests/*.trs "$build"/tests/*/*.trs
say "unit tests"
make -s -k -C "$build" -j"$(nproc)" check || status=1
say "system tests"
make -s -k -C "$build" check-system || status=1
if [ -n "$tier" ]; then
	say "nightly tests"
	make -s -k -C "$build" check-nightly || status=1
fi

# Results as the TAP driver noted them, one line each.
results()
{
	find "$build" -name '*.trs' -exec cat {} + | sed -n "s/^:test-result: $1 *//p"
}

passed=$(results PASS | wc -l)
failed=$(results '\(FAIL\|ERROR\|XPASS\)' | wc -l)
skipped=$(results SKIP | wc -l)

if [ "$failed" -gt 0 ]; then
	say "failed"
	find "$build" -name '*.trs' -exec grep -lE '^:test-result: (FAIL|ERROR)' {} + |
		while read -r trs; do
			printf '%s\n' "${trs%.trs}.log"
			grep -E '^:test-result: (FAIL|ERROR)' "$trs" | sed 's/^:test-result: /  /'
			tail -n 60 "${trs%.trs}.log" | sed 's/^/  | /'
		done
fi
# Where the time goes, for those who want less of it.
say "the ten that took longest"
find "$build" -name '*.log' -exec sed -n "s|^# took \([0-9]*\) s,.*|\1 s {}|p" {} \; |
	sort -rn | sed "s|$build/||; s|\.log$||; s/^/  /" | head -n 10
# A skip has a reason. That a tool is missing is none in CI: bootstrap installs them all.
if [ "$skipped" -gt 0 ]; then
	say "skipped"
	find "$build" -name '*.trs' -exec grep -HE '^:test-result: SKIP' {} + |
		sed "s|^$build/||; s/^/  /"
	missing=$(results SKIP | grep -c 'missing')
	if [ "${CI:-}" = true ] && [ "$missing" -gt 0 ]; then
		echo "in CI a missing tool is a failure"
		failed=$((failed + missing))
		skipped=$((skipped - missing))
	fi
fi
if [ "$passed" = 0 ]; then
	echo "no test ran"
	status=1
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] || status=1
exit "$status"
