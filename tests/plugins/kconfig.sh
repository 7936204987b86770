#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# kconfig holds a configuration to what was asked, on toy sources that drop silently.
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

# gives LINE: the last configuration has it.
gives()
{
	grep -qx "$1" out/.config
}

recipe good.toml 'base = "allnoconfig"' 'options = { NET = "y", CONFIG_EXPERT = true, SHIFT = 7, TITLE = "a \"b\" \\ c", HIDDEN = "y", BASE = "0x1F", GHOST = "n", PACK_B = "y" }'
check "requests of every type" msmv run good.toml -o out
check "y" gives 'CONFIG_NET=y'
check "true, and a name with CONFIG_" gives 'CONFIG_EXPERT=y'
check "a number" gives 'CONFIG_SHIFT=7'
check "a text with quotes and backslash" gives 'CONFIG_TITLE="a \\"b\\" \\\\ c"'
check "a member of a choice" gives 'CONFIG_PACK_B=y'
check "the architecture's own need" gives 'CONFIG_64BIT=y'
msmv run good.toml --set stage.config.options.SHIFT=8 >run.txt 2>&1
check "the note counts them" grep -q 'Linux 9.8.7: 9 options asked, 9 hold' run.txt
expect "unchanged, it is not run again" cached "$(stage_state good.toml config)"

check "tinyconfig keeps its own" asks 'options = { TITLE = "x" }'
check "and the recipe wins over it" asks 'options = { EXPERT = "n" }'

refuse "an unmet dependency, from the file around" \
	'UNIX: asked y (recipe), got n: it needs .*NET (NET=n)' asks 'options = { UNIX = "y" }'
refuse "only the unmet clause is named, across a continued line" \
	'UNIX: .*it needs CORE || SHIFT > 9 (CORE=n, SHIFT=4) \[net/Kconfig:1\]' \
	asks 'options = { UNIX = "y", NET = "y" }'
check "met by a comparison" asks 'options = { UNIX = "m", NET = "y", SHIFT = 10 }'
refuse "an unknown option, and what is near" \
	'TITEL: .*no such option .*near are: TITLE' asks 'options = { TITEL = "x" }'
refuse "a help text defines nothing" 'NET_GHOST: .*no such option' \
	asks 'options = { NET_GHOST = "y" }'
refuse "a select is stronger" 'FORCED: asked n (recipe), got y: it is selected by X86=y if 64BIT' \
	asks 'options = { FORCED = "n" }'
refuse "an option without a prompt" 'HIDDEN: asked y (recipe), got n: it cannot be set by hand.*it needs EXPERT (EXPERT=n)' \
	asks 'base = "allnoconfig"' 'options = { HIDDEN = "y" }'
refuse "a prompt with a condition" 'CORE: asked n (recipe), got y: it needs EXPERT (EXPERT=n)' \
	asks 'base = "allnoconfig"' 'options = { CORE = "n" }'
refuse "a number out of range" 'SHIFT: asked 99 (recipe), got 20' asks 'options = { SHIFT = 99 }'
refuse "the rest of a choice" 'PACK_A: asked n .*got y' asks 'options = { PACK_A = "n" }'
check "hexadecimal digits of either case are equal" asks 'options = { BASE = "0x1f" }'
refuse "every difference is in one report" '3 of 4 options otherwise' \
	asks 'options = { UNIX = "y", TITEL = "x", SHIFT = 99 }'
check "a waived option" asks 'options = { SHIFT = 99 }' 'options_unchecked = ["SHIFT"]'
check "a waived option, with CONFIG_" asks 'options = { UNIX = "y" }' \
	'options_unchecked = ["CONFIG_UNIX"]'
refuse "a waived one does not waive another" '1 of 3 options otherwise' \
	asks 'options = { SHIFT = 99, UNIX = "y" }' 'options_unchecked = ["SHIFT"]'

refuse "an unknown profile" 'no kernel profile is named mikrovm; there are: acpi, base' \
	asks 'profiles = ["mikrovm"]'
refuse "a profile for another architecture" 'profile virt is not for x86 kernels, only for arm64' \
	asks 'profiles = ["virt"]'
refuse "a profile's wish is a request too" 'SMP: asked y (profile smp), got n: .*no such option' \
	asks 'profiles = ["smp"]'
refuse "the recipe wins over the profile, here with a wish that fails too" \
	'SMP: asked m (recipe)' asks 'profiles = ["smp"]' 'options = { SMP = "m" }'
check "the recipe takes a profile's wish back" asks 'profiles = ["smp"]' 'options = { SMP = "n" }'

refuse "a base that is no configuration target" 'base = "all" is not a configuration target' \
	asks 'base = "all"'
refuse "a base that these sources do not have" 'make noconfig failed.*No rule to make target' \
	asks 'base = "noconfig"'
refuse "an option's name that is none" 'is not a kernel option' asks 'options = { "A B" = "y" }'

mkdir -p a/scripts b/scripts
cp toy/linux-toy/scripts/conf.awk a/scripts/
sed 's/; tristate("NET")/&; tristate("PATCHED")/' a/scripts/conf.awk >b/scripts/conf.awk
diff -u a/scripts/conf.awk b/scripts/conf.awk >core.patch
check "a patch is applied" asks 'patches = ["core.patch"]' 'options = { PATCHED = "y" }'
check "and once only" asks 'patches = ["core.patch"]' 'options = { PATCHED = "m" }'
sed 's/tristate("64BIT")/other()/' core.patch >bad.patch
refuse "a patch that does not fit is named" 'bad.patch does not apply' asks 'patches = ["bad.patch"]'
refuse "without the patch its option is gone" 'PATCHED: .*no such option\|PATCHED: .*got n' \
	asks 'options = { PATCHED = "y" }'

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
