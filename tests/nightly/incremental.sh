#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A kernel rebuilt in its old objects after a change of an option is, byte for byte, the
# kernel that a clean folder gives, and takes a fraction of the time.
#
#   FLIPS=20 SEED=1   how many options change, one after the other, and which
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
recipe=$top_srcdir/recipes/hello.toml
flips=${FLIPS:-20}
most=15 # per cent of a clean build's time, for the median

# The clean builds that only give bytes to compare with may remember what they compiled.
CLEAN_CC=
if command -v ccache >/dev/null; then
	cat >"$T/remembering-cc" <<EOT
#!/bin/sh
CCACHE_DIR='$T/ccache' CCACHE_NOHASHDIR=1 exec ccache gcc "\$@"
EOT
	chmod +x "$T/remembering-cc"
	CLEAN_CC=$T/remembering-cc
fi

# build STORE OUT OPTIONS...: the kernel alone.
build()
{
	store=$1
	out=$2
	shift 2
	msmv run "$recipe" --until kernel.build --store "$store" -o "$out" "$@"
}

# clean_build OUT OPTIONS...: the same with no object left of any earlier one.
clean_build()
{
	find "$T/clean/scratch" -mindepth 2 -maxdepth 2 -name obj -exec rm -rf {} +
	(
		CC=${CLEAN_CC:-gcc}
		export CC
		build "$T/clean" "$@"
	)
}

# took COMMAND...: runs it; its milliseconds are in $ms.
took()
{
	begin=$(date +%s%N)
	"$@" || return 1
	ms=$((($(date +%s%N) - begin) / 1000000))
}

# chosen: the options of this run, from the list, by the seed.
chosen()
{
	grep -v '^#' "$top_srcdir/tests/data/kconfig/flips.txt" |
		awk -v seed="${SEED:-1}" 'BEGIN { srand(seed) } { print rand(), $0 }' |
		sort -n | head -n "$flips" | cut -d' ' -f2
}

check "the sources and the configuration" msmv run "$recipe" --until kernel.config \
	--store "$T/warm" -o config
check "a clean build" took build "$T/warm" first
clean_ms=$ms
echo "# a clean build takes $clean_ms ms"
check "the clean folder's sources" msmv run "$recipe" --until kernel.config \
	--store "$T/clean" -o config
# Each build has one option more than the one before: one change, not one made and one undone.
set --
changed=0
cp first/vmlinux before
for flip in $(chosen); do
	set -- "$@" --set "kernel.options.$flip"
	if ! took build "$T/warm" warm "$@" >build.txt 2>&1; then
		not_ok "$flip in the old objects"
		diag <build.txt
		continue
	fi
	echo "$ms" >>times.txt
	echo "# $flip: $ms ms, $((ms * 100 / clean_ms)) %"
	check "$flip from nothing" clean_build clean "$@"
	check "$flip: bzImage is the same" cmp warm/bzImage clean/bzImage
	check "$flip: vmlinux is the same" cmp warm/vmlinux clean/vmlinux
	# Some options only let others be asked for.
	cmp -s before warm/vmlinux || changed=$((changed + 1))
	cp warm/vmlinux before
done
check "most of them change the kernel ($changed)" test $((changed * 4)) -ge $((flips * 3))
expect "all were measured" "$flips" "$(wc -l <times.txt)"
median=$(sort -n times.txt | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
echo "# median $median ms, $((median * 100 / clean_ms)) % of a clean build"
check "the median is at most $most %" test $((median * 100)) -le $((clean_ms * most))
finish
