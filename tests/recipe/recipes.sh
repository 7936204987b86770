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

check "the examples of recipes/REFERENCE.md are a recipe" \
	msmv recipe check "$top_srcdir/tests/data/reference.toml"
expect "without a warning" 0 "$(grep -c -e warning: -e error: "$T/check.out")"
for manual in $(grep -o '](\.\./[^)]*)' "$recipes/REFERENCE.md" | tr -d '()]' | sort -u); do
	check "REFERENCE.md names a manual that is there: $manual" test -f "$recipes/$manual"
done

for path in "$recipes"/*.toml; do
	recipe=$(basename "$path" .toml)
	check "$recipe opens with how to run it" \
		grep -q -e "^#   msmv run recipes/$recipe.toml" "$path"
	check "$recipe opens with how to start the result" grep -q -e '^#   qemu-system-' "$path"
	check "$recipe is installed" grep -q -e "recipes/$recipe.toml" "$recipes/local.mk"
	for arch in $(arches "$recipe"); do
		if ! compiles_for "$arch"; then
			echo "# no compiler for $arch here"
			continue
		fi
		check "$recipe plans for $arch" \
			msmv plan "$path" --set "general.target_arch=$arch"
	done
done
expect "nothing was fetched to plan" "" "$(find "$MSMV_STORE" -size +1M 2>/dev/null)"

# expect_stages RECIPE NAMES...: exactly these, what every machine has, and the C library.
expect_stages()
{
	recipe=$1
	shift
	grep -q '^libc = "system"' "$recipes/$recipe.toml" || set -- "$@" musl.build musl.source
	expect "$recipe has its stages, and no others" \
		"$(printf '%s\n' "$@" boot init.build initramfs kernel.build kernel.config \
			kernel.source rootfs | LC_ALL=C sort | tr '\n' ' ')" \
		"$(stages "$recipe" x86_64)"
}

expect_stages busybox busybox.build busybox.source
expect_stages dropbear busybox.build busybox.source dropbear.build dropbear.source
expect_stages hello hello.build hello.source
expect_stages htop htop.build htop.source ncurses.build ncurses.source
expect_stages mariadb busybox.build busybox.source fmt.build fmt.source mariadb.build \
	mariadb.source pcre2.build pcre2.source
expect_stages micro_httpd busybox.build busybox.source micro_httpd.build micro_httpd.source
expect_stages nano nano.build nano.source ncurses.build ncurses.source
expect_stages postgres busybox.build busybox.source postgres.build postgres.source
expect_stages redis redis.build redis.source
expect_stages w3m gc.build gc.source ncurses.build ncurses.source w3m.build w3m.source \
	zlib.build zlib.source

# section RECIPE NAME: that table's lines, without comments.
section()
{
	sed -n "/^\[$2\]/,/^\[/{/^\[/d;/^#/d;/^\$/d;p}" "$recipes/$1.toml"
}

for recipe in dropbear htop mariadb micro_httpd postgres redis w3m; do
	expect "$recipe has the kernel that busybox has" "$(section busybox kernel)" \
		"$(section "$recipe" kernel)"
done
for recipe in dropbear mariadb micro_httpd postgres; do
	expect "$recipe has the busybox that busybox has" "$(section busybox applications.busybox)" \
		"$(section "$recipe" applications.busybox)"
done
finish
