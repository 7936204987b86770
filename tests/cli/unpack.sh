#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv-unpack against archives that mean harm: nothing appears outside the folder, and
# what is refused leaves nothing in it.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317,SC2012
. "${top_srcdir:?}/tests/lib.sh"
requires perl perl
requires bsdtar libarchive-tools
requires tar tar
requires cpio cpio
requires xz xz-utils
requires zstd zstd
requires lz4 lz4

UNPACK=${top_builddir:?}/core/msmv-unpack

# Members as lines "TYPE NAME [LINK] [MODE]", data in a fifth field; %NN in texts is a
# byte. Types are tar's: 0 file, 1 hard link, 2 link, 3 4 device, 5 folder, 6 fifo,
# L and K GNU long name and link, x and g pax with the text as data.
cat >mktar.pl <<'EOF'
use strict;
my $end = shift @ARGV;
while (my $line = <STDIN>) {
	chomp $line;
	my ($type, $name, $link, $mode, $data) =
		map { my $s = $_ eq '-' ? '' : $_; $s =~ s/%([0-9a-f]{2})/chr hex $1/ge; $s }
		split / /, $line;
	$_ //= '' for $name, $link, $mode, $data;
	my $size = sprintf '%011o', length $data;
	$size = $1 if $data =~ s/^SIZE=(\S+?);//;
	my $h = pack 'a100 a8 a8 a8 a12 a12 a8 a1 a100 a8 a32 a32 a8 a8 a155 a12', $name,
		sprintf('%07o', oct($mode || '644')), '0000000', '0000000', $size, '00000000000',
		' ' x 8, $type, $link, "ustar\00000", '', '', '0000001', '0000003', '', '';
	substr($h, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $h;
	print $h, $data, "\0" x (-length($data) % 512);
}
print "\0" x 1024 if $end;
EOF

mktar()
{
	perl mktar.pl 1 >"$1"
}

# Around the folder: a file that must stay as it is.
ground()
{
	rm -rf "$T/g"
	mkdir -p "$T/g/root/dir" "$T/g/outside"
	echo safe >"$T/g/outside/victim"
	chmod 600 "$T/g/outside/victim"
}

state()
{
	(cd "$T/g" && find outside root/dir -printf '%p %y %m %n %l\n' | sort && cat outside/victim)
	find "$T/g" -maxdepth 2 | sort
}

unpack()
{
	"$UNPACK" "$@" "$T/g/root/dir" "$T/reason"
}

clean_refusal()
{
	ground
	before=$(state)
	unpack "$1" "$2" >"$T/unpack.out" 2>&1 && return 1
	after=$(state)
	[ "$before" = "$after" ] || { printf '%s\n' "$after"; return 1; }
	grep -q -e "$3" "$T/reason" || { cat "$T/reason"; return 1; }
}

# evil NAME TEXT: the archive described on standard input is refused, in both ways.
evil()
{
	mktar "$T/evil.tar"
	rm -f "$T/reason"
	check "$1: refused" clean_refusal --keep "$T/evil.tar" "$2"
	check "$1: refused with --strip" clean_refusal --strip "$T/evil.tar" "$2"
}

# harmless NAME: may be taken or refused, but nothing outside changes.
outside_same()
{
	ground
	before=$(cd "$T/g" && find outside -printf '%p %y %m %n\n' && cat outside/victim)
	unpack --keep "$T/evil.tar" >"$T/unpack.out" 2>&1
	status=$?
	[ "$status" -le 1 ] || return 1
	[ "$before" = "$(cd "$T/g" && find outside -printf '%p %y %m %n\n' && cat outside/victim)" ] ||
		return 1
	[ "$(ls "$T/g")" = "outside
root" ] && [ "$(ls "$T/g/root")" = dir ]
}

harmless()
{
	mktar "$T/evil.tar"
	check "$1: nothing outside changes" outside_same
}

# ---- Paths ------------------------------------------------------------

evil "absolute path" "its path leaves the tree" <<EOF
0 $T/g/outside/new - 644 x
EOF
evil "dot dot" "its path leaves the tree" <<'EOF'
0 good - 644 x
0 ../../outside/new - 644 x
EOF
evil "dot dot in the middle" "its path leaves the tree" <<'EOF'
0 a/../../../outside/victim - 644 x
EOF
evil "dot dot at the end" "its path leaves the tree" <<'EOF'
5 a/.. - 755
EOF
evil "GNU long name" "its path leaves the tree" <<'EOF'
L ././@LongLink - 644 ../../outside/new
0 short - 644 x
EOF
evil "pax path" "its path leaves the tree" <<'EOF'
x pax - 644 26%20path=../../outside/new%0a
0 short - 644 x
EOF
evil "reserved name" "reserved name" <<'EOF'
0 top/.msmv-unpack/x - 644 x
EOF

# ---- Links ------------------------------------------------------------

evil "absolute link" "leaves the tree" <<'EOF'
2 l /etc/passwd
EOF
evil "link out" "leaves the tree" <<'EOF'
5 top - 755
2 top/l ../../outside
EOF
evil "write through a link" "leaves the tree" <<'EOF'
2 l ../../outside
0 l/new - 644 x
EOF
evil "two links that lead out together" "leaves the tree" <<'EOF'
5 a/b - 755
2 a/b/up ../..
2 out a/b/up/../outside
EOF
evil "hard link to a link, at another depth" "leaves the tree" <<'EOF'
5 a/b/c - 755
2 a/b/c/l ../../../x
1 m a/b/c/l
EOF
evil "GNU long link" "leaves the tree" <<'EOF'
K ././@LongLink - 644 ../../outside
2 l x
EOF
evil "hard link out" "leaves the tree" <<'EOF'
1 h ../../outside/victim
0 h - 644 evil
EOF
evil "absolute hard link" "leaves the tree" <<EOF
1 h $T/g/outside/victim
EOF
evil "hard link to nothing" "member h" <<'EOF'
1 h missing
EOF
evil "link and a member below it" "member" <<'EOF'
5 real - 755
2 l real
0 l/x - 644 x
EOF

# What strip takes away counts: top/l stays, but l does not.
printf '5 top - 755\n0 top/f - 644 x\n2 top/l ../f\n' | mktar "$T/evil.tar"
check "a link that only strip leads out: refused" \
	clean_refusal --strip "$T/evil.tar" "leaves the tree"

harmless "file over a link" <<'EOF'
5 d - 755
2 d/l ../d
0 d/l - 644 evil
EOF
harmless "folder becomes a link" <<'EOF'
5 d - 755
2 d .
0 d/x - 644 evil
EOF
harmless "link becomes a folder" <<'EOF'
5 e - 755
2 d e
5 d - 755
0 d/x - 644 evil
EOF
harmless "links in a circle" <<'EOF'
2 a b
2 b a
0 a/x - 644 evil
EOF
harmless "a hard link and data for it" <<'EOF'
0 a - 644 one
1 b a 644 evil
EOF

# ---- Kinds, sizes, ends -----------------------------------------------

for type in 3 4 6; do
	evil "node of type $type" "device or pipe" <<EOF
0 a - 644 x
$type node - 666
EOF
done
evil "size that is no number" "" <<'EOF'
0 a - 644 SIZE=9zzzzzzzzzz;x
EOF
evil "negative size" "" <<'EOF'
0 a - 644 SIZE=%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff;x
EOF
evil "size beyond the end" "" <<'EOF'
0 a - 644 SIZE=00007777777;x
EOF
evil "pax size overflow" "" <<'EOF'
x pax - 644 29%20size=18446744073709551615%0a
0 a - 644 x
EOF
evil "pax length beyond its header" "" <<'EOF'
x pax - 644 999%20path=a%0a
0 a - 644 x
EOF
evil "no member" "empty" </dev/null
: >"$T/evil.tar"
check "an empty file: refused" clean_refusal --keep "$T/evil.tar" ""
head -c 20000 /dev/urandom >"$T/evil.tar"
check "noise: refused" clean_refusal --keep "$T/evil.tar" "Unrecognized"
check "a missing archive: refused" clean_refusal --keep "$T/none.tar" "none.tar"

# ---- What good archives become ----------------------------------------

mkdir -p good/sub
echo one >good/one
echo two >good/sub/two
ln good/one good/sub/hard
ln -s ../one good/sub/soft
printf '#!/bin/sh\n' >good/run
chmod 4755 good/run
mkdir good/closed
chmod 0 good/closed
echo utf >"good/sch$(printf '\303\266')n"
echo nl >"good/new
line"
mkdir one two
cp -a good one/top-1.0
cp -a good/. two

good_tree()
{
	[ "$(cat one)" = one ] && [ "$(cat sub/two)" = two ] && [ "$(cat sub/soft)" = one ] &&
		[ "$(stat -c %a run)" = 755 ] && [ "$(stat -c %h one)" = "$1" ] &&
		[ "$(stat -c %a closed)" = 700 ] && [ "$(find . | wc -l)" = "$(find "$T/w/good" | wc -l)" ] &&
		[ "$(cat sch*n)" = utf ]
}

takes()
{
	ground
	unpack "$1" "$2" || return 1
	(cd "$T/g/root/dir" && good_tree "$3") || { ls -laR "$T/g/root/dir"; return 1; }
	[ "$(ls -A "$T/g/root")" = dir ]
}

tar -C one -cf good.tar top-1.0
for form in gnu ustar pax v7; do
	tar -C one --format="$form" -cf "good-$form.tar" top-1.0
	check "tar, $form" takes --strip "good-$form.tar" 2
done
bsdtar -C one --format=pax -cf bsd.tar top-1.0
check "tar of bsdtar" takes --strip bsd.tar 2
gzip -k good.tar
bzip2 -k good.tar
xz -k good.tar
zstd -q -k good.tar
lz4 -q good.tar good.tar.lz4
for z in gz bz2 xz zst lz4; do
	check "tar.$z" takes --strip "good.tar.$z" 2
done
(cd one && find top-1.0 -print0 | sort -z | cpio -0 -o -H newc 2>/dev/null) >good.cpio
check "cpio" takes --strip good.cpio 2
bsdtar -C one --format=zip -cf good.zip top-1.0
check "zip" takes --strip good.zip 1
tar -C two -cf flat.tar .
check "no top folder: --strip leaves it as it is" takes --strip flat.tar 2

ground
check "--keep" unpack --keep good.tar
expect "keeps the top folder" top-1.0 "$(ls -A "$T/g/root/dir")"
tar -C one -rf two-tops.tar top-1.0 -C "$T/w" good/one
ground
check "two top folders" unpack --strip two-tops.tar
expect "stay" "good top-1.0" "$(ls "$T/g/root/dir" | tr '\n' ' ' | sed 's/ $//')"
printf '0 a - 644 first\n0 a - 644 second\n' | mktar "$T/evil.tar"
ground
check "the same file twice" unpack --keep "$T/evil.tar"
expect "the last counts" second "$(cat "$T/g/root/dir/a")"
printf '0 a - 644 x\n' | perl mktar.pl 1 >"$T/evil.tar"
head -c 1536 /dev/urandom >>"$T/evil.tar"
ground
check "what follows the end is not read" unpack --keep "$T/evil.tar"
expect "only the member is there" a "$(ls -A "$T/g/root/dir")"
truncate -s 100M hole
tar -Scf hole.tar hole
ground
check "a sparse file" unpack --keep hole.tar
expect "has its size" 104857600 "$(stat -c %s "$T/g/root/dir/hole")"

# ---- Cut off ----------------------------------------------------------

# cuts FILE STEP: refused at every length, nothing left; silent but for the first failure.
cuts()
{
	size=$(stat -c %s "$1")
	n=$2
	while [ "$n" -lt "$3" ] && [ "$n" -lt "$size" ]; do
		head -c "$n" "$1" >"$T/cut"
		clean_refusal --strip "$T/cut" "" || { echo "taken at $n of $size"; return 1; }
		n=$((n + $2))
	done
}

# Of a plain tar the members end before the two blocks of zeros.
end=$(perl -0777 -ne 's/\0+\z//; print 512 * int((length() + 511) / 512)' good-ustar.tar)
check "tar cut off at every block" cuts good-ustar.tar 512 "$((end + 1))"
check "tar cut off anywhere" cuts good-ustar.tar 797 "$end"
for z in gz bz2 xz zst lz4; do
	check "tar.$z cut off" cuts "good.tar.$z" 67 "$(stat -c %s "good.tar.$z")"
done
check "zip cut off" cuts good.zip 131 "$(stat -c %s good.zip)"
end=$(grep -abo 'TRAILER!!!' good.cpio | head -n 1 | cut -d: -f1)
check "cpio cut off" cuts good.cpio 211 "$end"
finish
