#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The recipes that come with msmv: each says how to run it, is installed, and plans
# for every architecture it is meant for, without a download.
. "${top_srcdir:?}/tests/lib.sh"
recipes=$top_srcdir/recipes

# arches RECIPE: what it is meant for.
arches()
{
	case $1 in
	hello) echo x86_64 ;;
	*) echo x86_64 aarch64 ;;
	esac
}

# A compiler for that architecture is on this machine.
compiles_for()
{
	[ "$1" = "$(uname -m)" ] || command -v "$1-linux-gnu-gcc" >/dev/null
}

# stages RECIPE ARCH: names, in the order of their names.
stages()
{
	msmv plan "$recipes/$1.toml" --set "general.target_arch=$2" |
		awk '$1 == "run" || $1 == "later" || $1 == "cached" { print $2 }' |
		LC_ALL=C sort | tr '\n' ' '
}

for path in "$recipes"/*.toml; do
	name=$(basename "$path" .toml)
	check "$name opens with how to run it" \
		grep -q -e "^#   msmv run recipes/$name.toml" "$path"
	check "$name opens with how to start the result" grep -q -e '^#   qemu-system-' "$path"
	check "$name is installed" grep -q -e "recipes/$name.toml" "$recipes/local.mk"
	for arch in $(arches "$name"); do
		if ! compiles_for "$arch"; then
			echo "# no compiler for $arch here"
			continue
		fi
		check "$name plans for $arch" \
			msmv plan "$path" --set "general.target_arch=$arch"
	done
done
expect "nothing was fetched to plan" "" "$(find "$MSMV_STORE" -size +1M 2>/dev/null)"

common="boot init.build initramfs kernel.build kernel.config kernel.source musl.build musl.source"
expect "hello has its stages, and no others" \
	"$(printf '%s\n' $common hello.build hello.source rootfs | LC_ALL=C sort | tr '\n' ' ')" \
	"$(stages hello x86_64)"
expect "nano has those of ncurses, too" \
	"$(printf '%s\n' $common nano.build nano.source ncurses.build ncurses.source rootfs |
		LC_ALL=C sort | tr '\n' ' ')" \
	"$(stages nano x86_64)"
finish
