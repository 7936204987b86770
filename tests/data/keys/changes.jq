# From the same to a line "STAGE OPTION VALUE" (tabs between) for each option of each stage:
# another value than the one it has. $p as in raw.jq; $own: values by "PLUGIN.OPTION" where
# not any will do.
def stage_name: gsub("\\."; "-");
def other($o):
	if $o.type == "number" then ((.[0] // ($o.min // 0 | tostring)) | tonumber + 1 | tostring)
	elif $o.type == "size" then ((.[0] // "1048576") | tonumber * 2 | tostring)
	elif $o.type == "yes/no" then ((.[0] // "0") == "0" | tostring)
	elif $o.type == "text" and $o.choices then
		. as $now | $o.choices | split("|") | map(select(. != $now[0])) | .[0] | @json
	elif $o.type == "text" then ((.[0] // "") + "x") | @json
	elif $o.type == "list" then (. // []) + ["x"] | @json
	elif $o.type == "files" then ["other.txt"] | @json
	else (. // {}) + { x: "x" } | to_entries |
		map("\(.key | @json) = \(.value | @json)") | "{ \(join(", ")) }" end;
.stages[] | . as $s | $p[0][.plugin].options[] | select(.in_key) | . as $o |
[ ($s.stage | stage_name), .name,
	($own["\($s.plugin).\(.name)"] // ($s.options[.name] | other($o))) ] | @tsv
