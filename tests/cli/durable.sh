#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What counts is on the disk first. A crash of the machine cannot be had in a test, so the
# order of the calls is looked at: nothing gets its name before it is synced, no result
# before the folders of its blobs are, and none counts before its own folder is.
. "${top_srcdir:?}/tests/lib.sh"
requires strace strace
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
MSMV_SANDBOX=off
export MSMV_SANDBOX

cp "$top_srcdir/tests/data/five.toml" r.toml
# Stages that nobody needs, which wait for each other's company.
for i in 1 2 3 4 5 6 7 8; do
	printf '[stage.many%d]\nplugin = "trial"\ntext = "%d"\n' $i $i
done >>r.toml

# ordered TRACE: a line for each call that came too early, then how many there were. What is
# asked for counts from when a call begins, what is done from when it ends.
ordered()
{
	awk -v store="$MSMV_STORE" '
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	function unquoted(n) { split($0, part, "\""); return part[n] }
	{ pid = $1; sub(/^[0-9]+ +/, "") }
	/^(fsync|fdatasync|syncfs)\(/ {
		path = $0
		sub(/^[a-z]*\([0-9]+</, "", path)
		sub(/>.*/, "", path)
		if (/= 0$/) at[path] = NR
		else if (/unfinished/) doing[pid] = path
		next
	}
	/^<\.\.\. (fsync|fdatasync|syncfs) resumed/ {
		if (/= 0$/ && pid in doing) at[doing[pid]] = NR
		delete doing[pid]
		next
	}
	/^mkdir\(".*= 0$/ { made[unquoted(2)] = NR }
	/^rename\("/ {
		from = unquoted(2)
		to = unquoted(4)
		is_blob = index(to, store "/blobs/") == 1
		is_result = index(to, store "/actions/") == 1
		if (!is_blob && !is_result) next
		if (!(from in at)) print "not synced: " to
		if (folder(to) in made && at[folder(folder(to))] + 0 < made[folder(to)])
			print "its folder may go: " to
		while (is_result && (getline line <to) > 0) {
			if (line !~ /^(digest|log)=/) continue
			sub(/^[a-z]*=/, "", line)
			b = store "/blobs/" substr(line, 1, 2) "/" substr(line, 3)
			if (b in blobs && at[folder(b)] + 0 < blobs[b]) print "before " b ": " to
		}
		if (is_blob) { blobs[to] = NR; nblobs++ }
		else { results[to] = NR; nresults++ }
	}
	# The person is told, and the next stage may start.
	/^write\(1</ {
		text = $0
		while (match(text, /\\"event\\":\\"finished\\"[^}]*/)) {
			event = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			told++
			key = event
			sub(/.*\\"key\\":\\"/, "", key)
			to = store "/actions/" substr(key, 1, 2) "/" substr(key, 3, 62)
			if (!(to in results) || at[folder(to)] + 0 < results[to])
				print "too early: " event
		}
	}
	END { print nblobs + 0, "blobs", nresults + 0, "results", told + 0, "told" }' "$1"
}

# The program itself: a shell around it would have calls of its own.
MSMV_WORKER=$top_builddir/core/msmv-worker MSMV_DATADIR=$top_srcdir
MSMV_BUILTIN_PLUGINS=
for dir in "$top_builddir"/plugins/*/.libs; do
	MSMV_BUILTIN_PLUGINS=$MSMV_BUILTIN_PLUGINS:$dir
done
export MSMV_WORKER MSMV_DATADIR MSMV_BUILTIN_PLUGINS
traced()
{
	strace -qq -f -y -s 65536 -o trace.txt -e trace=fsync,fdatasync,syncfs,rename,mkdir,write \
		"$top_builddir/core/msmv" "$@"
}

check "a run" traced run r.toml -j 2 --json -o out
ordered trace.txt >said.txt
expect "first the disk, then the name, then the word" "" "$(sed '$d' said.txt)"
expect "of all results" "13 results 13 told" "$(sed -n '$s/^[0-9]* blobs //p' said.txt)"
blobs=$(sed -n '$s/ blobs.*//p' said.txt)
check "and all blobs: $blobs" test "$blobs" -ge 15

# A test that could not fail would say nothing.
grep -v 'fsync.*/tmp/' trace.txt >less.txt
ordered less.txt >said.txt
check "files that are not synced would be seen" grep -q '^not synced: .*/actions/' said.txt
grep -v 'fsync.*/blobs' trace.txt >less.txt
ordered less.txt >said.txt
check "and folders of blobs" grep -q '^before .*/blobs/.*: .*/actions/' said.txt
check "and new ones" grep -q '^its folder may go: .*/blobs/' said.txt
grep -v 'fsync.*/actions' trace.txt >less.txt
ordered less.txt >said.txt
check "and folders of results" grep -q '^too early: ' said.txt

check "a closure of it" msmv store export r.toml -o closure.tar
MSMV_STORE=$T/other
check "comes into a store" traced store import closure.tar
ordered trace.txt >said.txt
expect "in the same order" "" "$(sed '$d' said.txt)"
expect "all of it" "13 results 0 told" "$(sed -n '$s/^[0-9]* blobs //p' said.txt)"
finish
