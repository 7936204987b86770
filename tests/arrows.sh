#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The map in core/HACKING.md: who may include whom. An arrow the other way fails here.
. "${top_srcdir:?}/tests/lib.sh"

# room: what it may include besides itself (and libc, and outside libraries)
rules='
base
value base
catalog base msmv
tree base
wire base
store base
differ base
graph base catalog value msmv
recipe base value catalog graph msmv
run base value catalog graph store tree wire msmv
worker base catalog tree wire msmv
vm base
supervisor base vm
cli base value catalog graph recipe run store vm msmv
'

# Includes of a room's files that are not in its list.
strays()
{
	room=$1
	shift
	allowed=" $room $* "
	grep -ho '^#include ["<][a-z0-9]*/[^">]*' "$top_srcdir/core/$room"/*.[ch] 2>/dev/null |
		sed 's/^#include ["<]//' | sort -u | while read -r inc; do
		dir=${inc%%/*}
		[ -d "$top_srcdir/core/$dir" ] || [ "$dir" = msmv ] || continue
		case $allowed in
		*" $dir "*) ;;
		*) echo "core/$room includes $inc" ;;
		esac
	done
}

for dir in "$top_srcdir"/core/*/; do
	room=$(basename "$dir")
	[ "$room" = include ] && continue
	line=$(echo "$rules" | grep "^$room\( \|$\)")
	if [ -z "$line" ]; then
		not_ok "room $room is on the map"
		continue
	fi
	# shellcheck disable=SC2086 # a list of words
	expect "core/$room" "" "$(strays $line)"
	check "core/$room is described in HACKING.md" grep -q "core/$room/" "$top_srcdir/core/HACKING.md"
done

expect "plugins include only the public header" "" \
	"$(cd "$top_srcdir" && grep -rEl '^#include "(base|value|recipe|graph|catalog|tree|wire|store|run|worker|cli)/' plugins)"
expect "and the one that boots what vm knows of machines" "plugins/qmp-run" \
	"$(cd "$top_srcdir" && grep -rl '^#include "vm/' plugins | xargs -n 1 dirname | sort -u)"
expect "which is nothing of the engine" "" \
	"$(cd "$top_srcdir" && sed -n '/^vm_sources/,/[^\\]$/s/.*\(core[^ ]*\.c\) .*/\1/p' core/local.mk |
		xargs grep -l '^#include "base/')"
expect "the guest shares nothing with the engine" "" \
	"$(cd "$top_srcdir" && grep -rEl '^#include ["<](msmv|base|value|recipe|graph|tree|wire|store|run)/' init)"
expect "dlopen is in core/worker alone" "core/worker/load.c" \
	"$(cd "$top_srcdir" && grep -rl 'dlopen(' core plugins init | grep '\.c$')"
expect "only main() and children exit" "" \
	"$(cd "$top_srcdir" && grep -rnE '(^|[^_a-z])exit\(' core plugins --include='*.c' | grep -v '/main\.c:')"
expect "only cli prints errors" "" \
	"$(cd "$top_srcdir" && grep -rnE 'fprintf\(stderr|perror\(' core --include='*.c' | grep -vE 'core/(cli|worker|differ|supervisor)/')"
expect "every test is run by some tier" "" \
	"$(cd "$top_srcdir" && grep -lx finish tests/*/*.sh tests/*.sh | while read -r test; do
		grep -qF "$test" tests/*.mk tests/*/*.mk plugins/*/local.mk || echo "$test"; done)"
expect "every file says its licence first" "" \
	"$(cd "$top_srcdir" && find core plugins init tests -path tests/data -prune -o -name "*.[ch]" -exec sh -c 'head -n 1 "$1" | grep -q SPDX-License-Identifier || echo "$1"' _ {} \;)"
finish
