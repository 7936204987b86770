#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Whatever system call it is killed at, whichever fails: no wrong result is ever taken,
# nothing is left over, and the next run is as the first.
#
#   TRIALS=2500   at most, for each kind of fault: every call, unless a run has got many more;
#                 all: at every call, from an empty store
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
fault=$top_builddir/tests/tools/fault
trials=${TRIALS:-2500}
# The faults are the engine's; what stages reach has its own test.
MSMV_SANDBOX=off
export MSMV_SANDBOX

cp "$top_srcdir/tests/data/five.toml" r.toml
# The program itself: a shell around it would have calls of its own.
run="$top_builddir/core/msmv run r.toml -j 2 -o out"
libexec=$top_builddir/core
plugins=
for dir in "$top_builddir"/plugins/*/.libs; do
	plugins=$plugins:$dir
done
MSMV_WORKER=$libexec/msmv-worker MSMV_BUILTIN_PLUGINS=$plugins MSMV_DATADIR=$top_srcdir
export MSMV_WORKER MSMV_BUILTIN_PLUGINS MSMV_DATADIR

# The store as it was before: empty, but for what plugins said of themselves, which is
# most of a first run's calls.
afresh()
{
	rm -rf "$MSMV_STORE" out
	[ "$trials" = all ] || cp -a seed "$MSMV_STORE"
}

# shellcheck disable=SC2086 # a list of words
check "without a fault" $run
mkdir seed
cp -a "$MSMV_STORE/format" "$MSMV_STORE/facts" seed/
cp out/trial.txt right.txt

# left: what may not be there after a run.
left()
{
	{
		find "$MSMV_STORE/tmp" out -mindepth 1 ! -name trial.txt ! -name 'root*' \
			! -name '.msmv*'
		find "$MSMV_STORE" -name '*.tmp[0-9]*'
	} | head -n 3
}

# trial KIND N SET: 0 if all that must hold does.
trial()
{
	afresh
	# shellcheck disable=SC2086
	"$fault" "$1" "$2" "$3" $run >fault.txt 2>&1
	status=$?
	if [ $status = 0 ] && ! cmp -s out/trial.txt right.txt; then
		echo "$1 $2: it says it is done, and the output is wrong" >>wrong.txt
		return 1
	fi
	if [ $status -gt 1 ] && [ $status != 137 ]; then
		echo "$1 $2: exit status $status: $(tail -n 1 fault.txt)" >>wrong.txt
		return 1
	fi
	# shellcheck disable=SC2086
	if ! $run >again.txt 2>&1; then
		echo "$1 $2: the next run fails: $(grep error: again.txt | head -n 1)" >>wrong.txt
		return 1
	fi
	if ! cmp -s out/trial.txt right.txt; then
		echo "$1 $2: the next run takes a wrong result" >>wrong.txt
		return 1
	fi
	rest=$(left)
	if [ -n "$rest" ]; then
		echo "$1 $2: left over: $rest" >>wrong.txt
		return 1
	fi
}

# every KIND SET: trials over all calls, or evenly spread ones, in a folder of their own;
# what went wrong is in wrong.txt there, how many there were in done.txt.
every()
{
	mkdir "$1" && cp -a r.toml right.txt seed "$1" && cd "$1" || return 1
	MSMV_STORE=$PWD/store
	afresh
	# shellcheck disable=SC2086
	"$fault" count "$2" $run 3>count.txt >fault.txt 2>&1
	calls=$(cat count.txt)
	step=1
	[ "$trials" = all ] || [ "$calls" -le "$trials" ] || step=$((calls / trials))
	: >wrong.txt
	n=$((1 + ${SEED:-0} % step))
	done=0
	while [ "$n" -le "$calls" ]; do
		trial "$1" "$n" "$2"
		done=$((done + 1))
		n=$((n + step))
	done
	echo "$done of $calls calls ($2)" >done.txt
}

report()
{
	expect "$1: $(cat "$1/done.txt")" "" "$(head -n 20 "$1/wrong.txt")"
}

if [ "$(uname -m)" != x86_64 ]; then
	echo "ok $((count + 1)) # SKIP faults are injected through x86_64's registers"
	count=$((count + 1))
else
	check "faults are injected" sh -c '"$0" kill 1 all true; [ $? = 137 ]' "$fault"
	(every kill all) &
	lane=$!
	(every tear writes)
	(every EIO writes)
	(every ENOSPC writes)
	wait "$lane"
	report kill
	report tear
	report EIO
	report ENOSPC
	sum=$(cat ./*/done.txt | awk '{ n += $1 } END { print n }')
	check "thousands of trials: $sum" test "$sum" -ge 2000
fi
finish
