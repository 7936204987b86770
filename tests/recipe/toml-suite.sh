#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The TOML reader against documents that must be read, each beside what it means, and
# documents that must be refused: our own in tests/data/toml, and the public
# conformance suite where a copy lies beside the source tree.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"

decoder=${top_builddir:?}/tests/tools/toml-decoder
compare=$top_builddir/tests/tools/toml-compare
suite=$top_srcdir/../shared/toml-test

# takes FILE: read, and it means what the JSON beside it says.
takes()
{
	"$decoder" <"$1" >"$T/got.json" && "$compare" "$T/got.json" "${1%.toml}.json"
}

# refuses FILE: exit 1, one report with a place, nothing on standard output.
refuses()
{
	"$decoder" <"$1" >"$T/out" 2>"$T/report"
	code=$?
	cat "$T/report"
	[ "$code" = 1 ] && [ ! -s "$T/out" ] &&
		grep -a -q '^standard input:[0-9]*:[0-9]*: error: ' "$T/report"
}

# judge FOLDER LIST NAME: one result for each file in LIST.
judge()
{
	while read -r file; do
		case $file in
		valid/*.toml) check "$3$file" takes "$1/$file" ;;
		invalid/*.toml) check "$3$file" refuses "$1/$file" ;;
		esac
	done <"$2"
}

own=$top_srcdir/tests/data/toml
(cd "$own" && find valid invalid -name '*.toml' | LC_ALL=C sort) >"$T/own"
check "there are enough cases of our own" test "$(wc -l <"$T/own")" -ge 250
judge "$own" "$T/own" ""
if [ -r "$suite/files-toml-1.0.0" ]; then
	judge "$suite" "$suite/files-toml-1.0.0" "suite/"
else
	ok "the conformance suite # SKIP no copy beside the source tree"
fi

# The judges themselves can say no.
cat >"$T/a.json" <<'END'
{"a": {"type": "integer", "value": "1"}, "b": [{"type": "float", "value": "1e3"}]}
END
for change in 's/"1"/"2"/' 's/integer/string/' 's/"a"/"c"/' 's/1e3/1e4/' 's/\]/,{}]/' \
	's/"a": {[^}]*}, //' 's/\[//;s/\]//'; do
	sed "$change" "$T/a.json" >"$T/b.json"
	fails "compare sees $change" "$compare" "$T/a.json" "$T/b.json"
	fails "compare sees $change backwards" "$compare" "$T/b.json" "$T/a.json"
done
sed 's/1e3/1000.0/' "$T/a.json" >"$T/b.json"
check "compare takes another spelling" "$compare" "$T/a.json" "$T/b.json"
finish
