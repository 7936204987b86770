#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# make install into a folder of its own, and make installcheck there: what a third party
# gets. The kernel sources and all else of the build tree are out of reach.
. "${top_srcdir:?}/tests/lib.sh"

unset TESTS
mkdir b && cd b || exit 1
check "configure" "$top_srcdir/configure" --prefix="$T/inst"
check "make" make -s -j2
check "make install" make -s install
check "the header is installed" test -f "$T/inst/include/msmv/plugin.h"
check "pkg-config knows the plugin folder" \
	env PKG_CONFIG_PATH="$T/inst/lib/pkgconfig" pkg-config --variable=plugindir msmv
check "make installcheck" make -s installcheck
check "the installed msmv plans a recipe" \
	"$T/inst/bin/msmv" plan "$top_srcdir/recipes/hello.toml"
check "plugins of the installed one" sh -c '"$1/bin/msmv" plugins list | grep -q "^qmp-run "' _ "$T/inst"
check "make uninstall" make -s uninstall
expect "leaves no file" "" "$(find "$T/inst" -type f)"
finish
