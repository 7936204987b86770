#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every declared input of every stage of hello.toml is part of its key: one at a time is
# changed, the key changes, and `msmv why` names that field and no other.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires jq jq
data=$top_srcdir/tests/data/keys
tab=$(printf '\t')

run_recipe "hello.toml" "$top_srcdir/recipes/hello.toml"
msmv plan "$top_srcdir/recipes/hello.toml" --json >plan.json
jq -r '.stages[].plugin' plan.json | sort -u | while read -r plugin; do
	msmv plugins info "$plugin" --json
done | jq -s 'map({ key: .name, value: . }) | from_entries' >plugins.json

# The same pipeline written stage by stage has the same keys: nothing else goes in.
jq -r --slurpfile p plugins.json -f "$data/raw.jq" plan.json >raw.toml
jq -r '.stages[].options.source // [] | .[]' plan.json | while read -r path; do
	cp -r "$path" .
done
cat >>raw.toml <<'EOF'
[stage.other]
plugin = "cpio"
inputs = { root = ["rootfs:root"] }
EOF
echo other >other.txt
check "stage by stage it is the same" msmv run raw.toml -o raw
expect "so nothing is made again" "" "$(grep '^  done' "$T/check.out" | grep -v '^  done *other')"

# names FIELD TEXT: is that field all that the reason names, but for what the plugin finds
# out about it (facts), an input's file name, and the one that it is about ($beside), with what it was and what it is
# ($value)? A list's or table's field has its item behind a dot.
names()
{
	printf '%s\n' "$2" | awk -v field="$1" -v beside="option.$beside" -v value="$value" '
	/ other fields? (is|are) equal/ {
		sub(/; [0-9]+ other fields? .*/, "")
		sub(/^[^:]*: /, "")
		at = index($0, field)
		both = match(substr($0, at), /: .* \342\206\222 ./) && index(substr($0, at), value)
		n = split($0, parts, ", ")
		called = field # what a file is called comes with it
		sub(/^input/, "name", called)
		for (i = 1; i <= n; i++) {
			name = parts[i]
			sub(/[: ].*/, "", name)
			if (name == field || index(name, field ".") == 1)
				found = 1
			else if (name !~ /^fact\./ && index(name, beside ".") != 1 && \
				index(name, called ".") != 1 && parts[i] ~ /^[a-z]+\.[a-z]/)
				stray = 1
		}
	}
	END { exit !(found && both && !stray) }'
}

# changed STAGE FIELD [OPTIONS]: why says that the stage runs again, over that field alone.
changed()
{
	stage=$1
	field=$2
	shift 2
	msmv why raw.toml "$stage" "$@" >why.txt 2>&1
	if names "$field" "$(head -n 1 why.txt)"; then
		seen=$((seen + 1))
	else
		printf '%s\n' "$stage: $field: $*" >>wrong.txt
		diag <why.txt
	fi
}

# about OPTION: the one that there must be for this to say anything, and what it says.
about()
{
	case $1 in
	check_port | check_status) echo 'check_http { y = "/" }' ;;
	check_send) echo 'check_tcp { y = "80" }' ;;
	check_exit_code | check_text | check_regex) echo 'check_command { y = "true" }' ;;
	esac
}

# options PLAN STAGE...: each option of the stages.
options()
{
	jq -r --slurpfile p plugins.json --argjson own "$(cat "$data/values.json")" \
		-f "$data/changes.jq" "$1" >changes.tsv
	shift
	while IFS=$tab read -r stage option value; do
		case " $* " in
		*" $stage "*)
			more=$(about "$option")
			beside=${more%% *}
			set_to=$value
			value=$(plain "$value")
			changed "$stage" "option.$option" --set "stage.$stage.$option=$set_to" \
				${more:+--set "stage.$stage.$beside=${more#* }"}
			beside='' value=''
			;;
		esac
	done <changes.tsv
}

# plain VALUE: how it ends as a key has it, if it is one and not several.
plain()
{
	printf '%s\n' "$1" | sed '/^[[{]/d; s/^true$/1/; s/^false$/0/; s/^"\(.*\)"$/\1/
		s/.*\(.\{8\}\)$/\1/'
}

seen=0
beside=
value=
: >wrong.txt
jq -r '.stages[] | .stage as $s | .inputs | group_by(.port)[] |
	[($s | gsub("\\."; "-")), .[0].port, .[0].output] | @tsv' plan.json >inputs.tsv
while IFS=$tab read -r stage port output; do
	case $output in root | sysroot) from=rootfs:root ;; *) from=other:image ;; esac
	changed "$stage" "input.$port" --set "stage.$stage.inputs.$port=[\"$from\"]"
done <inputs.tsv
expect "each input port: its field is named" "" "$(cat wrong.txt)"

# firsts FILTER: of those that have the same of something, each stage that waits for no other.
# What comes behind one of them runs for its input, if at all.
firsts()
{
	jq -r --slurpfile p plugins.json '.stages[] | .stage as $s | .plugin as $g | '"$1"' |
		[., ($s | gsub("\\."; "-")), $g] | @tsv' plan.json | awk '!seen[$1]++'
}

# Each variable that a plugin lets through, to another word for the same program.
: >wrong.txt
firsts '$p[0][$g].env[]' >env.tsv
while IFS=$tab read -r name stage plugin; do
	case $name in
	CC | HOSTCC) set_to=cc ;;
	CXX) set_to=c++ ;;
	LD) set_to=ld.bfd ;;
	*) set_to=/usr/bin/make ;;
	esac
	(export "$name=$set_to" && value=$set_to && changed "$stage" "env.$name")
done <env.tsv
expect "each variable that plugins declare: $(cut -f 1 env.tsv | tr '\n' ' ')" "" "$(cat wrong.txt)"

# Each plugin that is another file, if only by a byte behind its end.
: >wrong.txt
firsts '$g' >so.tsv
while IFS=$tab read -r name stage plugin; do
	mkdir "so-$name"
	cp "$(jq -r ".[\"$name\"].path" plugins.json)" "so-$name/$name.so"
	echo >>"so-$name/$name.so"
	MSMV_PLUGIN_PATH=$PWD/so-$name changed "$stage" plugin.so
done <so.tsv
expect "the own bytes of each of $(wc -l <so.tsv) plugins" "" "$(cat wrong.txt)"

: >wrong.txt
options plan.json "$(jq -r '.stages[].stage | select(. != "rootfs") | gsub("\\."; "-")' plan.json |
	tr '\n' ' ')"
changed rootfs option.net_helper --set stage.rootfs.net_helper=true
# What some options are about has to be there before they say it another way.
sed -i 's|^app = {|app = { other = "/bin/other",|
s|^\[stage.init-build\]$|&\
cflags = "-DKEYS"|
/^\[stage.rootfs\]$/,/^$/ s|^net_helper = .*|net_helper = true|
s|^\[stage.rootfs\]$|&\
net_ip_address = "10.0.2.15/24"\
net_ipv6 = true\
nic_ip_address = { eth1 = "10.0.3.15/24" }\
nic_ipv6 = { eth1 = "true" }\
users = { user = "1000" }\
mounts = { "/data" = "ext4 /dev/vdb" }\
file_text = { "/file" = "text" }|' raw.toml
check "with more in it" msmv run raw.toml -o raw --until initramfs
jq '(.stages[] | select(.stage == "rootfs").options) += { net_ip_address: ["10.0.2.15/24"],
	net_helper: ["1"], net_ipv6: ["1"], nic_ip_address: { eth1: "10.0.3.15/24" },
	nic_ipv6: { eth1: "true" }, users: { user: "1000" }, mounts: { "/data": "ext4 /dev/vdb" },
	file_text: { "/file": "text" } }' plan.json >more.json
options more.json rootfs
# Other recipes have an init with it in this store, but none that is compiled so.
sed -i '/^init-build: option.net_helper: /d' wrong.txt
changed init-build option.net_helper --set stage.init-build.net_helper=true
sed -i '/^rootfs: option.net_helper: .*=false$/d' wrong.txt # the rest needs it
expect "each option: its field is named" "" "$(cat wrong.txt)"
echo "# $seen options of $(jq '.stages | length' plan.json) stages"
check "that were many" test "$seen" -gt 90

: >wrong.txt
CC=cc changed kernel-config env.CC
CC=cc changed musl-build env.CC
SOURCE_DATE_EPOCH=1000000000 changed rootfs epoch
chmod +x init/main.c
changed init-build option.source
chmod -x init/main.c
cp -p init/main.c main.c
echo >>init/main.c
changed init-build option.source
cp -p main.c init/main.c
expect "variables, the epoch, modes and bytes of files" "" "$(cat wrong.txt)"

finish
