#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# make lint: cppcheck, clang-tidy and shellcheck over the whole tree; a finding fails.
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
cd "$top_srcdir" || exit 1
status=0

for tool in cppcheck clang-tidy shellcheck; do
	command -v "$tool" >/dev/null || { echo "lint: $tool is missing"; exit 1; }
done

sources=$(git ls-files 'core/*.c' 'plugins/*.c' 'init/*.c')
# What is compiled with the headers of a kernel's sources is not for a tool that has none.
complete=$(git ls-files 'core/*.c' 'plugins/*.c' 'init/*.c' ':!plugins/kconfig/oracle/*')

echo "== shellcheck"
# Functions are called by name (check, refuse); what is in single quotes is for another program.
# shellcheck disable=SC2046 # file names without blanks
shellcheck -x -e SC1091,SC2016,SC2317 bootstrap .ci/run $(git ls-files '*.sh') || status=1

echo "== cppcheck"
# shellcheck disable=SC2086
cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance \
	--inline-suppr --suppress=unknownMacro --suppress=missingInclude \
	--suppress=normalCheckLevelMaxBranches -D_GNU_SOURCE -D__GNUC__ \
	-Icore -Icore/include -j "$(nproc)" $sources || status=1

echo "== clang-tidy"
# shellcheck disable=SC2086
printf '%s\n' $complete | xargs -P "$(nproc)" -n 8 sh -c '
	clang-tidy --quiet "$@" -- -std=gnu17 -D_GNU_SOURCE -I"$top_builddir" -Icore \
		-Icore/include -Iinit -DMSMV_PLUGINDIR=\"\" -DMSMV_LIBEXECDIR=\"\" \
		-DMSMV_SHAREDIR=\"\" -DMSMV_SYSCONFDIR=\"\" 2>/dev/null' _ || status=1
exit "$status"
