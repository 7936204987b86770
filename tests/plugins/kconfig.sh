#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What kconfig refuses before it needs the program that answers for the kernel. That program is
# linked with the kernel's own objects; tests/system/contract.sh is about what it answers.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/toy-kernel.sh"

# recipe FILE LINES...: the stage's keys, one argument a line.
recipe()
{
	file=$1
	shift
	cat >"$file" <<'EOF'
[general]
name = "toy"
target_arch = "x86_64"
[stage.source]
plugin = "fetch-http"
path = "toy.tar.gz"
[stage.config]
plugin = "kconfig"
inputs = { source = "source:file" }
EOF
	printf '%s\n' "$@" >>"$file"
}

# asks LINES...: runs the stage.
asks()
{
	recipe asks.toml "$@"
	msmv run asks.toml
}

refuse "an unknown profile" 'no kernel profile is named mikrovm; there are: acpi, base' \
	asks 'profiles = ["mikrovm"]'
refuse "a profile for another architecture" 'profile virt is not for x86 kernels, only for arm64' \
	asks 'profiles = ["virt"]'
refuse "a base that is no configuration target" 'base: "all" is not a configuration target' \
	asks 'base = "all"'
refuse "an option's name that is none" 'is not a kernel option' asks 'options = { "A B" = "y" }'

refuse "an unchecked one too" 'options_unchecked: "A B" is not a kernel option' \
	asks 'options_unchecked = ["A B"]'
refuse "a contract of another kind" 'contract' asks 'contract = "maybe"'
refuse "a machine that is no profile" 'no kernel profile is named pdp11' asks 'machines = ["pdp11"]'

mkdir -p a/scripts b/scripts
cp toy/linux-toy/scripts/conf.awk a/scripts/
sed 's/tristate("64BIT")/other()/' a/scripts/conf.awk | sed 's/other()/& + 1/' >b/scripts/conf.awk
diff -u a/scripts/conf.awk b/scripts/conf.awk | sed 's/tristate("EXPERT")/different()/' >bad.patch
refuse "a patch that does not fit is named" 'bad.patch does not apply' asks 'patches = ["bad.patch"]'
refuse "sources whose conf was not linked as Linux links it" 'conf.cmd: No such file' asks

echo no >w.txt
mkdir other && cp w.txt other/ && tar -czf other.tar.gz other
recipe other.toml
sed 's/toy.tar.gz/other.tar.gz/' other.toml >other2.toml
refuse "an archive of something else" 'is not an archive of Linux sources' msmv run other2.toml
head -c 500 toy.tar.gz >cut.tar.gz
sed 's/toy.tar.gz/cut.tar.gz/' other.toml >cut.toml
refuse "a truncated archive" 'error: config: ' msmv run cut.toml

recipe cc.toml 'options = { TITLE = "cc" }'
CC=aarch64-linux-gnu-gcc
export CC
if command -v "$CC" >/dev/null; then
	refuse "a compiler for another architecture" 'CC=aarch64-linux-gnu-gcc makes code for aarch64' \
		msmv run cc.toml
fi
unset CC
finish
