#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The QEMU of a recipe's choice: found, in the key, and not run before its guest is.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/plugins/qmp-run-lib.sh"

guest server stop "hello\r\n$ready"
refuse "a QEMU that is not there" "no-such-qemu is not installed" \
	boot server 'qemu = "no-such-qemu"'

# A recipe's program runs when its guest is booted, and not to say what would be done.
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$@" >>%s\nexit 1\n' "$PWD/ran" >spy
chmod +x spy
planned()
{
	printf '[stage.boot]\nplugin = "qmp-run"\nqemu = "%s"\n' "$1" >spy.toml
	msmv recipe check spy.toml && msmv plan spy.toml
}
check "check and plan with a program of the recipe's" planned "$PWD/spy"
fails "do not run it" test -e ran
echo "# changed" >>spy
check "a change of it asks for a new proof" planned "$PWD/spy"
fails "and still it did not run" test -e ran
refuse "a relative path of one" 'spy.toml:3:1: error: .*qemu: "./spy" is a relative path' \
	planned ./spy
fails "nor this" test -e ran
refuse "a folder is no program" "/usr/bin is not installed" planned /usr/bin
check "another program in PATH" planned env
finish
