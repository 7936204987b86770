#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Recipes as files: in YAML, made of several, and never of what lies outside.
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"

# planned RECIPE: all that a plan says but the recipe's own name.
planned()
{
	msmv plan --json "$1" | grep -v '^  "recipe":'
}

cat >t.toml <<'END'
[general]
name = "t"
target_arch = "x86_64"
[kernel]
version = "6.1.2"
profiles = ["base", "microvm"]
options = { SMP = "n", NR_CPUS = 4, NET = true, CMDLINE = "a b" }
[applications.hello]
url = ["https://example.org/hello.tar.gz", "https://example.com/hello.tar.gz"]
output_executable_path = "/bin/hello -v"
[init]
log = "info"
[boot.network]
ip_address = "10.0.2.15/24"
[run]
memory = "64M"
timeout = 60
END
cat >t.yaml <<'END'
general:
  name: t
  target_arch: x86_64
kernel:
  version: 6.1.2
  profiles: [base, microvm]
  options:
    SMP: n
    NR_CPUS: 4
    NET: true
    CMDLINE: a b
applications:
  hello:
    url:
      - https://example.org/hello.tar.gz
      - https://example.com/hello.tar.gz
    output_executable_path: /bin/hello -v
init:
  log: >-
    info
boot: {network: {ip_address: 10.0.2.15/24}}
run: {memory: 64M, timeout: 60}
END
check "TOML plans" msmv plan t.toml
expect "the same in YAML: stages, options, edges, keys" "$(planned t.toml)" "$(planned t.yaml)"
expect "and keys there are" 1 "$(planned t.yaml | grep -c '"key": "[0-9a-f]\{64\}"' |
	sed 's/[1-9][0-9]*/1/')"

cat >bad.yaml <<'END'
kernel:
  version: 6.1.2
  verison: 6.1.2
END
refuse "a place in YAML" '^bad.yaml:3:3: error: \[kernel\] has no key verison' msmv plan bad.yaml

mkdir -p sub
cat >main.yaml <<'END'
include: [sub/machine.toml]
kernel: {version: 6.1.2, profiles: [base, microvm]}
END
cat >sub/machine.toml <<'END'
include = "apps.yaml"
[general]
name = "t"
target_arch = "x86_64"
[kernel]
version = "5.0"
options = { SMP = "n", NR_CPUS = 4, NET = true, CMDLINE = "a b" }
[boot.network]
ip_address = "10.0.2.15/24"
[run]
memory = "64M"
timeout = 60
END
cat >sub/apps.yaml <<'END'
applications:
  hello:
    url: [https://example.org/hello.tar.gz, https://example.com/hello.tar.gz]
    output_executable_path: /bin/hello -v
init: {"log": 'info'}
END
# sets of keys: sections of an included file come first, so stages have another order.
expect "several files are one recipe" \
	"$(planned t.toml | grep -e '"key"' -e '"stage"' | LC_ALL=C sort)" \
	"$(planned main.yaml | grep -e '"key"' -e '"stage"' | LC_ALL=C sort)"
echo 'kernel.verison = "1"' >>sub/machine.toml
sed -i 's/kernel.verison/verison/' sub/machine.toml
refuse "a place in an included file" '^sub/machine.toml:13:1: error: \[run\] has no key verison' \
	msmv plan main.yaml

# ---- Nothing outside ----------------------------------------------------
echo secret >"$T/secret"
ln -s "$T" way
paths()
{
	printf '[general]\nname = "t"\ntarget_arch = "x86_64"\n[stage.s]\nplugin = "fetch-http"\npath = "%s"\n' \
		"$1" >paths.toml
}
for path in ../secret "$T/secret" way/secret sub/../../secret; do
	paths "$path"
	refuse "no path to $path" "^paths.toml:6:8: error: .*outside the recipe's folder" \
		msmv plan paths.toml
	cat >url.toml <<END
general = { name = "t", target_arch = "x86_64" }
kernel.version = "6.1.2"
applications.a = { url = "$path", output_executable_path = "/bin/a" }
END
	refuse "no url $path" "^url.toml:3:26: error: .*outside the recipe's folder" \
		msmv plan url.toml
	echo "include = '$path'" >inc.toml
	refuse "no include of $path" "^inc.toml:1:11: error: .*outside the recipe's folder" \
		msmv plan inc.toml
done
echo inside >sub/inside
ln -s sub/inside link
paths link
check "a link that stays inside" msmv plan paths.toml
echo x >"sub/a b"
for url in "$PWD/sub/inside" "$PWD/sub/a%20b"; do
	sed "s#^path = .*#url = 'file://$url'#" paths.toml >fileurl.toml
	check "a file: url inside: ${url##*/}" msmv plan fileurl.toml
done
for url in "$T/secret" "$PWD/../secret" "$PWD/way/secret" "$PWD/%2e./secret" "$T/none"; do
	sed "s#^path = .*#url = ['http://x.invalid/', 'file://$url']#" paths.toml >fileurl.toml
	refuse "a file: url outside: ${url#"$T"}" \
		"^fileurl.toml:6:29: error: .*outside the recipe's folder" msmv plan fileurl.toml
done
for url in "file://localhost$T/secret" "FILE://$T/secret" "File://LocalHost$T/secret"; do
	sed "s#^path = .*#url = '$url'#" paths.toml >fileurl.toml
	refuse "however it is spelt: ${url%"$T"*}" \
		"^fileurl.toml:6:7: error: .*outside the recipe's folder" msmv plan fileurl.toml
done
sed "s#^path = .*#url = 'http://x.invalid/'#" paths.toml >fileurl.toml
check "--set may name any url" msmv plan fileurl.toml --set "stage.s.url=file://$T/secret"
mkdir folder
ln -s ../sub/inside folder/good
ln -s /not/there folder/bad
ln -s "$T/secret" folder/worse
cat >folder.toml <<'END'
general = { name = "t", target_arch = "x86_64" }
kernel.version = "6.1.2"
[init]
source = "folder"
[applications.a]
url = "https://example.org/a.tar.gz"
output_executable_path = "/bin/a"
patches = ["folder"]
END
for link in bad worse; do
	refuse "no link $link to the outside in a folder of patches" \
		"^folder.toml:8:12: error: \[applications.a\] patches: the link folder/$link leads" \
		msmv plan folder.toml
	refuse "nor in init's source" \
		"^folder.toml:4:10: error: \[init\] source: the link folder/$link leads outside" \
		msmv plan folder.toml
done
fails "a link in a folder may stay inside" grep -q folder/good "$T/check.out"
check "--set may name any file" msmv plan paths.toml --set "stage.s.path=$T/secret"
finish
