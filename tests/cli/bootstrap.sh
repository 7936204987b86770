#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What ./bootstrap would install for a recipe: also for what the recipe includes.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"

packages()
{
	"$top_srcdir/bootstrap" packages "$@"
}

needs()
{
	packages "$2" >packages.txt && grep -qx "$1" packages.txt
}

hasnt()
{
	packages "$2" >packages.txt && ! grep -qx "$1" packages.txt
}

mkdir -p deep
echo 'output.format = "uki"' >deep/form.toml
printf 'include = ["form.toml"]\n[general]\ntarget_arch = "riscv64"\n' >deep/arch.toml
printf 'include = [\n  # both\n  "deep/arch.toml",\n  "loop.toml",\n]\n' >top.toml
echo 'include = ["top.toml"]' >loop.toml
printf 'include:\n  - deep/form.toml\n' >top.yaml
echo '[general]' >plain.toml

check "a recipe that needs nothing special" hasnt ovmf "$PWD/plain.toml"
check "the compiler is always there" needs gcc "$PWD/plain.toml"
check "what an included file needs" needs qemu-system-misc "$PWD/top.toml"
check "and one that this includes" needs ovmf "$PWD/top.toml"
check "the whole list of a YAML recipe" needs ovmf "$PWD/top.yaml"
check "an override on the command line" \
	sh -c "'$top_srcdir/bootstrap' packages '$PWD/plain.toml' --set general.target_arch=aarch64 |
		grep -qx qemu-system-arm"
check "a name a line, each once" sh -c "[ -z \"\$('$top_srcdir/bootstrap' packages '$PWD/top.toml' | uniq -d)\" ]"
exit_code "without a recipe it says how" 1 packages
finish
