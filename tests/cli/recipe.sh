#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv recipe: check, fmt, convert, new and schema, on every recipe of the tree.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
requires python3 python3

data=$top_srcdir/tests/data/recipes

expect "its help names each command" "check convert fmt new schema" \
	"$(msmv recipe --help | awk '$1 == "msmv" { next } /^  / { print $1 }' | sort | xargs)"
exit_code "no command is wrong usage" 2 msmv recipe
refuse "a mistyped one" "did you mean check?" msmv recipe chek x.toml

# ---- check -------------------------------------------------------------
check "check of all recipes" msmv recipe check "$top_srcdir"/recipes/*.toml
expect "... says how many stages" 1 "$(grep -c 'hello.toml: ok: [0-9]* stages' "$T/check.out")"
expect "nothing was run" 0 "$(find "$T/store" -name '*.log' 2>/dev/null | wc -l)"
refuse "a bad one" "bad-keys.toml:6:8: error: " msmv recipe check "$data/bad-keys.toml"
refuse "all of several are checked" "bad-values.toml:" \
	msmv recipe check "$data/bad-keys.toml" "$data/hello.toml" "$data/bad-values.toml"
cat >old.toml <<'EOT'
[general]
name = "x"
[kernel]
version = "6.9.4"
[applications.lib]
url = "https://example.org/l.tar.gz"
EOT
check "a warning is no error" msmv recipe check old.toml
exit_code "--strict says it is" 1 msmv recipe check --strict old.toml
msmv recipe check --json "$data/bad-keys.toml" old.toml >check.json
check "--json" python3 -c '
import json
d = json.load(open("check.json"))
bad, old = d["recipes"]
assert d["ok"] is False and bad["ok"] is False and old["ok"] is True and old["stages"] > 3
p = [p for p in bad["problems"] if p["line"] == 6][0]
assert p["severity"] == "error" and p["column"] == 8 and p["file"].endswith("bad-keys.toml")
assert old["problems"][0]["severity"] == "warning"'

# ---- What is no file, and the lock ------------------------------------
mkfifo fifo.toml
for verb in check fmt "convert -o x.yaml"; do
	# shellcheck disable=SC2086
	refuse "a pipe: $verb" "^msmv: error: fifo.toml: it is no regular file" \
		timeout 20 "$MSMV" recipe $verb fifo.toml
done
echo 'include = ["fifo.toml"]' >inc.toml
refuse "a pipe: include" "inc.toml:1:12: error: include: cannot read fifo.toml: it is no" \
	timeout 20 "$MSMV" recipe check inc.toml
cp old.toml l.toml
mkfifo l.toml.lock
refuse "a pipe: the lock" "l.toml.lock: it is no regular file" \
	timeout 20 "$MSMV" plan l.toml
rm l.toml.lock
echo '= garbage' >l.toml.lock
refuse "a lock that does not read" "l.toml.lock:1:1: error: " msmv plan l.toml
refuse "... also for check" "l.toml.lock:1:1: error: " msmv recipe check l.toml
ln -sf /etc/passwd l.toml.lock
refuse "a lock from elsewhere" "out of the recipe's folder" msmv recipe check l.toml
cp "$T/check.out" said.txt
fails "... is not shown" grep root: said.txt
refuse "... by plan neither" "out of the recipe's folder" msmv plan l.toml
cp "$T/check.out" said.txt
fails "... not a line of it" grep root: said.txt
refuse "a missing recipe" "^msmv: error: none.toml: No such file" msmv recipe check none.toml
refuse "... of fmt" "^msmv: error: none.toml: No such file" msmv recipe fmt none.toml
refuse "a folder" "^msmv: error: .: Is a directory" msmv recipe check .
msmv recipe check --json none.toml >none.json
check "... in JSON: the file" grep -q '"file": "none.toml"' none.json
truncate -s 17M large.toml
refuse "a large one" "large.toml: larger than 16 MiB" msmv recipe check large.toml
refuse "... of fmt" "large.toml: larger than 16 MiB" msmv recipe fmt large.toml

# ---- fmt ---------------------------------------------------------------
cat >f.toml <<'EOT'
# top
[general]
name="x"   # why
[kernel]
profiles=["a","b"]
EOT
exit_code "fmt --check of what is not laid out" 1 msmv recipe fmt --check f.toml
cp f.toml f.before
msmv recipe fmt --stdout f.toml >f.out
check "--stdout changes nothing" cmp f.toml f.before
expect "fmt names what it changed" f.toml "$(msmv recipe fmt f.toml)"
check "... as --stdout showed" cmp f.toml f.out
expect "the layout" '# top
[general]
name = "x" # why

[kernel]
profiles = ["a", "b"]' "$(cat f.toml)"
expect "once is enough" "" "$(msmv recipe fmt f.toml)"
check "the recipes of the tree are laid out" \
	msmv recipe fmt --check "$top_srcdir"/recipes/*.toml
printf 'a=1\n' >own.toml
chmod 600 own.toml
ln -s own.toml link.toml
check "fmt through a link" msmv recipe fmt link.toml
check "... which stays" test -L link.toml
expect "... and so does the mode" 600 "$(stat -c %a own.toml)"
expect "... of what was changed" "a = 1" "$(cat own.toml)"
check "convert --force through a link" msmv recipe convert --force f.toml link.toml
check "... which stays, too" test -L link.toml
expect "... and the mode" 600 "$(stat -c %a own.toml)"
printf 'a=1\n' >own.toml
chmod 444 own.toml
refuse "fmt of a read-only file" "^msmv: error: own.toml: it is read-only" \
	msmv recipe fmt own.toml
expect "... leaves it alone" a=1 "$(cat own.toml)"
{
	echo 'a=1'
	yes '# filler' | head -n 3000
} >big.toml
refuse "fmt where a file may not grow so large" "^msmv: error: big.toml: .*too large" \
	sh -c 'ulimit -f 1; exec "$0" recipe fmt big.toml 2>&1 | cat; false' "$MSMV"
expect "... leaves nothing behind" big.toml "$(echo big.toml*)"
echo 'a = ' >broken.toml
refuse "fmt of what does not read" "broken.toml:1:5: error: " msmv recipe fmt broken.toml
expect "... leaves it alone" 'a = ' "$(cat broken.toml)"
echo 'a: 1' >a.yaml
refuse "fmt of YAML" "fmt lays out TOML only" msmv recipe fmt a.yaml

# ---- convert -----------------------------------------------------------
good=0
for recipe in "$top_srcdir"/recipes/*.toml "$data"/*.toml; do
	name=$(basename "$recipe" .toml)
	# It holds a date, which YAML cannot say: see below.
	[ "$name" != bad-values ] || continue
	if msmv recipe convert --force "$recipe" "$name.yaml" >convert.txt 2>&1 &&
		msmv recipe convert --force "$name.yaml" "$name.back.toml" >>convert.txt 2>&1 &&
		python3 -c 'import sys, tomllib
a, b = (tomllib.load(open(f, "rb")) for f in sys.argv[1:])
sys.exit(a != b)' "$recipe" "$name.back.toml" >>convert.txt 2>&1; then
		good=$((good + 1))
		[ "$recipe" != "$top_srcdir/recipes/hello.toml" ] || cp hello.yaml tree-hello.yaml
	else
		not_ok "$name to YAML and back"
		diag <convert.txt
	fi
done
check "all of at least 20 recipes to YAML and back" test "$good" -ge 20
# Those behind a value stand above it then, so comments are counted, not lines.
lost=
for recipe in "$top_srcdir"/recipes/*.toml; do
	msmv recipe convert "$recipe" - >notes.yaml
	msmv recipe convert notes.yaml - >notes.toml
	[ "$(grep -o '#.*' "$recipe" | sort)" = "$(grep -o '#.*' notes.toml | sort)" ] ||
		lost="$lost $recipe"
done
expect "every comment of the tree's recipes is there again" "" "$lost"
check "comments went along" grep -q '^# The quick start: GNU hello' tree-hello.yaml
refuse "convert writes over nothing" "is there already" msmv recipe convert f.toml hello.yaml
echo 'a = 1979-05-27' >date.toml
refuse "a date has no YAML" "cannot say" msmv recipe convert date.toml date.yaml
check "... and no file" test ! -e date.yaml
expect "... at its place" "date.toml:1:5: error" "$(msmv recipe convert date.toml date.yaml 2>&1 |
	sed -n '1s/\(error\): .*/\1/p')"
printf 'a = 1\n"b\\u0000" = 2\n' >nul.toml
refuse "a NUL in a key has none" "^nul.toml:2:1: error: .*YAML cannot say" \
	msmv recipe convert nul.toml nul.yaml
msmv recipe convert f.toml -o - >f.yaml
check "convert to standard output: the other notation" grep -q '^general:' f.yaml
check "... and no file of that name" test ! -e ./-
expect "... and back" 'name = "x"' "$(msmv recipe convert f.yaml - | grep name)"

# ---- new ---------------------------------------------------------------
check "new without a terminal asks nothing" sh -c '"$0" recipe new </dev/null' "$MSMV"
check "what it wrote checks" msmv recipe check guest.toml
check "... and is laid out" msmv recipe fmt --check guest.toml
refuse "new writes over nothing" "guest.toml is there already" msmv recipe new
check "new --force" msmv recipe new --force
check "new of everything" msmv recipe new box --arch aarch64 --kernel 6.9.4 --app a=https://example.org/a.tar.gz \
	--app bc=apt-src:hello --format qcow2 --memory 256M --network 10.0.2.15/24 -o all.toml
refuse "... but a name is a name" "cannot name an application" \
	msmv recipe new wrong --app 'b c=apt-src:hello'
refuse "no application" "is no application" msmv recipe new x --app hello
for wrong in "--arch nope" "--memory zz" "--network zz" "--format zz" "--machine zz" "--app a=x --app a=y" \
	"--app kernel=apt-src:hello"; do
	# shellcheck disable=SC2086 # words
	refuse "new $wrong" "nothing was written" msmv recipe new wrong $wrong
done
refuse "with its place" '^wrong.toml:[0-9]*:[0-9]*: error: ' msmv recipe new wrong --memory zz
exit_code "which is wrong usage" 2 msmv recipe new wrong --memory zz
refuse "new --arch twice" "--arch is given twice" msmv recipe new wrong --arch x86_64 --arch aarch64
refuse "a name that is a path" "cannot name a folder" msmv recipe new ../wrong
fails "none of them was written" test -e wrong.toml
msmv recipe new "it's" -o "it's one.toml" >next.txt
expect "what is next is a command" "msmv run 'it'\\''s one.toml'" "$(sed 's/.*next: //' next.txt)"
for command in plan run; do
	msmv $command "$data/bad-keys.toml" --json >problems.json 2>/dev/null
	expect "$command --json says what is wrong" "false a recipe has no section colour" \
		"$(jq -r '"\(.ok) \(.recipes[0].problems[0].message)"' problems.json)"
done
for how in auto dhcp; do
	check "--network $how" msmv recipe new $how --network $how --arch x86_64
	check "... is its method" grep -q "^method = \"$how\"" $how.toml
	fails "... without an address" grep -q ip_address $how.toml
done
check "--network with an address" msmv recipe new s --network fd00::2/64 --arch x86_64
check "... is static" grep -q '^ip_address = "fd00::2/64"' s.toml
refuse "neither" "method" msmv recipe new wrong --network dhcpcd
check "--machine" msmv recipe new q --machine q35 --arch x86_64
check "... is in it" grep -q '^machine = "q35"' q.toml

# ---- schema ------------------------------------------------------------
msmv recipe schema >schema.json
python3 -c 'import jsonschema' 2>/dev/null || {
	ok "schema # SKIP python3-jsonschema is missing"
	finish
}
cat >validate.py <<'EOT'
import json, re, sys, tomllib
import jsonschema

schema = json.load(open("schema.json"))
kind = jsonschema.Draft202012Validator
kind.check_schema(schema)
validator = kind(schema)
wrong = 0
for path in sys.argv[2:]:
    bad = [e.message for e in validator.iter_errors(tomllib.load(open(path, "rb")))]
    if bool(bad) != (sys.argv[1] == "bad"):
        print(path, bad)
        wrong += 1
sys.exit(wrong)
EOT
check "every good recipe fits the schema" python3 validate.py good \
	"$top_srcdir"/recipes/*.toml "$data"/hello.toml "$data"/old-*.toml guest.toml
mkdir bad
mutate()
{
	sed "$2" "$top_srcdir/recipes/hello.toml" >"bad/$1.toml"
}
mutate section 's/^\[kernel\]/[kernal]/'
mutate key 's/^memory/memroy/'
mutate core-key 's/^target_arch/target_arhc/'
mutate type 's/^memory.*/memory = true/'
mutate size 's/^memory.*/memory = "64 MB"/'
mutate choice 's/^format.*/format = "initramf"/'
mutate list 's/^profiles.*/profiles = { a = 1 }/'
mutate app-key 's/^output_executable_path/output_exectuable_path/'
mutate no-kernel '/^\[kernel\]/,/^profiles/d'
check "broken ones do not" python3 validate.py bad bad/*.toml
refuse "... nor are they built" "error" msmv recipe check bad/key.toml
finish
