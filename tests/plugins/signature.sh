#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# OpenPGP signatures of fetched files: who signed, what was signed, and what a person is
# told when it does not hold. Keys are made here and are gone with the test.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
. "${top_srcdir:?}/tests/lib.sh"
requires gpg gnupg
requires gpgv gpgv
requires xz xz-utils
requires zstd zstd

hostile=${top_builddir:?}/tests/tools/hostile-http
export GNUPGHOME="$T/gnupg"
mkdir -m 700 "$GNUPGHOME"
stop()
{
	kill "${hostile_pid:-}" 2>/dev/null
	gpgconf --kill all 2>/dev/null
}
at_end stop

# key NAME [EXPIRES]: a signing key; one that expires is from 2020.
key()
{
	set -- "$1" "${2:-never}" ${2:+--faked-system-time} ${2:+20200101T000000}
	name=$1 expires=$2
	shift 2
	gpg -q --batch --passphrase '' "$@" --quick-gen-key "$name <$name@example>" ed25519 sign \
		"$expires" 2>/dev/null && gpg --export "$name@example" >"$name.gpg"
}

# sign NAME FILE SIGNATURE [OPTION...]
sign()
{
	who=$1 file=$2 out=$3
	shift 3
	gpg -q --batch --yes --pinentry-mode loopback "$@" -u "$who@example" -o "$out" -b "$file" \
		2>/dev/null
}

key alice && key bob && key mallory && key old 20200201T000000 || exit 1
gpg --armor --export alice@example >alice.asc
gpg --armor --export bob@example >bob.asc
print_of()
{
	gpg --with-colons --list-keys "$1@example" | awk -F: '$1 == "fpr" { print $10; exit }'
}
head -c 300000 /dev/urandom >f.tar
cp f.tar f.bin
sign alice f.bin f.bin.sig
sign alice f.bin f.bin.asc --armor
sign mallory f.bin mallory.sig
sign old f.bin old.sig --faked-system-time 20200110T000000!
cat mallory.sig f.bin.sig >two.sig
cat old.sig mallory.sig >neither.sig
"$hostile" "$T/good" "$T/other" >"$T/hostile.log" &
hostile_pid=$!
while [ ! -s "$T/hostile.log" ]; do
	kill -0 "$hostile_pid" || exit 1
	sleep 0.1
done
H=http://127.0.0.1:$(head -n 1 "$T/hostile.log")
sign alice "$T/good" good.sig

# get LINE...: the recipe with these options, on an empty store.
get()
{
	printf '[stage.x]\nplugin = "fetch-http"\n' >r.toml
	printf '%s\n' "$@" >>r.toml
	rm -rf out "$MSMV_STORE"
	msmv run r.toml
}

# signed SIGNATURE KEYRING [URL]
signed()
{
	get "url = \"${3:-file://$PWD/f.bin}\"" "signature = \"file://$PWD/$1\"" "keyring = $2"
}

# ---- What holds -------------------------------------------------------

check "a good signature" signed f.bin.sig '"alice.gpg"'
check "gives the file" cmp f.bin out/f.bin
expect "and nothing else" "f.bin" "$(ls out)"
expect "the result names the signer" "$(print_of alice)" \
	"$(grep -rlx "$(print_of alice)" "$MSMV_STORE/blobs" | head -n 1 | xargs cat)"
check "both of them armored" signed f.bin.asc '"alice.asc"'
check "one keyring of several" signed f.bin.sig '["bob.asc", "alice.gpg"]'
check "a stranger's signature beside a good one" signed two.sig '"alice.gpg"'
check "over http" get "url = \"$H/good\"" "signature = \"file://$PWD/good.sig\"" \
	'keyring = "alice.asc"'
check "a signature beside the recipe" get "url = \"file://$PWD/f.bin\"" \
	'signature_path = "f.bin.sig"' 'keyring = "alice.gpg"'

# ---- What does not ----------------------------------------------------

refuse "a key that is not in the keyring" "which is not in the keyring" \
	signed mallory.sig '"alice.gpg"'
refuse "a key that has expired" "has expired: get its owner's current one" \
	signed old.sig '["alice.gpg", "old.gpg"]'
refuse "an expired and an unknown one" "has expired" signed neither.sig '["alice.gpg", "old.gpg"]'
sign bob f.bin bob.sig
# gpg made the certificate with the key, and spoiled its first line on purpose.
sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$(print_of bob).rev" | gpg -q --batch --import 2>/dev/null
gpg --export bob@example >revoked.gpg
refuse "a key that was revoked" "was revoked by its owner" signed bob.sig '"revoked.gpg"'

cp f.bin changed.bin
printf x | dd of=changed.bin bs=1 seek=1000 conv=notrunc 2>/dev/null
refuse "a file that was changed" "is for other bytes" \
	signed f.bin.sig '"alice.gpg"' "file://$PWD/changed.bin"
check "leaves nothing in the store that passes for it" test ! -e out/changed.bin
check "the next place has the right one" get \
	"url = [\"file://$PWD/changed.bin\", \"file://$PWD/f.bin\"]" \
	"signature = \"file://$PWD/f.bin.sig\"" 'keyring = "alice.gpg"'
cp f.bin.sig changed.sig
printf '\377' | dd of=changed.sig bs=1 seek=100 conv=notrunc 2>/dev/null
refuse "a signature that was changed" "is not proven by its signature" \
	signed changed.sig '"alice.gpg"'
cat f.bin.sig >good-and-bad.sig
sign alice changed.bin more.sig
cat more.sig >>good-and-bad.sig
refuse "a good one and one for other bytes" "is for other bytes" \
	signed good-and-bad.sig '"alice.gpg"'
gpg -q --batch --yes -u alice@example -o inline.sig -s alice.asc
refuse "a signed message of its own" "is not proven by its signature" \
	signed inline.sig '"alice.gpg"'
refuse "a signature that is not there" "f.gone does not exist" signed f.gone '"alice.gpg"'
refuse "no such signature on the server" "nosuch.sig: HTTP 404" get "url = \"$H/good\"" \
	"signature = \"$H/nosuch.sig\"" 'keyring = "alice.gpg"'
expect "costs no download" "" "$(sed -n 's|^/good ||p' "$T/hostile.log" | sed 1d)"
refuse "a web page for a signature" "gave no signature; it is a web page" \
	get "url = \"$H/good\"" "signature = \"$H/page.sig\"" 'keyring = "alice.gpg"'
truncate -s 1M large.sig
refuse "a signature that never ends" "large.sig has more than 262144 bytes" signed large.sig '"alice.gpg"'
refuse "a redirect out of http" "only http and https are followed" \
	get "url = \"$H/good\"" "signature = \"$H/to-file\"" 'keyring = "alice.gpg"'
refuse "the sum counts too" "sha256 expected" get "url = \"file://$PWD/f.bin\"" \
	"sha256 = \"$(printf '%064d' 0)\"" "signature = \"file://$PWD/f.bin.sig\"" \
	'keyring = "alice.gpg"'

# ---- kernel.org's way: the tar is signed, not what it is packed in -----

sign alice f.tar f.tar.sign --armor
for kind in xz gz bz2 zst; do
	case $kind in
	xz) xz -k f.tar ;;
	gz) gzip -k f.tar ;;
	bz2) bzip2 -k f.tar ;;
	zst) zstd -q f.tar ;;
	esac
	check "the signature of what is in .tar.$kind" \
		signed f.tar.sign '"alice.asc"' "file://$PWD/f.tar.$kind"
	check "the file stays packed" cmp "f.tar.$kind" "out/f.tar.$kind"
done
head -c 200000 f.tar.xz >cut.tar.xz
cp f.tar.sign cut.tar.sign
refuse "a damaged one" "cannot be decompressed, which its signature cut.tar.sign needs" \
	signed cut.tar.sign '"alice.asc"' "file://$PWD/cut.tar.xz"
xz -kc changed.bin >changed.tar.xz
cp f.tar.sign changed.tar.sign
refuse "another tar" "(of the uncompressed file): the signature of .* is for other bytes" \
	signed changed.tar.sign '"alice.asc"' "file://$PWD/changed.tar.xz"
sign alice f.tar.xz f.tar.xz.sig
check "the packed file may be what is signed" \
	signed f.tar.xz.sig '"alice.asc"' "file://$PWD/f.tar.xz"

# ---- Before anything is fetched ----------------------------------------

refuse "a signature without keys" "signature without keyring proves nothing" \
	get "url = \"$H/never\"" "signature = \"$H/never.sig\""
refuse "keys without a signature" "keyring without signature checks nothing" \
	get "url = \"$H/never\"" 'keyring = "alice.gpg"'
mkdir gnupg-folder
echo hello >gnupg-folder/x
refuse "a keyring that is a folder" "is no file: name the files" \
	get "url = \"$H/never\"" "signature = \"$H/never.sig\"" 'keyring = "gnupg-folder"'
refuse "a keyring without keys" "holds no public keys" \
	get "url = \"$H/never\"" "signature = \"$H/never.sig\"" 'keyring = "f.bin.asc"'
sed '4s/[A-Z]/x/' alice.asc >typo.asc
refuse "a damaged keyring" "is damaged: its checksum is wrong" \
	get "url = \"$H/never\"" "signature = \"$H/never.sig\"" 'keyring = "typo.asc"'
gpg -q --batch --passphrase '' --pinentry-mode loopback --export-secret-keys alice@example >secret.gpg
refuse "secret keys" "holds a secret key: keep it away" \
	get "url = \"$H/never\"" "signature = \"$H/never.sig\"" 'keyring = "secret.gpg"'
expect "none of these asked the server" "" "$(grep never "$T/hostile.log")"

# ---- In a recipe's sections --------------------------------------------

cat >app.toml <<END
[general]
name = "app"
[kernel]
url = "file://$PWD/f.tar.xz"
signature = "f.tar.sign"
keyring = "alice.asc"
END
check "[kernel] takes a signature beside the recipe" msmv run app.toml --until kernel.source
sed -i 's/^signature.*/signature = "old.sig"/; s/f.tar.xz/f.bin/' app.toml
refuse "and checks it" "which is not in the keyring" msmv run app.toml --until kernel.source
finish
