# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh disable=SC2154,SC2034
# Sourced after tests/lib.sh by the tests of the plugins for applications: a source packed
# in the test, a recipe of one build named app, and what came out of it.
arch=$(uname -m)
other=aarch64 here=X86-64
[ "$arch" != aarch64 ] || other=x86_64 here=AArch64
app_inputs='source = "src:file"'

# pack FOLDER: FOLDER.tar.gz of it, with one top folder.
pack()
{
	tar -czf "$1.tar.gz" "$1"
}

# recipe FILE SOURCE <options: a recipe of one build by $plugin, named app.
recipe()
{
	{
		printf '[stage.src]\nplugin = "fetch-http"\npath = "%s.tar.gz"\n' "$2"
		printf '[stage.app]\nplugin = "%s"\n' "$plugin"
		printf 'inputs = { %s }\n' "$app_inputs"
		cat
	} >"$1"
}

# build FILE [OPTIONS]: runs it; root and sysroot are then folders under out.
build()
{
	rm -rf out
	msmv run "$@" -o out || return
	mkdir -p out/root out/sysroot
	[ ! -e out/root.tar ] || tar -xf out/root.tar -C out/root || return
	[ ! -e out/sysroot.tar ] || tar -xf out/sysroot.tar -C out/sysroot
}

# run_build FILE SOURCE <options: both, as one command for check and refuse.
run_build()
{
	recipe "$1" "$2"
	build "$1"
}

# try FILE SOURCE OPTIONS...: each option a line of the recipe.
try()
{
	try_file=$1
	try_source=$2
	shift 2
	printf '%s\n' "$@" | run_build "$try_file" "$try_source"
}

in_log()
{
	msmv log "$1" app | grep -q -e "$2"
}

absent()
{
	[ ! -e "$1" ]
}

# is_for MACHINE FILE: an ELF program, static, for what readelf calls so.
is_for()
{
	LC_ALL=C readelf -h -l "$2" >"$T/elf.txt" && grep -q "Machine:.*$1" "$T/elf.txt" &&
		! grep -q INTERP "$T/elf.txt"
}

# libc_stages: recipe text of a stage named libc, whose sysroot is this machine's musl.
libc_stages()
{
	lib=/usr/lib/$arch-linux-musl
	mkdir -p libc-1.0
	tar -czf libc-1.0.tar.gz libc-1.0
	cat <<-EOF
		[stage.libc-src]
		plugin = "fetch-http"
		path = "libc-1.0.tar.gz"
		[stage.libc]
		plugin = "script-app"
		inputs = { source = "libc-src:file" }
		script = """
			mkdir -p \$DESTDIR/usr/lib
			cp -r /usr/include/$arch-linux-musl \$DESTDIR/usr/include
			cd $lib
			cp libc.a libm.a crt1.o crti.o crtn.o \$DESTDIR/usr/lib
		"""
	EOF
}
