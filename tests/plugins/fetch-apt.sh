#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# fetch-apt: first on an archive made here, which can be broken at will, then on the
# machine's real one.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
requires apt-get apt
requires dpkg-deb dpkg
requires sha256sum coreutils

sum()
{
	sha256sum "$1" | cut -d' ' -f1
}

recipe()
{
	printf '[stage.x]\nplugin = "fetch-apt"\n' >r.toml
	printf '%s\n' "$@" >>r.toml
}

# again LINE...: the recipe with these options, on the store as it is.
again()
{
	recipe "$@"
	rm -rf out
	msmv run r.toml >"$T/said" 2>&1
	said=$?
	cat "$T/said"
	return "$said"
}

get()
{
	rm -rf "$MSMV_STORE"
	again "$@"
}

# got FILE NAME LINE...: the recipe gives NAME with FILE's bytes.
got()
{
	want=$1
	out=$2
	shift 2
	again "$@" && cmp "$want" "out/$out"
}

# ---- An archive -------------------------------------------------------

repo=$T/repo
mkdir -p "$repo"
# A file: archive is on this machine, so stages have to be let see it.
printf '[sandbox]\nread = %s\n' "$repo" >"$T/msmv.conf"
MSMV_CONF=$T/msmv.conf
export MSMV_CONF

# package NAME VERSION DEPENDS [FILE...]: a .deb that carries the files under usr/src.
package()
{
	d=$T/deb
	rm -rf "$d"
	mkdir -p "$d/DEBIAN" "$d/usr/share/doc/$1"
	echo "about $1" >"$d/usr/share/doc/$1/copyright"
	{
		echo "Package: $1"
		echo "Version: $2"
		echo "Architecture: all"
		echo "Maintainer: Nobody <nobody@localhost>"
		[ -z "$3" ] || echo "Depends: $3"
		echo "Description: made by a test"
	} >"$d/DEBIAN/control"
	deb=$repo/$1_$2.deb
	control=$d/DEBIAN/control
	shift 3
	for f; do
		mkdir -p "$d/usr/src"
		cp "$f" "$d/usr/src/"
	done
	dpkg-deb --root-owner-group --build "$d" "$deb" >/dev/null
	{
		cat "$control"
		echo "Filename: ./$(basename "$deb")"
		echo "Size: $(stat -c %s "$deb")"
		echo "SHA256: $(sum "$deb")"
		echo
	} >>"$repo/Packages"
}

# source_package NAME VERSION FILE...: its entry in the list of sources.
source_package()
{
	{
		echo "Package: $1"
		echo "Binary: lib$1-bin, $1-tools"
		echo "Version: $2"
		echo "Format: 3.0 (quilt)"
		echo "Directory: ."
		echo "Checksums-Sha256:"
		shift 2
		for f; do
			echo " $(sum "$repo/$f") $(stat -c %s "$repo/$f") $f"
		done
		echo
	} >>"$repo/Sources"
}

tarball()
{
	mkdir -p "$2-src"
	head -c "$3" /dev/urandom >"$2-src/data"
	tar -cJf "$1" "$2-src"
}

tarball kern-9.1.tar.xz kern 300000
tarball kern-9.0.tar.xz old 1000
tarball extra.tar.gz extra 1000
tarball "$repo/good_1.0.orig.tar.gz" good 5000
tarball "$repo/good_1.0.orig-docs.tar.gz" docs 5000
tarball "$repo/good_1.0-2.debian.tar.xz" patches 500
tarball "$repo/own_3.tar.xz" own 5000
echo signature >"$repo/good_1.0.orig.tar.gz.asc"
echo dsc >"$repo/good_1.0-2.dsc"
echo dsc >"$repo/own_3.dsc"
package kern-9.1 9.1-3 "libthing, other | more" kern-9.1.tar.xz
package kern-9.1 9.1-2 "" kern-9.0.tar.xz
package kern 9.1-3 "kern-9.1 (= 9.1-3)"
package kern-open 1 "kern-9.1 | nothing"
package chain 1 "kern-open"
package two 1 "" kern-9.1.tar.xz extra.tar.gz
package plain 1 "" r.toml 2>/dev/null || { : >r.toml; package plain 1 "" r.toml; }
package circle 1 "circle2"
package circle2 1 "circle"
source_package good 1.0-2 good_1.0-2.dsc good_1.0.orig.tar.gz good_1.0.orig.tar.gz.asc \
	good_1.0.orig-docs.tar.gz good_1.0-2.debian.tar.xz
source_package own 3 own_3.dsc own_3.tar.xz

cat >line.list <<EOF
# a comment, then an entry
deb [trusted=yes] file:$repo ./
deb-src [trusted=yes] file:$repo ./
EOF
cat >para.sources <<EOF
# deb822
Enabled: no
Types: deb
URIs: file:/does/not/exist
Suites: ./

Types: deb
URIs: file:$repo
Suites: ./
Trusted: yes
EOF
echo "deb file:$repo ./" >unsigned.list
local='sources = "line.list"'

# ---- apt: -------------------------------------------------------------

check "the tarball of a package" got kern-9.1.tar.xz kern-9.1.tar.xz \
	'url = "apt:kern-9.1"' "$local"
check "its name and version are shown" grep -q 'kern-9.1 9.1-3, 0.3 MB' "$T/said"
expect "a second time it is there already" cached "$(stage_state r.toml x)"
check "the package that a name leads to" got kern-9.1.tar.xz kern-9.1.tar.xz \
	'url = "apt:kern"' "$local"
check "along an open dependency" got kern-9.1.tar.xz kern-9.1.tar.xz \
	'url = "apt:chain"' "$local"
check "an older version" got kern-9.0.tar.xz kern-9.0.tar.xz \
	'url = "apt:kern-9.1=9.1-2"' "$local"
check "the same by an option" got kern-9.0.tar.xz kern-9.0.tar.xz \
	'url = "apt:kern-9.1"' 'version = "9.1-2"' "$local"
check "the tarball named like the package" got kern-9.1.tar.xz kern-9.1.tar.xz \
	'url = "apt:kern-9.1"' 'sources = "para.sources"'
check "the next url when the first has nothing" got kern-9.1.tar.xz kern-9.1.tar.xz \
	'url = ["apt:nothing", "apt:kern"]' "$local"
check "the right sum" got kern-9.1.tar.xz kern-9.1.tar.xz 'url = "apt:kern"' "$local" \
	"sha256 = \"$(sum kern-9.1.tar.xz)\""
refuse "a wrong sum" "got $(sum kern-9.1.tar.xz)" again 'url = "apt:kern"' "$local" \
	"sha256 = \"$(sum line.list)\""
refuse "a name with a slip" "did you mean kern" again 'url = "apt:kerm"' "$local"
refuse "a version that never was" "no package kern=7" again 'url = "apt:kern=7"' "$local"
refuse "an ordinary package" "carries no usr/src" again 'url = "apt:plain"' "$local"
refuse "packages that lead in a circle" "circle, circle2" again 'url = "apt:circle"' "$local"
refuse "two tarballs, none of its name" "several tarballs" again 'url = "apt:two"' "$local"
refuse "an unsigned archive" "could not be brought up to date" \
	again 'url = "apt:kern"' 'sources = "unsigned.list"'
refuse "a bad name" "^[^ ]*.toml:[0-9]*:[0-9]*: error: .*small letters" again 'url = "apt:-o"' "$local"
refuse "no name" "small letters" again 'url = "apt:"' "$local"
refuse "another scheme" "apt:PACKAGE and apt-src:SOURCE" again 'url = "http://x/y"' "$local"

# ---- apt-src: ---------------------------------------------------------

check "the upstream tarball" got "$repo/good_1.0.orig.tar.gz" good_1.0.orig.tar.gz \
	'url = "apt-src:good"' "$local"
check "its version is shown" grep -q 'good 1.0-2' "$T/said"
check "that of a native package" got "$repo/own_3.tar.xz" own_3.tar.xz \
	'url = "apt-src:own"' "$local"
refuse "a source name with a slip" "did you mean good" again 'url = "apt-src:goof"' "$local"
refuse "a binary's name" "apt-src:good" again 'url = "apt-src:good-tools"' "$local"

# ---- A lock -----------------------------------------------------------

recipe 'url = "apt:kern-open"' "$local"
rm -rf "$MSMV_STORE"
check "msmv lock" msmv lock r.toml
expect "has what the url stood for" 'exact = "apt:kern-9.1=9.1-3"' "$(grep exact r.toml.lock)"
package kern-9.1 9.1-9 "" kern-9.0.tar.xz
rm -rf "$MSMV_STORE" out
check "when the archive has a newer one" msmv run r.toml --locked
check "it is the locked one still" cmp kern-9.1.tar.xz out/kern-9.1.tar.xz
rm r.toml.lock
refuse "exact without a sum" "needs the sha256 that goes with it" \
	again 'url = "apt:kern"' 'exact = "apt:kern-9.1=9.1-3"' "$local"

# ---- A damaged archive ------------------------------------------------

printf x | dd of="$repo/kern-9.1_9.1-3.deb" bs=1 seek=5000 conv=notrunc 2>/dev/null
refuse "a package that is not what the list says" "cannot be fetched" \
	get 'url = "apt:kern"' "$local"
fails "is no output" test -e out/kern-9.1.tar.xz
rm "$repo/good_1.0.orig.tar.gz"
refuse "a file that the archive lost" "cannot be fetched" get 'url = "apt-src:good"' "$local"

# ---- The machine's archive --------------------------------------------

touch "$T/before"
check "real: an upstream tarball" get 'url = "apt-src:hello"'
check "real: is what it says" sh -c 'tar -tf out/hello_*.orig.tar.gz | grep -q /configure'
expect "real: then it is there already" cached "$(stage_state r.toml x)"
again 'url = "apt-src:hello"' 'version = "0.0"' >/dev/null 2>&1
check "real: no such version" grep -q 'no source package hello=0.0' "$T/said"
check "real: a package with a tarball" again 'url = "apt:newlib-source"'
check "real: is what it says, too" sh -c 'tar -tf out/newlib-*.tar.* | grep -q /configure'
refuse "real: a source package of another name" "apt-src:glibc" again 'url = "apt-src:libc6"'
expect "real: the machine's lists and caches are as before" "" \
	"$(find /var/lib/apt /var/cache/apt -newer "$T/before" 2>/dev/null)"
refuse "real: no network" "could not be brought up to date\|cannot be fetched" \
	get 'url = "apt-src:hello"' 'proxy = "http://127.0.0.1:1"'
expect "real: leaves no output" "" "$(ls out 2>/dev/null)"

# Without any rights. The build may be in a folder that others cannot enter, so what runs
# is a copy of it.
as_nobody()
{
	mkdir -p "$T/pub" &&
		cp "$top_builddir"/core/msmv "$top_builddir"/core/msmv-worker \
			"$top_builddir"/core/msmv-unpack \
			"$top_builddir"/plugins/fetch-apt/.libs/fetch-apt.so "$T/pub/" || return 1
	chmod -R a+rwX "$T" 2>/dev/null
	MSMV_WORKER=$T/pub/msmv-worker MSMV_BUILTIN_PLUGINS=$T/pub \
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		"$T/pub/msmv" "$@"
}
if [ "$(id -u)" = 0 ]; then
	rm -rf "$MSMV_STORE" out
	recipe 'url = "apt-src:hello"'
	check "real: as nobody" as_nobody run r.toml
fi
finish
