#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A library and a program with meson, which finds it through pkg-config in the sysroot.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=meson-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires meson meson
requires ninja ninja-build
requires pkg-config pkg-config
requires readelf binutils

mkdir -p half-1.0 tell-1.0
cat >half-1.0/meson.build <<'EOF'
project('half', 'c', version: '1.0')
cc = meson.get_compiler('c')
lib = library('half', 'half.c', install: true)
install_headers('half.h')
import('pkgconfig').generate(lib, description: 'halves')
EOF
echo 'int half(int n);' >half-1.0/half.h
printf '#include "half.h"\nint half(int n) { return n / 2; }\n' >half-1.0/half.c
cat >tell-1.0/meson.build <<'EOF'
project('tell', 'c')
executable('tell', 'tell.c', dependencies: dependency('half'), install: true,
  c_args: '-DWORD="' + get_option('word') + '"')
EOF
echo "option('word', type: 'string', value: 'none')" >tell-1.0/meson_options.txt
cat >tell-1.0/tell.c <<'EOF'
#include <half.h>
#include <stdio.h>
int main(void) { return printf("%d %s %s\n", half(42), WORD, __FILE__) < 0; }
EOF
pack half-1.0
pack tell-1.0

# two FILE OPTIONS...: a recipe of library and program; options are the program's.
two()
{
	app_inputs='source = "src:file", sysroot = "lib:sysroot"'
	two_file=$1
	shift
	printf '%s\n' "$@" | recipe "$two_file" tell-1.0
	app_inputs='source = "src:file"'
	cat >>"$two_file" <<-'EOF'
		output_executable_path = "/usr/local/bin/tell"
		[stage.lib-src]
		plugin = "fetch-http"
		path = "half-1.0.tar.gz"
		[stage.lib]
		plugin = "meson-app"
		inputs = { source = "lib-src:file" }
	EOF
	# shellcheck disable=SC2086 # two words or none
	build "$two_file" $target
}
target=

check "a library and a program" two two.toml 'options = { word = "a b" }'
expect "the program runs and knows its option" "21 a b" \
	"$(out/root/usr/local/bin/tell | cut -d ' ' -f 1-3)"
fails "no folder of this machine is in it" grep -q "$T" out/root/usr/local/bin/tell
check "it is static without being asked" is_for "$here" out/root/usr/local/bin/tell
check "the steps were logged" in_log two.toml '^\[2/2\]'
refuse "a dependency that is not there, in meson's words" \
	'configure failed: meson.build:2:.*ERROR: Dependency .half. not found' \
	try none.toml tell-1.0 'strip = true'
for m in aarch64:AArch64 riscv64:RISC-V; do
	command -v "${m%:*}-linux-gnu-gcc" >/dev/null || continue
	[ "${m%:*}" != "$arch" ] || continue
	target="--set general.target_arch=${m%:*}"
	check "${m%:*}: library and program" two "${m%:*}.toml" 'options = { word = "far" }'
	check "${m%:*}: it is for that machine, and static" is_for "${m#*:}" out/root/usr/local/bin/tell
	target=
done
if [ -e "/usr/lib/$arch-linux-musl/libc.a" ]; then
	app_inputs='source = "src:file", sysroot = "libc:sysroot"'
	: | recipe musl.toml half-1.0
	libc_stages >>musl.toml
	check "a library with musl" build musl.toml
	check "is an archive" test -s out/sysroot/usr/local/lib/libhalf.a
	app_inputs='source = "src:file"'
fi
finish
