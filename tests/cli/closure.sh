#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv store export and import: from one store to another, whole or not at all.
# shellcheck disable=SC2012,SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

cat >r.toml <<EOF
[stage.a]
plugin = "trial"
text = "one"
[stage.b]
plugin = "trial"
text = "two"
size = "3M"
inputs = { in = "a:out" }
EOF
refuse "what was never made" "a has no result in the store (it never ran here): msmv run" \
	msmv store export r.toml
fails "leaves no file" test -e r.msmv.tar
check "a run" msmv run r.toml
check "export" msmv store export r.toml
expect "holds what it says" "2 3" "$(tar -tf r.msmv.tar | awk -F/ '
	$1 == "actions" && $2 { a++ } $1 == "blobs" && $2 { b++ } END { print a, b }')"
check "again, to standard output" sh -c '"$0" store export r.toml -o - >again.tar' "$MSMV"
check "it is the same file" cmp r.msmv.tar again.tar

there()
{
	MSMV_STORE=$T/there "$@"
}
check "import" there msmv store import r.msmv.tar
expect "nothing is left to do" "cached cached" \
	"$(there msmv plan r.toml | awk '{ printf "%s%s", s, $1; s = " " }')"
check "run" there msmv run r.toml -o there
check "gives the same" cmp out/trial.txt there/trial.txt
check "import again" there sh -c '"$0" store import r.msmv.tar >again.txt' "$MSMV"
check "nothing new" grep -q '2 results were there already' again.txt
check "all of it is whole" there msmv store verify

# Whatever is damaged, nothing counts.
nowhere()
{
	MSMV_STORE=$T/nowhere "$@"
}
refused()
{
	rm -rf "$T/nowhere"
	refuse "$1" "$2" nowhere msmv store import bad.tar
	expect "$1: no result counts" 0 "$(nowhere msmv store ls | grep -c trial)"
}
sed 's/two/TWO/' r.msmv.tar >bad.tar
refused "a damaged file" "blobs/[0-9a-f]* is damaged: it has the sha256"
sed 's/action.option.text=one/action.option.text=won/' r.msmv.tar >bad.tar
refused "a damaged record" "actions/[0-9a-f]* is damaged"
head -c 2000000 r.msmv.tar >bad.tar
refused "one that is cut short" "bad.tar: "
echo hello >bad.tar
refused "something else" "bad.tar: "
mkdir -p x/msmv-export
tar -cf bad.tar --format=ustar --owner=0 --group=0 --numeric-owner r.toml
refused "another tar" "bad.tar: "
python3 - <<EOF
import tarfile
old = tarfile.open('r.msmv.tar')
new = tarfile.open('bad.tar', 'w', format=tarfile.USTAR_FORMAT)
gone = False
for m in old:
    if m.name.startswith('blobs/') and not gone and m.size < 10:
        gone = True
        continue
    new.addfile(m, old.extractfile(m) if m.isreg() else None)
old.close()
new.close()
with open('bad.tar', 'r+b') as f:
    f.truncate(len(open('bad.tar', 'rb').read().rstrip(b'\0')) // 512 * 512 + 512 + 1024)
EOF
refused "one without a file that it names" "bad.tar: "
refuse "no file" "No such file" nowhere msmv store import none.tar
refuse "a pipe" "is no file" sh -c 'cat r.msmv.tar | "$0" store import /dev/stdin' "$MSMV"
# A damaged file in the store is not handed on.
blob=$(printf one | sha256sum | cut -d' ' -f1)
file=$MSMV_STORE/blobs/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
chmod u+w "$file"
printf own >"$file"
refuse "a damaged one is not exported" "is damaged: put aside" msmv store export r.toml
finish
