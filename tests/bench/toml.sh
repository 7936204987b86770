#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Reading a recipe: time beside size, for documents made to be slow to read.
set -u
linear=${top_builddir:?}/tests/tools/toml-linear
if [ -x "$linear" ]; then
	"$linear"
else
	echo "make check builds what measures this; run it first"
fi
