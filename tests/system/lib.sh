# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# Sourced after tests/lib.sh by tests that boot guests: what a boot left behind.

# report FILTER: a field of out/boot.json, by a filter of jq.
report()
{
	jq -r "$1" out/boot.json
}

# console_has TEXT: a basic regular expression in out/console.log.
console_has()
{
	grep -q -a -e "$1" out/console.log
}

# boots_by_hand FOLDER TEXT [SECONDS]: what the report says a person can type does boot
# in the folder, which has the files under the names it uses, and prints the text.
boots_by_hand()
{
	jq -r .command "$([ -f "$1/boot.json" ] && echo "$1" || echo out)/boot.json" \
		>"$T/command.sh" &&
		(cd "$1" && timeout "${3:-60}" sh "$T/command.sh") >"$T/by-hand.txt" </dev/null
	grep -q -a -e "$2" "$T/by-hand.txt"
}

# Every QEMU of a test was given something of the test's folder.
qemu_runs()
{
	processes '^[^ ]*qemu-system' "${T##*/}/"
}

# No QEMU is left, given the moment that the kernel needs to take one away.
leaves_no_qemu()
{
	tries=20
	while qemu_runs >"$T/left"; do
		tries=$((tries - 1))
		if [ "$tries" -le 0 ]; then
			cat "$T/left"
			return 1
		fi
		sleep 0.1
	done
}
