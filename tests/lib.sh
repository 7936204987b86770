# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# Sourced by every shell test: TAP output, a folder of its own, an empty store.
#
#   . "${top_srcdir:?}/tests/lib.sh"
#   check "what must hold" test -f out/image
#   refuse "what must fail" "text of the error" msmv run bad.toml
#   finish
#
# In CI (CI=true) a missing tool is a failure, not a skip.
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
MSMV=${MSMV:-$top_builddir/msmv}
T=$(mktemp -d "${TMPDIR:-/tmp}/msmv-test.XXXXXX") || exit 1
began=$(date +%s)
count=0
MSMV_STORE=$T/store
HOME=$T/home
XDG_DATA_HOME=
XDG_CACHE_HOME=
XDG_CONFIG_HOME=
MSMV_PLUGIN_PATH=
export MSMV_STORE HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME MSMV_PLUGIN_PATH
unset NO_COLOR MAKEFLAGS MFLAGS SOURCE_DATE_EPOCH MSMV_CONF CC LD MAKE_COMMAND
mkdir -p "$HOME" "$T/w"
cd "$T/w" || exit 1

msmv()
{
	"$MSMV" "$@"
}

# Functions named by at_end run before the folder goes.
ending=
at_end()
{
	ending="$* ; $ending"
}

cleanup()
{
	status=$?
	trap - EXIT INT TERM
	eval "$ending"
	cd / && chmod -R u+w "$T" 2>/dev/null
	rm -rf "$T"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

diag()
{
	sed 's/^/# /'
}

ok()
{
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok()
{
	count=$((count + 1))
	echo "not ok $count - $1"
}

# check NAME COMMAND...: the command succeeds.
check()
{
	name=$1
	shift
	if "$@" >"$T/check.out" 2>&1; then
		ok "$name"
	else
		not_ok "$name"
		echo "# failed: $*"
		tail -n 40 "$T/check.out" | diag
	fi
}

# expect NAME WANTED GOT
expect()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf 'wanted: %s\ngot:    %s\n' "$2" "$3" | diag
	fi
}

# refuse NAME TEXT COMMAND...: fails, and says TEXT (a basic regular expression).
refuse()
{
	name=$1
	text=$2
	shift 2
	if "$@" >"$T/check.out" 2>&1; then
		not_ok "$name"
		echo "# succeeded: $*"
	elif grep -q -e "$text" "$T/check.out"; then
		ok "$name"
	else
		not_ok "$name"
		echo "# failed, but without the text: $text"
		tail -n 40 "$T/check.out" | diag
	fi
}

# fails NAME COMMAND...: the command does not succeed.
fails()
{
	name=$1
	shift
	if "$@" >"$T/check.out" 2>&1; then
		not_ok "$name"
		echo "# succeeded: $*"
		tail -n 40 "$T/check.out" | diag
	else
		ok "$name"
	fi
}

# exit_code NAME CODE COMMAND...
exit_code()
{
	name=$1
	code=$2
	shift 2
	"$@" >"$T/check.out" 2>&1
	got=$?
	if [ "$got" = "$code" ]; then
		ok "$name"
	else
		not_ok "$name"
		echo "# exit status $got, wanted $code: $*"
		tail -n 40 "$T/check.out" | diag
	fi
}

# requires TOOL PACKAGE: the whole test is skipped without it; in CI it fails.
requires()
{
	command -v "$1" >/dev/null 2>&1 && return 0
	if [ "${CI:-}" = true ]; then
		echo "Bail out! $1 is missing (package $2)"
		exit 1
	fi
	echo "1..0 # SKIP $1 is missing (package $2)"
	exit 0
}

# stage_state RECIPE STAGE: run, cached, later or error.
stage_state()
{
	msmv plan "$1" | awk -v s="$2" '$2 == s { print $1 }'
}

# processes PATTERN PLACE: number and command of those whose command line matches, and
# which have a path with PLACE in it there, in their environment or, if they are in a
# sandbox, among what is mounted. Tests run side by side: others have such processes too,
# and what this test has mounted outside of a sandbox is mounted for all of them.
processes()
{
	found=1
	here=$(readlink /proc/$$/ns/mnt)
	for p in $(pgrep -f "$1"); do
		mounts=/proc/$p/mountinfo
		[ "$(readlink "/proc/$p/ns/mnt")" != "$here" ] || mounts=/dev/null
		grep -qsaF -e "$2" "/proc/$p/cmdline" "/proc/$p/environ" "$mounts" || continue
		echo "$p $(tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null)"
		found=0
	done
	return $found
}

# What the test cost stays in its log: all.sh shows the dearest.
finish()
{
	echo "1..$count"
	times >"$T/times"
	echo "# took $(($(date +%s) - began)) s, its children $(tail -n 1 "$T/times")"
	exit 0
}
