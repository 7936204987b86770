#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Reading and lowering 10,000 lines, in TOML and YAML, right and full of mistakes.
set -u
linear=${top_builddir:?}/tests/tools/recipe-linear
if [ -x "$linear" ]; then
	"$linear" "${top_srcdir:?}/tests/data/recipes"
else
	echo "make check builds what measures this; run it first"
fi
