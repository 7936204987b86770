#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The plugins' part of checking a recipe, too, takes time in proportion to the lines. The
# measure is the processor time of the same recipe with few lines.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
many=8000 # lines
most=30   # times what ten lines cost; if each looked at all others it would be hundreds

# recipe SECTION NUMBER LINE: a table of so many lines, in which "%d" is the place.
recipe()
{
	cat <<'EOT'
[general]
name = "many"
[kernel]
url = "none.tar.xz"
[applications.a]
url = "none.tar.gz"
output_executable_path = "/usr/local/bin/a"
EOT
	echo "[$1]"
	awk -v n="$2" -v line="$3" 'BEGIN { for (i = 0; i < n; i++) printf line "\n", i, i + 2000 }'
}

# cost FILE: hundredths of a second of the processor's time, at least 2.
cost()
{
	(
		msmv recipe check "$1" >out.txt 2>&1 || exit 1
		times | sed -n '2s/[ms]/ /gp' | awk '{ t = ($1 * 60 + $2 + $3 * 60 + $4) * 100
			printf "%d\n", t < 2 ? 2 : t }'
	)
}

# grows SECTION LINE: tries again, as others may be at work on this machine.
grows()
{
	recipe "$1" 10 "$2" >few.toml
	recipe "$1" "$many" "$2" >many.toml
	for _ in 1 2 3; do
		few=$(cost few.toml) && all=$(cost many.toml) || return 1
		echo "$1: $few and $all hundredths of a second" >&2
		[ "$all" -gt $((few * most)) ] || return 0
	done
	return 1
}

touch none.tar.xz none.tar.gz
check "files" grows files '"/f%d" = { text = "x", mode = "0644", owner = "nobody" }'
check "accounts" grows init.users 'u%d = "%d"'
check "kernel options" grows kernel.options 'OPTION_%d = "y"'
check "links" grows init.symlinks '"/l%d" = "/x"'
check "variables" grows variables 'v%d = "x"'
finish
