# From `msmv plan --json` to the recipe of [stage.*] that is the same pipeline.
# $p: plugins by name, as `msmv plugins info --json` says them.
def stage_name: gsub("\\."; "-");
def table: to_entries | map("\(.key | @json) = \(.value | @json)") | "{ \(join(", ")) }";
def base: split("/") | last;
def toml($type):
	if $type == "number" or $type == "size" then .[0]
	elif $type == "yes/no" then (.[0] == "1" | tostring)
	elif $type == "text" then .[0] | @json
	elif $type == "table" then table
	elif $type == "files" then
		if type == "object" then map_values(base) | table else map(base) | @json end
	else @json end;
.stages[] | . as $s |
"[stage.\(.stage | stage_name)]",
"plugin = \(.plugin | @json)",
(.options | to_entries[] | .key as $k |
	($p[0][$s.plugin].options[] | select(.name == $k)) as $o |
	select($o.in_key) |
	"\($k) = \(.value | toml($o.type))"),
"inputs = { \(.inputs | group_by(.port) | map("\(.[0].port) = \(map("\(.stage | stage_name):\(.output)"))") | join(", ")) }"
