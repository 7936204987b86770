#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A plugin says what is wrong in the recipe, and the person sees it where it is written.
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

picky()
{
	cat >picky.toml <<EOT
[stage.p]
plugin = "picky"
when = "$1"
words = ["good",
	"bad"]
level = 2
[stage.p.values]
one = "fine"
two = "bad"
EOT
}

for when in run check; do
	picky $when
	exit_code "$when: ends with 1" 1 msmv run picky.toml
	msmv run picky.toml >out.txt 2>&1
	check "$when: a number's place" \
		grep -q 'picky.toml:6:1: error: \[stage.p\] level: 2 is no level$' out.txt
	check "$when: its line" grep -q '^    6 | level = 2$' out.txt
	check "$when: its caret" grep -q '^      | ^~~~~$' out.txt
	check "$when: its hint" grep -q '^      = try 1$' out.txt
	check "$when: each line of a hint" grep -q '^      = or say nothing$' out.txt
	check "$when: an item of a list" grep -q 'picky.toml:5:2: error: .*bad is a bad word' out.txt
	check "$when: an entry of a table" \
		grep -q 'picky.toml:9:1: error: \[stage.p\] values: bad is a bad value' out.txt
	expect "$when: all of them are shown" 3 "$(grep -c 'picky.toml:.*: error: \[stage.p\] ' out.txt)"
	expect "$when: each once" 1 "$(grep -c 'bad is a bad word' out.txt)"
	msmv run picky.toml --json >out.json 2>err.txt
	check "$when: for programs" grep -q '"problems":\[{"file":"[^"]*picky.toml","line":[0-9]*,"column":[0-9]*,"section":"\[stage.p\]","option":"words","item":"bad","text":"words: bad is a bad word","hint":"say good\\nor say nothing"}' out.json
done
check "check: nothing ran" grep -q 'the recipe asks for what cannot be, in 3 places' err.txt
refuse "plan tells it too" 'picky.toml:6:1: error: \[stage.p\] level: 2 is no level' \
	msmv plan picky.toml

printf '[stage.p]\nplugin = "picky"\nmany = 1000\n' >many.toml
msmv run many.toml >out.txt 2>&1
check "what is wrong with a stage is at the stage" \
	grep -q 'many.toml:1:[0-9]*: error: \[stage.p\] is too much' out.txt
expect "a thousand of them are cut" 100 "$(grep -c 'is too much' out.txt)"
check "and counted" grep -q '^and 900 more$' out.txt

refuse "a value of --set has no place: the stage's" '\[stage.p\] level: 2 is no level' \
	msmv run picky.toml --set stage.p.level=2

printf '[stage.p]\nplugin = "picky"\nwords = "good"\n' >good.toml
check "nothing wrong, nothing said" msmv run good.toml
finish
