#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Several architectures in one run, what is said for one of them, and profiles.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

echo common >common
cat >r.toml <<'END'
[general]
name = "both"
target_arch = ["x86_64", "arm64"]
[variables]
greeting = "hello"
[stage.common]
plugin = "fetch-http"
path = "common"
[stage.made]
plugin = "trial"
text = "{{greeting}} {{arch}}\n"
inputs.in = "common:file"
[stage.more]
plugin = "trial"
text = "more\n"
inputs.in = "made:out"
[arch.aarch64.variables]
greeting = "servus"
[profile.loud.variables]
greeting = "HELLO"
[profile.long.stage.more]
text = "and more\n"
END

# names [OPTION...]: of the stages, as they are planned.
names()
{
	msmv plan r.toml "$@" | awk '{ print $2 }' | LC_ALL=C sort | tr '\n' ' '
}

expect "stages of two" "common made@aarch64 made@x86_64 more@aarch64 more@x86_64 " "$(names)"
expect "stages of one of them" "common made@aarch64 more@aarch64 " "$(names --arch arm64)"
expect "both, asked for" "common made@aarch64 made@x86_64 more@aarch64 more@x86_64 " \
	"$(names --arch arm64 --arch x86_64)"
expect "one made of it" "common made more " "$(names --set general.target_arch=x86_64)"
expect "JSON says whose a stage is" "aarch64" \
	"$(msmv plan r.toml --json | tr -d ' \n' |
		sed 's/.*"stage":"made@aarch64","plugin":"trial","arch":"\([a-z0-9_]*\)".*/\1/')"

check "a run for both" msmv run r.toml -o out
expect "one folder each" "x86_64/trial.txt aarch64/trial.txt " \
	"$(cd out && for f in x86_64/* aarch64/*; do printf '%s ' "$f"; done)"
expect "one of them" "common hello x86_64 more" "$(tr '\n' ' ' <out/x86_64/trial.txt | sed 's/ $//')"
expect "the other says it its way" "common servus aarch64 more" \
	"$(tr '\n' ' ' <out/aarch64/trial.txt | sed 's/ $//')"
expect "all is cached then" "cached" "$(msmv plan r.toml | awk '{ print $1 }' | sort -u)"

# A stage's name alone means it for every architecture.
cp r.toml u.toml
sed -i 's/"hello/"hallo/; s/"servus/"servas/; s/text = "more/text = "else/' u.toml
check "--until NAME" msmv run u.toml --until made -o u
expect "is for all" "made@aarch64 made@x86_64" \
	"$(msmv plan u.toml | awk '$1 == "cached" && /made/ { print $2 }' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
check "--until NAME@ARCH" msmv run u.toml --until more@aarch64 -o u
expect "is for one" "cached run" "$(msmv plan u.toml | awk '/more@/ { print $1 }' | LC_ALL=C sort |
	tr '\n' ' ' | sed 's/ $//')"
check "--only NAME" msmv run r.toml --only more
refuse "a stage that is not there" "there is no stage mroe" msmv run r.toml --until mroe
check "log of one" msmv log r.toml made@aarch64
refuse "a log of both is of none" "stages that ran: .*made@aarch64.*" msmv log r.toml made
check "log of the only one" msmv log u.toml more

exit_code "--arch of another machine" 2 msmv plan r.toml --arch riscv64
refuse "says which there are" "the recipe is for x86_64, aarch64" msmv plan r.toml --arch riscv64

# ---- Profiles -----------------------------------------------------------
check "profiles, in order" msmv run r.toml -o loud --profile loud --profile long
expect "what the profile says" "common HELLO x86_64 and more" \
	"$(tr '\n' ' ' <loud/x86_64/trial.txt | sed 's/ $//')"
expect "what is said for the architecture wins" "common servus aarch64 and more" \
	"$(tr '\n' ' ' <loud/aarch64/trial.txt | sed 's/ $//')"
check "and --set over all" msmv run r.toml -o set --profile loud --set variables.greeting=moin
expect "of them" "common moin aarch64 more" "$(tr '\n' ' ' <set/aarch64/trial.txt | sed 's/ $//')"
exit_code "an unknown profile" 2 msmv plan r.toml --profile lound
refuse "is told with those there are" \
	"no profile lound: did you mean loud?; the recipe has: loud, long" \
	msmv plan r.toml --profile lound
cat >v.toml <<'END'
[stage.s]
plugin = "trial"
text = "{{arhc}}"
END
refuse "an unknown variable" '^v.toml:3:8: error: there is no variable arhc' msmv plan v.toml
refuse "has a hint" 'did you mean arch?' msmv plan v.toml
finish
