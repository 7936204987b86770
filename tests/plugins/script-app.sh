#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Scripts of a recipe, in it and beside it: what they are told, how they fail.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=script-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires gcc gcc
requires readelf binutils

mkdir -p small-1.0
echo 'int main(void) { return 5; }' >small-1.0/small.c
pack small-1.0

check "a script in the recipe, with all that a shell has" try in.toml small-1.0 \
	'output_executable_path = "/bin/small"' 'env = { NAME = "small" }' \
	'script = """' \
	'mkdir -p "$DESTDIR/bin" "$BUILD"' \
	'for s in *.c; do $CC -c -o "$BUILD/${s%.c}.o" "$s"; done' \
	'$CC -o "$DESTDIR/bin/$NAME" "$BUILD"/*.o && $STRIP "$DESTDIR/bin/$NAME"' \
	'echo "$(basename "$SOURCE") jobs=$JOBS $TRIPLET $CXX $AR $PKG_CONFIG ${SYSROOT##*/}" | tee note' \
	'"""'
exit_code "its program runs" 5 out/root/bin/small
check "and is static" is_for "$here" out/root/bin/small
check "it is told the rest" in_log in.toml \
	"source jobs=[0-9]* $arch-linux-gnu $arch-linux-gnu-g++ $arch-linux-gnu-ar $arch-linux-gnu-pkg-config sysroot"
echo 'mkdir -p $DESTDIR/bin && $CC -o $DESTDIR/bin/small small.c' >build.sh
check "a script beside the recipe" try file.toml small-1.0 'script_file = "build.sh"'
exit_code "its program runs" 5 out/root/bin/small
echo ': changed' >>build.sh
expect "its content is part of the key" run "$(stage_state file.toml app)"
refuse "a command that fails ends it" 'script failed: .*(sh ended with 1)' \
	try bad.toml small-1.0 'script = "false\nmkdir $DESTDIR/x"'
refuse "a variable that is not set" 'script failed: .*NOTHING: parameter not set' \
	try bad.toml small-1.0 'script = "echo $NOTHING"'
refuse "a compiler's error" 'script failed: nothing.c:1.*error: ' try bad.toml small-1.0 \
	'script = "echo x >nothing.c; $CC -c nothing.c"'
refuse "no script at all" 'set script to the commands' try bad.toml small-1.0 'strip = true'
refuse "both" 'one of them, not both' try bad.toml small-1.0 'script = "true"' 'script_file = "build.sh"'
if command -v "$other-linux-gnu-gcc" >/dev/null; then
	printf '[general]\ntarget_arch = "%s"\n' "$other" >cross.toml
	cat in.toml >>cross.toml
	check "for another machine" build cross.toml
	check "it is for that one" is_for 'AArch64\|X86-64' out/root/bin/small
fi
finish
