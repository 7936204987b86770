#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A library and a program with cmake: the one finds the other by find_package and by
# pkg-config, for this machine and for others, static, in C and in C++.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=cmake-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires cmake cmake
requires g++ g++
requires pkg-config pkg-config
requires readelf binutils

mkdir -p twice-1.0 show-1.0 plus-1.0
cat >twice-1.0/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.18)
project(twice C)
include(GNUInstallDirs)
add_library(twice twice.c)
target_include_directories(twice PUBLIC $<INSTALL_INTERFACE:include>)
install(TARGETS twice EXPORT twice)
install(FILES twice.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT twice FILE twice-config.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/twice)
file(WRITE ${CMAKE_BINARY_DIR}/twice.pc "prefix=${CMAKE_INSTALL_PREFIX}
Name: twice
Description: doubles
Version: 1.0
Cflags: -I\${prefix}/include -DTWICE_BY_PC
Libs: -L\${prefix}/lib -ltwice
Libs.private: -lm
")
install(FILES ${CMAKE_BINARY_DIR}/twice.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
EOF
echo 'int twice(int n);' >twice-1.0/twice.h
cat >twice-1.0/twice.c <<'EOF'
#include <math.h>
#include "twice.h"
int twice(int n) { volatile double d = n; return (int)(2 * floor(d)); }
EOF
cat >show-1.0/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.18)
project(show C)
set(WORD none CACHE STRING "a word")
if(BY_PC)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(twice REQUIRED IMPORTED_TARGET twice)
  set(lib PkgConfig::twice)
else()
  find_package(twice CONFIG REQUIRED)
  set(lib twice)
endif()
add_executable(show show.c)
target_compile_definitions(show PRIVATE WORD="${WORD}")
target_link_libraries(show ${lib} m)
install(TARGETS show)
EOF
cat >show-1.0/show.c <<'EOF'
#include <stdio.h>
#include <twice.h>
#ifdef TWICE_BY_PC
#define BY "pc"
#else
#define BY "package"
#endif
int main(void) { return printf("%d %s %s %s\n", twice(21), WORD, BY, __FILE__) < 0; }
EOF
cat >plus-1.0/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.18)
project(plus CXX)
add_executable(plus plus.cc)
install(TARGETS plus)
EOF
cat >plus-1.0/plus.cc <<'EOF'
#include <iostream>
#include <string>
int main() { std::cout << std::string("plus") << std::endl; }
EOF
pack twice-1.0
pack show-1.0
pack plus-1.0

# two FILE OPTIONS...: a recipe of library and program; options are the program's.
two()
{
	app_inputs='source = "src:file", sysroot = "lib:sysroot"'
	two_file=$1
	shift
	printf '%s\n' "$@" | recipe "$two_file" show-1.0
	app_inputs='source = "src:file"'
	cat >>"$two_file" <<-'EOF'
		output_executable_path = "/usr/local/bin/show"
		[stage.lib-src]
		plugin = "fetch-http"
		path = "twice-1.0.tar.gz"
		[stage.lib]
		plugin = "cmake-app"
		inputs = { source = "lib-src:file" }
	EOF
	# shellcheck disable=SC2086 # two words or none
	build "$two_file" $target
}
target=

check "a library and a program that finds it by find_package" two two.toml \
	'options = { WORD = "a b" }' 'make_flags = ["V=1"]'
expect "the program runs, knows its option, and no folder of this machine" \
	"42 a b package ./source/show.c" "$(out/root/usr/local/bin/show)"
check "it is static without being asked" is_for "$here" out/root/usr/local/bin/show
check "make_flags reach the make behind cmake" in_log two.toml ' -- V=1'
check "cmake's percentages were logged" in_log two.toml '^\[100%\]'
check "and by pkg-config" two pc.toml 'options = { BY_PC = "ON" }'
expect "whose flags come from the sysroot" "42 none pc ./source/show.c" \
	"$(out/root/usr/local/bin/show)"
check "ninja, where the recipe asks for it" two ninja.toml \
	'config_script = "cmake -G Ninja -S . -B $BUILD -DWORD=by-ninja"' 'tools = ["ninja"]'
expect "the recipe's own words stand" "42 by-ninja package ./source/show.c" \
	"$(out/root/usr/local/bin/show)"

plugin=autotools-app
check "cmake called by a recipe without build = cmake" try old.toml twice-1.0 \
	'config_script = "cmake ."'
check "installs where every kind does" test -s out/sysroot/usr/local/lib/libtwice.a
check "and was led to the target's tools" in_log old.toml 'DCMAKE_TOOLCHAIN_FILE='
plugin=cmake-app

refuse "a compile error" 'compile failed: .*error: .*undeclared' two bad.toml \
	'env = { CFLAGS = "-DWORD=nothing -UTWICE_BY_PC" }' 'options = { WORD = "\" + nothing" }'
echo 'find_package(Nowhere REQUIRED)' >>show-1.0/CMakeLists.txt
pack show-1.0
refuse "a package that is not there, in cmake's words" \
	'configure failed: CMake Error at CMakeLists.txt.*Nowhere' two bad.toml 'strip = true'
sed -i '$d' show-1.0/CMakeLists.txt
pack show-1.0

for m in aarch64:AArch64 riscv64:RISC-V; do
	command -v "${m%:*}-linux-gnu-gcc" >/dev/null || continue
	[ "${m%:*}" != "$arch" ] || continue
	target="--set general.target_arch=${m%:*}"
	check "${m%:*}: the program finds its library" two "${m%:*}.toml" 'options = { BY_PC = "ON" }'
	check "${m%:*}: it is for that machine, and static" is_for "${m#*:}" out/root/usr/local/bin/show
	target=
done

check "C++" try plus.toml plus-1.0 'output_executable_path = "/usr/local/bin/plus"'
expect "runs" plus "$(out/root/usr/local/bin/plus)"
check "with its library inside" is_for "$here" out/root/usr/local/bin/plus
if [ -e "/usr/lib/$arch-linux-musl/libc.a" ]; then
	app_inputs='source = "src:file", sysroot = "libc:sysroot"'
	: | recipe musl.toml plus-1.0
	libc_stages >>musl.toml
	refuse "no C++ with musl, and what to do" \
		'there is no C++ library for musl; general.libc = "system"' build musl.toml
	printf 'cmake_minimum_required(VERSION 3.18)\nproject(c C)\nadd_executable(c c.c)\ninstall(TARGETS c)\n' \
		>plus-1.0/CMakeLists.txt
	echo 'int main(void) { return 3; }' >plus-1.0/c.c
	pack plus-1.0
	check "C with musl" build musl.toml
	exit_code "runs" 3 out/root/usr/local/bin/c
	app_inputs='source = "src:file"'
fi
refuse "a source that is no cmake's" 'has no CMakeLists.txt' try kind.toml libc-1.0 'strip = true'
finish
