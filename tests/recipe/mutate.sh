#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every key of every recipe in the tree, once misspelt and once of a wrong type: each
# must be an error at its line and column, and a misspelt one must be guessed.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"
requires python3 python3

cat >mutate.py <<'EOT'
import json, os, re, sys, tomllib

# Tables whose keys are names that only the guest or the kernel knows.
FREE = re.compile(r"(.*\.)?(options|env|files|users|symlinks|variables|inputs)(\..*)?$")
wanted = {}

def write(recipe, n, lines, line, column, guess):
    name = "%s-%03d.toml" % (os.path.basename(recipe)[:-5], n)
    open("out/" + name, "w").write("\n".join(lines) + "\n")
    wanted["out/" + name] = [line + 1, column, guess]

def mutate(recipe):
    lines = open(recipe).read().split("\n")
    section, quotes, n = "", False, 0
    for i, line in enumerate(lines):
        inside, quotes = quotes, quotes ^ (line.count('"""') % 2 == 1)
        header = re.match(r"\[([a-z_]+)((?:\..*)?)\]", line)
        pair = re.match(r"([a-z_]+) = (.*)", line)
        if inside:
            continue
        if header:
            section = header[1] + header[2]
            # A table in a table of names is one more name, but for [boot.network].
            bad = line.replace(header[1], header[1] + header[1][-1], 1)
            write(recipe, n, lines[:i] + [bad] + lines[i + 1:], i, 2, header[1])
            n += 1
        if not pair or not section or FREE.match(section):
            continue
        bad = line.replace(pair[1], pair[1] + pair[1][-1], 1)
        write(recipe, n, lines[:i] + [bad] + lines[i + 1:], i, 1, pair[1])
        n += 1
        # Only where the value is all on this line.
        try:
            tomllib.loads(line)
        except tomllib.TOMLDecodeError:
            continue
        bad = pair[1] + " = { a = [{}] }"
        write(recipe, n, lines[:i] + [bad] + lines[i + 1:], i, None, None)
        n += 1

os.mkdir("out")
for recipe in sys.argv[1:]:
    mutate(recipe)
json.dump(wanted, open("wanted.json", "w"))
print("\n".join(sorted(wanted)))
EOT

cat >judge.py <<'EOT'
import json, sys

wanted, wrong = json.load(open("wanted.json")), 0
checked = {r["recipe"]: r for r in json.load(open("got.json"))["recipes"]}
for name, (line, column, guess) in wanted.items():
    for p in checked[name]["problems"]:
        if p["severity"] != "error" or p["line"] != line or p["column"] < 1:
            continue
        if guess is None or (p["column"] == column and
                ("did you mean %s?" % guess in (p["hint"] or "") or
                 "did you mean [%s]?" % guess in (p["hint"] or ""))):
            break
    else:
        wrong += 1
        print(name, "wanted", line, column, guess, "got", checked[name]["problems"])
sys.exit(wrong > 0)
EOT

python3 mutate.py "$top_srcdir"/recipes/*.toml >list
check "there are at least 60 mutations" test "$(wc -l <list)" -ge 60
# Files beside the recipes, which some of them name.
cp -R "$top_srcdir"/recipes/. out/
xargs "$MSMV" recipe check --json <list >got.json 2>check.err
check "each is an error at its place, the misspelt ones with a guess" python3 judge.py
finish
