#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A real configure script and real makefiles through the engine: what comes out, what
# is told to the compiler, and what is refused.
# Functions are called by name through check and refuse; texts in single quotes are the recipe's.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
plugin=autotools-app
. "$top_srcdir/tests/plugins/app-lib.sh"
requires autoconf autoconf
requires gcc gcc
requires make make
requires patch patch
requires readelf binutils
requires file file

tab=$(printf '\t')

# ---- Sources ----------------------------------------------------------

# A program and a library as autoconf makes them.
make_greet()
{
	mkdir -p greet-1.0
	cat >greet-1.0/configure.ac <<-'EOF'
		AC_INIT([greet], [1.0])
		AC_CONFIG_SRCDIR([greet.c])
		AC_PROG_CC
		AC_ARG_ENABLE([shared], [AS_HELP_STRING([--enable-shared], [shared])],
		  [SHARED=$enableval], [SHARED=default])
		AC_ARG_WITH([word], [], [WORD=$withval], [WORD=world])
		AC_SUBST([SHARED])
		AC_SUBST([WORD])
		AC_CONFIG_FILES([Makefile])
		AC_OUTPUT
	EOF
	sed "s/^>/$tab/" >greet-1.0/Makefile.in <<-'EOF'
		prefix = @prefix@
		CC = @CC@
		CFLAGS = @CFLAGS@
		LDFLAGS = @LDFLAGS@
		all: greet libgreet.a
		greet: greet.o
		>$(CC) $(CFLAGS) $(LDFLAGS) -o $@ greet.o
		greet.o: greet.c
		>$(CC) $(CFLAGS) -DWORD='"@WORD@"' -DSHARED='"@SHARED@"' -c greet.c
		libgreet.a: greet.o
		>ar rc $@ greet.o
		install: all
		>mkdir -p $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/lib/pkgconfig
		>mkdir -p $(DESTDIR)$(prefix)/include $(DESTDIR)$(prefix)/share/man/man1
		>mkdir -p $(DESTDIR)$(prefix)/share/doc/greet $(DESTDIR)/var/empty
		>cp greet $(DESTDIR)$(prefix)/bin/greet
		>cp libgreet.a $(DESTDIR)$(prefix)/lib/libgreet.a
		>echo x >$(DESTDIR)$(prefix)/lib/libgreet.la
		>echo x >$(DESTDIR)$(prefix)/lib/pkgconfig/greet.pc
		>cp greet.h $(DESTDIR)$(prefix)/include/greet.h
		>echo x >$(DESTDIR)$(prefix)/share/man/man1/greet.1
		>echo x >$(DESTDIR)$(prefix)/share/doc/greet/readme
	EOF
	cat >greet-1.0/greet.c <<-'EOF'
		#include <stdio.h>
		int main(void)
		{
			puts("hello " WORD " " SHARED " " __FILE__);
			return 0;
		}
	EOF
	echo '#define GREET 1' >greet-1.0/greet.h
	(cd greet-1.0 && autoconf && rm -rf autom4te.cache) || exit 1
	pack greet-1.0
}

# A makefile that stands alone and insists on a compiler of its own.
make_plain()
{
	mkdir -p plain-1.0/inner
	sed "s/^>/$tab/" >plain-1.0/inner/Makefile <<-'EOF'
		CC = no-such-compiler
		BIN = /usr/bin
		all: plain
		plain: plain.c
		>$(CC) $(CFLAGS) $(LDFLAGS) $(FLAG) -o plain plain.c
		install:
		>mkdir -p $(DESTDIR)$(BIN)
		>cp plain $(DESTDIR)$(BIN)/plain
	EOF
	echo 'int main(void) { return 7; }' >plain-1.0/inner/plain.c
	pack plain-1.0
	cp -r plain-1.0 broken-1.0
	echo 'int main(void) { return nothing; }' >broken-1.0/inner/plain.c
	pack broken-1.0
}

# ---- Tests ------------------------------------------------------------

static='config_script = "./configure --with-word=\"big world\" CFLAGS='"'-O1 -g'"' LDFLAGS=-static"'
program='output_executable_path = "/usr/local/bin/greet -x"'

test_greet()
{
	check "a configured source is built" try greet.toml greet-1.0 "$static" "$program"
	expect "the program runs; quotes survived; no folder of this machine" \
		"hello big world default greet.c" "$(out/root/usr/local/bin/greet)"
	check "it is stripped" sh -c 'file out/root/usr/local/bin/greet | grep -q "statically.* stripped"'
	check "headers and libraries are no part of the root" absent out/root/usr/local/include
	check "nor is a folder left that held only these" absent out/root/usr/local/lib
	check "nor manuals" absent out/root/usr/local/share
	check "an empty folder that the source installs stays" test -d out/root/var/empty
	expect "the sysroot has what others build with" \
		"usr/local/include/greet.h usr/local/lib/libgreet.a usr/local/lib/pkgconfig/greet.pc" \
		"$(cd out/sysroot && find . -type f | sed 's,^./,,' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
	check "no build ID" sh -c '! readelf -n out/root/usr/local/bin/greet | grep -q "Build ID"'
	sum=$(sha256sum out/root.tar out/sysroot.tar)
	rm -rf "$MSMV_STORE"
	check "it is built again from nothing" build greet.toml
	expect "and comes out the same" "$sum" "$(sha256sum out/root.tar out/sysroot.tar)"
	check "nothing runs a second time" build greet.toml
	expect "it is cached" cached "$(stage_state greet.toml app)"
}

test_options()
{
	check "docs, development and remove" try keep.toml greet-1.0 "$static" 'docs = true' \
		'development = true' 'remove = ["*/doc", "/var"]'
	check "docs keeps manuals" test -f out/root/usr/local/share/man/man1/greet.1
	check "remove wins over docs" absent out/root/usr/local/share/doc
	check "remove takes folders" absent out/root/var
	check "development keeps libraries in the root" test -f out/root/usr/local/lib/libgreet.a
	check "and in the sysroot" test -f out/sysroot/usr/local/lib/libgreet.a
	check "never libtool's files" absent out/root/usr/local/lib/libgreet.la
	check "strip = false" try whole.toml greet-1.0 "$static" 'strip = false'
	check "keeps symbols" sh -c 'file out/root/usr/local/bin/greet | grep -q "not stripped"'
}

test_plain()
{
	check "a makefile alone gets a compiler, flags and subdir" try plain.toml plain-1.0 \
		'subdir = "inner"' 'make_flags = ["LDFLAGS=-static", "FLAG=-DX=\"a b\""]' \
		'output_executable_path = "/usr/bin/plain"'
	exit_code "its program runs" 7 out/root/usr/bin/plain
	check "DESTDIR placed by the recipe" try place.toml plain-1.0 'subdir = "inner"' \
		'build_command = "$CC -static -o plain plain.c && true"' \
		'install_command = "install -D plain $DESTDIR/opt/$NAME/plain"' \
		'env = { NAME = "a b" }'
	check "is where it said, blank and all" test -x "out/root/opt/a b/plain"
	check "a variable that DESTDIR names is left alone" try other.toml plain-1.0 \
		'subdir = "inner"' 'make_flags = "LDFLAGS=-static"' \
		'install_command = "make install BIN=/bin DESTDIR=${DESTDIR}/x"'
	check "is where it said, under x" test -x out/root/x/bin/plain
}

test_patches()
{
	mkdir -p patches
	cat >patches/1-seven.patch <<-'EOF'
		--- a/inner/plain.c
		+++ b/inner/plain.c
		@@ -1 +1 @@
		-int main(void) { return 7; }
		+int main(void) { return 8; }
	EOF
	sed 's/return 8/return 9/; s/return 7/return 8/' patches/1-seven.patch >patches/2-eight.patch
	set -- 'subdir = "inner"' 'make_flags = "LDFLAGS=-static"' 'patches = "patches"'
	check "a folder of patches, in order" try patch.toml plain-1.0 "$@"
	exit_code "both were applied" 9 out/root/usr/bin/plain
	rm patches/1-seven.patch
	refuse "a patch that does not fit is named" "patch 2-eight.patch failed" \
		try patch.toml plain-1.0 "$@"
}

test_errors()
{
	set -- 'subdir = "inner"' 'make_flags = "LDFLAGS=-static"'
	refuse "a compiler error is shown" "compile failed: plain.c:1:.*error: .nothing. undeclared" \
		try broken.toml broken-1.0 "$@"
	check "the log has the rest" in_log broken.toml 'make: \*\*\*'
	refuse "a failing configure is named" "configure failed: configure: error: " \
		try conf.toml greet-1.0 'config_script = "./configure CC=false"'
	check "the log has the end of config.log" in_log conf.toml "C compiler cannot create executables"
	mkdir -p other-1.0
	echo 'project(x)' >other-1.0/CMakeLists.txt
	pack other-1.0
	refuse "a source of another kind, and which" \
		'the source has no configure, but a CMakeLists.txt: set build = "cmake"' \
		try kind.toml other-1.0 'strip = true'
	rm other-1.0/CMakeLists.txt
	: >other-1.0/configure.ac
	pack other-1.0
	refuse "a source that lacks its configure" 'only what makes one: .*autoreconf -fi' \
		try kind.toml other-1.0 'strip = true'
	refuse "a failing install is named" "install failed: .*install-all" \
		try inst.toml plain-1.0 "$@" 'install_command = "make install-all"'
	refuse "a program that is not installed, and what is" \
		"/usr/bin/plan is not installed; what can be run there: /usr/bin/plain" \
		try missing.toml plain-1.0 "$@" 'output_executable_path = "/usr/bin/plan"'
	refuse "a program without permission" "without permission to execute (mode 0644)" \
		try mode.toml plain-1.0 "$@" 'output_executable_path = "/usr/bin/plain"' \
		'install_command = "install -D -m 644 plain $DESTDIR/usr/bin/plain"'
	refuse "a dynamic program" "dynamically linked and cannot start: it needs /lib" \
		try dynamic.toml plain-1.0 'subdir = "inner"' 'output_executable_path = "/usr/bin/plain"'
	refuse "a folder that the source lacks" 'subdir: the source has no folder "outer"' \
		try sub.toml plain-1.0 'subdir = "outer"'
	refuse "a subdir that leaves the source" "must be a folder inside" \
		try up.toml plain-1.0 'subdir = "inner/../.."'
	refuse "a tool that is missing" "needs the program no-such-tool" \
		try tool.toml plain-1.0 "$@" 'tools = ["no-such-tool"]'
}

test_text()
{
	refuse "no pipes" "| needs a shell" try t.toml plain-1.0 'build_command = "make | tee log"'
	refuse "no command substitution" '"$(nproc)" needs a shell' \
		try t.toml plain-1.0 'build_command = "make -j$(nproc)"'
	refuse "an open quote" "' is never closed" try t.toml plain-1.0 "build_command = \"make 'a\""
	refuse "an unknown variable, and which there are" '$PREFIX is not known.*$DESTDIR' \
		try t.toml plain-1.0 'subdir = "inner"' 'build_command = "make A=$PREFIX"'
	refuse "a relative program" "must be one absolute path" \
		try t.toml plain-1.0 'output_executable_path = "bin/plain"'
	# All that is wrong with the options, each where it stands.
	mkdir -p no-patches
	fails "several things at once" try t.toml plain-1.0 'output_executable_path = "bin/plain"' \
		'tools = ["make", "./tool"]' 'patches = "no-patches"' 'subdir = "../x"'
	cp "$T/check.out" "$T/check.first"
	for text in '7:1: error: .*output_executable_path must' '8:18: error: .*tools: "./tool"' \
		'9:11: error: .*patches: the folder .*no-patches has no' '10:1: error: .*subdir'; do
		check "its place: $text" grep -q "^t.toml:$text" "$T/check.first"
	done
}

# A compiler and a make that write down how they were called.
test_environment()
{
	mkdir -p bin
	printf '#!/bin/sh\necho "$*" >>%s/calls\nexec gcc "$@"\n' "$PWD" >bin/my-cc
	printf '#!/bin/sh\necho "$*" >>%s/makes\nexec make "$@"\n' "$PWD" >bin/my-make
	chmod +x bin/my-cc bin/my-make
	MSMV_SANDBOX=off # what they write down is outside of it
	export MSMV_SANDBOX
	check "without CC" try env.toml greet-1.0 "$static"
	CC="$PWD/bin/my-cc -DMINE"
	MAKE_COMMAND="$PWD/bin/my-make --no-print-directory"
	export CC MAKE_COMMAND
	expect "CC and MAKE_COMMAND are part of the key" run "$(stage_state env.toml app)"
	check "with them" build env.toml
	check "CC is called, its arguments and the recipe's are kept" \
		grep -q -e '-DMINE .*-O1 -g .*-c greet.c' calls
	check "MAKE_COMMAND is called to install, with its argument" \
		grep -q -e '--no-print-directory install .*DESTDIR=' makes
	unset MAKE_COMMAND
	CC=no-such-cc
	refuse "a CC that is not there" "there is no program no-such-cc" build env.toml
	unset CC MSMV_SANDBOX
}

# With a C library as input nothing else may be linked, whatever the flags say.
test_musl()
{
	lib=/usr/lib/$arch-linux-musl
	if [ ! -e "$lib/libc.a" ]; then
		[ "${CI:-}" != true ] || not_ok "musl-dev is installed"
		return
	fi
	mkdir -p libc-1.0
	tar -czf libc-1.0.tar.gz libc-1.0
	recipe body greet-1.0 <<-EOF
		config_script = "./configure"
		output_executable_path = "/usr/local/bin/greet"
	EOF
	sed 's/^inputs = .*/inputs = { source = "src:file", sysroot = "libc:sysroot" }/' body >musl.toml
	cat >>musl.toml <<-EOF
		[stage.libc-src]
		plugin = "fetch-http"
		path = "libc-1.0.tar.gz"
		[stage.libc]
		plugin = "autotools-app"
		inputs = { source = "libc-src:file" }
		build_command = "true"
		install_command = """
			mkdir -p \$DESTDIR/usr/lib
			cp -r /usr/include/$arch-linux-musl \$DESTDIR/usr/include
			cp $lib/libc.a $lib/libm.a $lib/crt1.o $lib/crti.o $lib/crtn.o \$DESTDIR/usr/lib
		"""
	EOF
	check "against a C library of the sysroot" build musl.toml
	check "the program is static without being asked" \
		sh -c 'file out/root/usr/local/bin/greet | grep -q "statically linked"'
	check "and small, as with musl" \
		sh -c '[ "$(wc -c <out/root/usr/local/bin/greet)" -lt 100000 ]'
	expect "no shared libraries were tried" "hello world no greet.c" \
		"$(out/root/usr/local/bin/greet)"
	cp greet-1.0/greet.c saved.c
	printf '#include <linux/vt.h>\nint vt = VT_OPENQRY;\n' >>greet-1.0/greet.c
	pack greet-1.0
	check "the kernel's headers are found" build musl.toml
	printf '#include <gnu/libc-version.h>\n' >>greet-1.0/greet.c
	pack greet-1.0
	refuse "this machine's headers are not" "gnu/libc-version.h: No such file" build musl.toml
	mv saved.c greet-1.0/greet.c
	pack greet-1.0
	if command -v clang >/dev/null; then
		CC=clang
		export CC
		check "clang builds against it, too" build musl.toml
		check "and links statically" \
			sh -c 'file out/root/usr/local/bin/greet | grep -q "statically linked"'
		unset CC
	fi
}

test_cross()
{
	other=aarch64
	[ "$arch" != aarch64 ] || other=x86_64
	requires "$other-linux-gnu-gcc" "gcc-$other-linux-gnu"
	printf '[general]\ntarget_arch = "%s"\n' "$other" >general
	echo "$static" | recipe body greet-1.0
	cat general body >cross.toml
	check "for another machine" build cross.toml
	check "its program is for that machine" \
		sh -c "LC_ALL=C readelf -h out/root/usr/local/bin/greet | grep -q 'Machine:.*\\(AArch64\\|X86-64\\)' &&
		! out/root/usr/local/bin/greet"
	check "configure was told" in_log cross.toml "--host=$other-linux-gnu"
	CC=gcc
	export CC
	refuse "a compiler for this machine" "but the target is $other" build cross.toml
	unset CC
	recipe body plain-1.0 <<-'EOF'
		subdir = "inner"
		build_command = "gcc -static -o plain plain.c"
	EOF
	cat general body >cross.toml
	refuse "a program for this machine" "/usr/bin/plain was built for another machine" \
		build cross.toml
}

make_greet
make_plain
test_greet
test_options
test_plain
test_patches
test_errors
test_text
test_environment
test_musl
test_cross
finish
