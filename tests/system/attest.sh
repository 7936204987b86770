#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What hello.toml was made of, as others read it: against the published schemas, and true.
# shellcheck disable=SC2016,SC2317
. "${top_srcdir:?}/tests/lib.sh"
. "$top_srcdir/tests/system/shared.sh"
requires jq jq
requires protoc protobuf-compiler
schemas=$top_srcdir/tests/data/schemas

run_recipe "hello.toml --attest" "$top_srcdir/recipes/hello.toml" -o out --attest
mkdir proto
check "in-toto's definitions" sh -c 'cd "$0" && protoc -I . -I /usr/include --python_out="$1" \
	$(find in_toto_attestation -name "*.proto")' "$schemas" "$PWD/proto"
check "all three are as their schemas want them" \
	/usr/bin/python3 "$top_srcdir/tests/tools/check-attestations.py" "$schemas" proto out
mkdir bad
# spoilt FILE FILTER: what is not as its schema wants it would be seen.
spoilt()
{
	cp out/*.json bad/
	jq "$2" "out/$1" >"bad/$1"
	fails "$1 that is not would be seen" \
		/usr/bin/python3 "$top_srcdir/tests/tools/check-attestations.py" "$schemas" proto bad
}
spoilt provenance.intoto.json '.predicate.buildDefinition.other = 1'
spoilt sbom.cdx.json '.components[0].hashes[0].alg = "SHA-257"'
spoilt sbom.spdx.json 'del(.packages[0].downloadLocation)'

# Subjects are the files that are there.
jq -r '.subject[] | "\(.digest.sha256)  out/\(.name)"' out/provenance.intoto.json >sums
check "the images have these digests" sha256sum -c sums
check "all of them" test "$(wc -l <sums)" -ge 4
expect "the sources are named with what their urls stood for" "hello kernel musl" \
	"$(jq -r '.predicate.buildDefinition.resolvedDependencies[] | .uri // empty' \
		out/provenance.intoto.json | sed -n 's/^apt-src:\([a-z]*\)=[0-9].*/\1/p
		s/^apt:linux-source-.*=[0-9].*/kernel/p' | sort | tr '\n' ' ' | sed 's/ $//')"
key=$(msmv plan "$top_srcdir/recipes/hello.toml" --json |
	jq -r '.stages[] | select(.stage == "initramfs").key')
expect "stages with their keys" "$key on" \
	"$(jq -r '.predicate.buildDefinition.internalParameters.stages[] |
		select(.name == "initramfs") | "\(.action) \(.sandbox)"' out/provenance.intoto.json)"

# The kernel: its version, its options, and the sources that are in it.
cdx()
{
	jq -r ".components[] | select(.[\"bom-ref\"] == \"kernel\") | $1" out/sbom.cdx.json
}
expect "the kernel's version" "$(grep -o 'Linux 6[0-9.]*' run.txt | head -n 1)" \
	"Linux $(cdx .version)"
expect "its licence" "GPL-2.0-only WITH Linux-syscall-note" "$(cdx '.licenses[0].expression')"
expect "that of an application, from the recipe" GPL-3.0-or-later "$(jq -r \
	'.packages[] | select(.name == "hello" and .versionInfo).licenseDeclared' out/sbom.spdx.json)"
expect "an option that hello.toml asks for" y \
	"$(cdx '.properties[] | select(.name == "linux:CONFIG_PRINTK").value')"
expect "sources that are compiled" "init/main.c" \
	"$(cdx '.components[] | select(.name == "init/main.c").name')"
expect "and none that is not" "" "$(cdx '.components[].name' | grep '^sound/')"
n=$(cdx '.components | length')
check "a few hundred of them ($n)" test "$n" -gt 200
expect "as many in SPDX" "$n" \
	"$(jq '[.files[] | select(.fileName | startswith("./linux/"))] | length' out/sbom.spdx.json)"
main=$(find "$MSMV_STORE"/scratch/*/src/init/main.c | while read -r f; do
	grep -qx "VERSION = 6" "${f%/init/main.c}/Makefile" && sha256sum "$f"
done | cut -d' ' -f1)
check "with their digests" sh -c 'echo "$0" | grep -q "$1"' "$main" "$(cdx \
	'.components[] | select(.name == "init/main.c").hashes[] | select(.alg == "SHA-256").content')"
expect "who is built against whom" "musl" \
	"$(jq -r '.dependencies[] | select(.ref == "hello").dependsOn[]' out/sbom.cdx.json)"

# The same run says the same.
cp -r out before
run_recipe "again" "$top_srcdir/recipes/hello.toml" -o out --attest
expect "the same materials" "$(jq 'del(.metadata.timestamp)' before/sbom.cdx.json | sha256sum)" \
	"$(jq 'del(.metadata.timestamp)' out/sbom.cdx.json | sha256sum)"
SOURCE_DATE_EPOCH=315532800 msmv run "$top_srcdir/recipes/hello.toml" -o out --attest >/dev/null
expect "at a time that is given" 1980-01-01T00:00:00Z "$(jq -r .metadata.timestamp out/sbom.cdx.json)"
finish
