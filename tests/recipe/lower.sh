#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Recipes against the real plugins: which stages they become, and by which plugins.
. "${top_srcdir:?}/tests/lib.sh"

data=$top_srcdir/tests/data/recipes

# STAGE PLUGIN of each line of a plan.
stages()
{
	msmv plan "$@" 2>"$T/plan.err" | awk '{ print $2, $3 }'
}

# A machine of one application; what follows its kernel is the same in all of these.
machine="kernel.source fetch-http
kernel.config kconfig
kernel.build kbuild
musl.source fetch-apt
musl.build autotools-app"

expect "the seed's recipe, unchanged" "$machine
nano.source fetch-http
nano.build autotools-app
init.build guest-init
rootfs rootfs
initramfs cpio
qemu_image qcow2
boot qmp-run
boot.qemu_image qmp-run" "$(stages "$data/seed-readme.toml")"
expect "... without a complaint" "" "$(cat "$T/plan.err")"

expect "the least recipe" "$machine
hello.source fetch-http
hello.build autotools-app
init.build guest-init
rootfs rootfs
initramfs cpio
boot qmp-run" "$(stages "$data/hello.toml")"

for old in old-htop old-lynx; do
	check "$old checks and plans" msmv plan "$data/$old.toml"
done
expect "of a static network nothing is left out but QEMU's name of the interface" "1 net0" \
	"$(stages "$data/old-lynx.toml" >/dev/null; echo "$(grep -c warning: "$T/plan.err")" \
		"$(grep -o -m1 net0 "$T/plan.err")")"

expect "--set changes the fetcher" "kernel.source fetch-apt" \
	"$(stages "$data/hello.toml" --set kernel.url=apt:linux-source-6.1 | head -n 1)"
expect "--set adds forms" "uki uki boot.uki qmp-run" \
	"$(stages "$data/hello.toml" --set 'output.format=["initramfs", "uki"]' |
		grep uki | tr '\n' ' ' | sed 's/ $//')"
expect "--set turns the proof off" "0" \
	"$(stages "$data/hello.toml" --set run=false | grep -c boot)"
expect "the system's C library needs no musl" "0" \
	"$(stages "$data/hello.toml" --set general.libc=system | grep -c musl)"
refuse "--set of nonsense" "wants KEY=VALUE" msmv plan "$data/hello.toml" --set kernel
refuse "--set of a wrong value" "error: .*: \[run\] cpus wants a whole number" \
	msmv plan "$data/hello.toml" --set run.cpus=many

for bad in "$data"/bad-*.toml; do
	refuse "$(basename "$bad" .toml) is refused in words" "error: " msmv plan "$bad"
done

cat >typo.toml <<'END'
[general]
name = "typo"
[kernel]
version = "6.1.9"
profile = "serial"
[output]
compresion = "xz"
END
cat >typo.want <<'END'
typo.toml:5:1: error: [kernel] has no key profile
    5 | profile = "serial"
      | ^~~~~~~
      = did you mean profiles?
typo.toml:7:1: error: [output] has no key compresion
    7 | compresion = "xz"
      | ^~~~~~~~~~
      = did you mean compression?
END
msmv plan typo.toml 2>typo.got
expect "all problems, each where it stands" "$(cat typo.want)" "$(cat typo.got)"

cat >two.toml <<'END'
[stage.first]
plugin = "fetch-http"
path = "two.toml"
[stage.second]
plugin = "fetch-http"
path = "two.toml"
needs = "first"
END
expect "stages alone" "first fetch-http
second fetch-http" "$(stages two.toml)"
exit_code "a recipe that does not hold is a failure, no misuse" 1 msmv plan "$data/bad-keys.toml"
refuse "--until an unknown stage" "there is no stage secnd" msmv run two.toml --until secnd
check "--only runs" msmv run two.toml --only first -o out

cat >nul.toml <<'END'
[general]
name = "nul"
target_arch = "x86_64"
[kernel]
version = "6.1.2"
[applications.hello]
url = "https://example.org/hello.tar.gz"
output_executable_path = "/bin/hello"
env = { "A\u0000B" = "x" }
[files]
"/a\u0000b" = { text = "x" }
END
refuse "a NUL in the name of a file" "^nul.toml:11:1: error: this key holds a NUL byte" \
	msmv plan nul.toml
refuse "a NUL in a key of a table" "^nul.toml:9:9: error: this key holds a NUL byte" \
	msmv plan nul.toml

finish
