#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every case that is kept goes through its fuzz target once.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"

data=$top_srcdir/tests/data

# replay TARGET FOLDER...
replay()
{
	target=$1
	shift
	: >"$T/list"
	for dir; do
		find "$dir" -type f ! -name '*.json' >>"$T/list"
	done
	n=$(wc -l <"$T/list")
	check "$target: at least five cases" test "$n" -ge 5
	sort "$T/list" >"$T/sorted"
	check "$target: $n cases" \
		xargs -n 200 "${top_builddir:?}/tests/fuzz/$target" <"$T/sorted"
}

replay dhcp4 "$data/fuzz/dhcp4"
replay dhcp6 "$data/fuzz/dhcp6"
replay console "$data/fuzz/console"
replay differ "$data/fuzz/differ"
replay dotconfig "$data/fuzz/dotconfig"
replay edit "$data/fuzz/edit"
replay armor "$data/fuzz/armor"
replay image "$data/fuzz/image"
replay init_ini "$data/fuzz/init_ini"
replay init_lines "$data/fuzz/init_lines"
replay net_ini "$data/fuzz/net_ini"
replay net_life "$data/fuzz/net_life"
replay ra "$data/fuzz/ra"
replay phases "$data/fuzz/phases"
replay qmp "$data/fuzz/qmp"
replay record "$data/fuzz/record"
replay tar "$data/fuzz/tar"
replay toml "$data/fuzz/toml" "$data/toml/valid" "$data/toml/invalid"
replay wire "$data/fuzz/wire"
replay yaml "$data/fuzz/yaml"

# A target that cannot fail proves nothing about the files it was given.
exit_code "a missing file is a failure" 1 "$top_builddir/tests/fuzz/record" "$T/none"
finish
