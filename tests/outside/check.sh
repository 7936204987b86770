#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# make installcheck: a stranger's plugin, built and run with what is installed alone.
#   check.sh SOURCE BINDIR LIBDIR
set -eu
source=$1 bindir=$2 libdir=$3
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
unset MSMV_WORKER MSMV_BUILTIN_PLUGINS MSMV_DATADIR MSMV_PLUGIN_PATH MAKEFLAGS MFLAGS
PKG_CONFIG_PATH=$libdir/pkgconfig
HOME=$t/home
XDG_DATA_HOME=
MSMV_STORE=$t/store
export PKG_CONFIG_PATH HOME XDG_DATA_HOME MSMV_STORE
mkdir -p "$t/plugins" "$HOME/.local/share/msmv/plugins"
cd "$t"

# shellcheck disable=SC2046 # flags are words
${CC:-cc} -Wall -Wextra -Werror $(pkg-config --cflags msmv) \
	$(pkg-config --variable=cflags_plugin msmv) -o plugins/shout.so "$source/shout.c"
cat >r.toml <<'EOF'
[stage.first]
plugin = "shout"
text = "hear "
[stage.second]
plugin = "shout"
text = "hear: "
inputs = { in = "first:out" }
EOF

"$bindir/msmv" plugins list | grep -q '^cpio ' || { echo "the installed plugins are not found"; exit 1; }
if "$bindir/msmv" run r.toml >out.txt 2>&1; then
	echo "ran without the plugin"
	exit 1
fi
grep -q 'shout' out.txt
MSMV_PLUGIN_PATH=$t/plugins "$bindir/msmv" run r.toml
[ "$(cat out/shout.txt)" = "HEAR: HEAR " ]
mv plugins/shout.so "$HOME/.local/share/msmv/plugins/"
"$bindir/msmv" plugins info shout | grep -q 'output:shout'
"$bindir/msmv" run r.toml | grep -q 'cached *second'
echo "installcheck: a plugin built outside the tree runs in the installed msmv"
