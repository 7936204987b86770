#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A plugin compiled with the header of the first interface (v1/, never changed after a
# release) runs in today's worker, and the header is one that strangers can compile.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
requires nm binutils
cc=${CC:-cc}
abi=$top_srcdir/tests/abi
today=$top_srcdir/core/include

# compile ARGUMENTS...: $CC may be more than one word.
compile()
{
	# shellcheck disable=SC2086
	$cc "$@"
}

# ---- The header alone -------------------------------------------------

echo '#include <msmv/plugin.h>' >alone.c
for std in c99 c11 c17 gnu17; do
	check "the header alone is good $std" compile -std=$std -pedantic -Wall -Wextra \
		-Wstrict-prototypes -Wundef -Werror -I"$today" -fsyntax-only alone.c
done
cp alone.c alone.cc
cxx=$(command -v g++ || command -v clang++ || true)
if [ -n "$cxx" ]; then
	for std in c++11 c++17; do
		check "the header alone is good $std" "$cxx" -std=$std -pedantic -Wall -Wextra \
			-Werror -I"$today" -fsyntax-only alone.cc
	done
else
	echo "# no C++ compiler: C++ is not tried"
fi

# ---- What was promised ------------------------------------------------

check "layout of the first interface" compile -std=c17 -I"$abi/v1" -o layout1 "$abi/layout.c"
check "layout of today" compile -std=c17 -I"$today" -o layout "$abi/layout.c"
./layout1 >layout1.txt
./layout >layout.txt
check "every member is there" test "$(wc -l <layout1.txt)" -gt 120
check "nothing moved, nothing was renumbered" diff layout1.txt layout.txt

# ---- An old plugin ----------------------------------------------------

mkdir old
check "a plugin of the first interface" compile -std=gnu17 -D_GNU_SOURCE -I"$abi/v1" -shared \
	-fPIC -Wl,-z,defs -fvisibility=hidden -o old/trial.so "$top_srcdir/tests/plugins-src/trial.c"
MSMV_PLUGIN_PATH=$T/w/old
export MSMV_PLUGIN_PATH
cat >r.toml <<'EOF'
[stage.a]
plugin = "trial"
text = "as ever"
act = "fork"
[stage.b]
plugin = "trial"
files = ["r.toml"]
inputs = { in = "a:out" }
EOF
check "is listed" sh -c '"$0" plugins info trial >info.txt && grep -q "does what a test" info.txt' \
	"$MSMV"
check "runs" msmv run r.toml
expect "and its output is whole" "as ever$(cat r.toml)" "$(cat out/trial.txt)"

# ---- What plugins export ----------------------------------------------

n=0
for so in "${top_builddir:?}"/plugins/*/.libs/*.so old/trial.so; do
	n=$((n + 1))
	expect "$(basename "$so") exports its entry alone" msmv_plugin_entry \
		"$(nm -D --defined-only "$so" | awk '$2 != "A" { print $3 }' | sort | tr '\n' ' ' |
			sed 's/ $//')"
done
check "all plugins were looked at ($n)" test "$n" -ge 10
finish
