#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Reading and lowering takes time in proportion to the lines, also of a recipe full of
# mistakes. The tool says the figures; what it finds slow has SLOW behind it.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
linear=${top_builddir:?}/tests/tools/recipe-linear

check "it was built" test -x "$linear"
check "time grows with the lines" sh -c "$linear $top_srcdir/tests/data/recipes >figures"
diag <figures
expect "two notations, seven recipes" 14 "$(grep -vc SLOW figures)"
finish
