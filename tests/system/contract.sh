#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The kernel contract on the configuration programs of two real kernels, for several
# architectures: what is said of each bad request, and that each repair, applied, holds.
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
rows=$top_srcdir/tests/data/kconfig/bad-requests.txt

# source_of VERSION: linux-source-VERSION.tar, what configuring needs of the sources.
source_of()
{
	cat >"get-$1.toml" <<EOT
[stage.source]
plugin = "fetch-apt"
url = "apt:linux-source-$1"
EOT
	msmv run "get-$1.toml" -o "get-$1" &&
		tar -xf "get-$1/"*.tar.xz --wildcards '*/scripts/*' '*Kconfig*' '*/Makefile*' \
			'*/arch/*/configs/*' '*/kernel/configs/*' '*.sh' &&
		tar -cf "linux-source-$1.tar" "linux-source-$1"
}

# What asks the tree itself works in the folders that the stage worked in.
MSMV_SANDBOX=off
export MSMV_SANDBOX

# recipe FILE VERSION ARCH LINES...: the stage's keys, one argument a line.
recipe()
{
	recipe_file=$1
	cat >"$recipe_file" <<EOT
[general]
name = "contract"
target_arch = "$3"
[stage.source]
plugin = "fetch-http"
path = "linux-source-$2.tar"
[stage.config]
plugin = "kconfig"
inputs = { source = "source:file" }
base = "allnoconfig"
EOT
	shift 3
	printf '%s\n' "$@" >>"$recipe_file"
}

# make_words RECIPE: the kernel's make as the stage called it, without the target.
make_words()
{
	msmv log "$1" config | sed -n 's/^info: \(make -C .*\) allnoconfig$/\1/p' | tail -n 1
}

# ask ARCH REPAIRS: answers.txt, one answer a row, in one run of the program.
ask()
{
	awk -v version="$version" -v arch="$1" -v profiles="$top_srcdir/plugins/kconfig/profiles" \
		-v bases="$PWD" -v repairs="$2" -f "$top_srcdir/tests/tools/kconfig-questions.awk" \
		"$rows" >questions
	# shellcheck disable=SC2086 # words
	ORACLE_QUESTION=$PWD/questions ORACLE_ANSWER=$PWD/raw KCONFIG_ALLCONFIG=$PWD/seed \
		$make -s allnoconfig >ask.log 2>&1 || return 1
	jq -c . raw | tail -n +2 >answers.txt
}

# judge ROW ANSWER: is the meant request answered as the row says?
judge()
{
	echo "$2" | jq -e --arg name "$(field 6 "$1" | cut -d' ' -f1)" \
		--arg kind "$(field 6 "$1" | cut -d' ' -f2)" --arg repair "$(field 7 "$1")" \
		--arg why "$(field 8 "$1")" '
		(.requests | all(.holds or (.kind and (.why | length > 0)))) and
		(.requests[] | select(.name == $name) |
			(.holds | not) and .kind == $kind and (.why | test($why)) and
			(.repair != null) == ($repair == "yes")) and
		(.repair != null) == ($repair == "yes")'
}

field()
{
	echo "$2" | cut -d'|' -f"$1"
}

# rows_of ARCH: judged one by one, then all repairs applied at once.
rows_of()
{
	grep "^$version|$1|" "$rows" >mine.txt
	if grep -q '|tinyconfig|' mine.txt; then
		# shellcheck disable=SC2086 # words
		check "$version $1: tinyconfig" $make -s tinyconfig
		cp "$(echo "$make" | sed 's/.* O=\([^ ]*\) .*/\1/')/.config" tinyconfig
	fi
	check "$version $1: all questions in one run" ask "$1" ''
	expect "$version $1: an answer for each" "$(wc -l <mine.txt)" "$(wc -l <answers.txt)"
	while read -r row <&3 && read -r answer <&4; do
		check "$version $1: $(field 5 "$row"): $(field 6 "$row")" judge "$row" "$answer"
	done 3<mine.txt 4<answers.txt
	jq -r '(.repair // []) | map(.name + "=" + .value) | join(" ")' answers.txt >repairs.txt
	repairable=$(grep -c '|yes|' mine.txt)
	expect "$version $1: repairs" "$repairable" "$(grep -c = repairs.txt)"
	check "$version $1: asked again with the repairs" ask "$1" "$PWD/repairs.txt"
	expect "$version $1: all of those hold" "$repairable" \
		"$(jq -c 'select(.requests | all(.holds))' answers.txt | wc -l)"
}

# silent: requests of the report that .config does not have and that are said to hold.
silent()
{
	jq -r '.requests[] | select(.holds) | [.name, .asked] | @tsv' out/kconfig.json |
		while read -r name asked; do
			case $asked in
			n) ! grep -q "^CONFIG_$name=" out/.config || echo "$name" ;;
			*) grep -qxE "CONFIG_$name=\"?$asked\"?" out/.config || echo "$name" ;;
			esac
		done
}

# engine VERSION: the same through the engine, for one architecture.
engine()
{
	recipe bad.toml "$1" x86_64 'profiles = ["base", "microvm", "net"]' \
		'options = { NET = false, UNIX = "y", PERF_EVENTS = "n", SMPP = "y", KALLSYMS = "y" }' \
		'options_unchecked = ["CONFIG_PERF_EVENTS"]' 'machines = ["all"]'
	refuse "$1: the place in the recipe" \
		'bad.toml:12:26: error: .*UNIX: asked y (recipe), got n: .*NET (NET=n), which the recipe asks as n' \
		msmv run bad.toml -o out
	refuse "$1: a profile's wish is at the profile" \
		'bad.toml:11:32: error: .*PACKET: asked y (profile net), got n' msmv run bad.toml -o out
	refuse "$1: no such option" 'SMPP: .*no such option .*near are: SMP' msmv run bad.toml -o out
	fails "$1: a waived one is not among them" grep -q PERF_EVENTS "$T/check.out"
	check "$1: the report alone" msmv run bad.toml -o out --set stage.config.contract=report
	expect "$1: nothing is dropped silently" '' "$(silent)"
	check "$1: waived" jq -e '.requests[] | select(.name == "PERF_EVENTS") | .waived' out/kconfig.json
	recipe good.toml "$1" x86_64 'profiles = ["base"]' \
		'options = { UNIX = "y", NET = "y", LOG_BUF_SHIFT = 14, CONFIG_DEFAULT_HOSTNAME = "a \"b\" \\ c" }'
	check "$1: with what is needed it holds" msmv run good.toml -o out
	check "$1: a number" grep -qx 'CONFIG_LOG_BUF_SHIFT=14' out/.config
	check "$1: a text with quotes and backslash" \
		grep -qxF 'CONFIG_DEFAULT_HOSTNAME="a \"b\" \\ c"' out/.config
	check "$1: the report of it" jq -e '.v == 1 and .arch == "x86" and .repair == [] and
		(.requests | all(.holds))' out/kconfig.json
}

for version in 6.1 6.12; do
	check "$version: the sources" source_of "$version"
	for pair in x86_64:x86 aarch64:arm64 riscv64:riscv; do
		if ! msmv plugins list | grep -q "arch-${pair%:*}\\b"; then
			echo "# $version ${pair#*:}: not asked, there is no plugin for ${pair%:*}"
			continue
		fi
		recipe first.toml "$version" "${pair%:*}" 'contract = "report"'
		check "$version ${pair#*:}: a configuration" msmv run first.toml -o out
		make=$(make_words first.toml)
		rows_of "${pair#*:}"
	done
	engine "$version"
done
finish
