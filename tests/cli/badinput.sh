#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# What can be wrong without a kernel: each gives one error that names stage, cause and
# where to look, leaves nothing half made, and the next run goes on from the last good
# stage.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
requires gcc gcc
requires make make
trial=${top_builddir:?}/tests/plugins-src/.libs

# ---- A small application ----------------------------------------------

tab=$(printf '\t')
mkdir app-1
cat >app-1/configure <<'EOF'
#!/bin/sh
echo "checking nothing... done"
EOF
chmod +x app-1/configure
sed "s/^>/$tab/" >app-1/Makefile <<'EOF'
app: app.o
>$(CC) $(CFLAGS) -static -o $@ app.o
app.o: app.c
>$(CC) $(CFLAGS) -c app.c
install: app
>mkdir -p $(DESTDIR)/usr/bin
>cp app $(DESTDIR)/usr/bin/app
EOF
echo 'int main(void) { return 0; }' >app-1/app.c
tar -czf app-1.tar.gz app-1

# recipe FILE ARCHIVE [LINE...]: lines are the source stage's own.
recipe()
{
	{
		printf '[stage.source]\nplugin = "fetch-http"\n%s\n' "$2"
		printf '[stage.build]\nplugin = "autotools-app"\n'
		printf 'output_executable_path = "/usr/bin/app"\ninputs = { source = "source:file" }\n'
	} >"$1"
}

# fails_well NAME STAGE CAUSE RECIPE [ARGUMENT...]: one error, exit status 1, the log's end
# and its place, and nothing in the output folder or in tmp.
fails_well()
{
	what=$1
	stage=$2
	cause=$3
	shift 3
	exit_code "$what: exit status" 1 msmv run "$@"
	cp "$T/check.out" "$T/said"
	expect "$what: one error" 1 "$(grep -c '^error: ' "$T/said")"
	check "$what: it names stage and cause" grep -q "error: $stage: $cause" "$T/said"
	check "$what: the log's end is shown" grep -q '^    | ' "$T/said"
	log=$(sed -n 's/^  whole log: //p' "$T/said")
	check "$what: the log is where it says" test -s "$log"
	check "$what: msmv log shows it" sh -c '"$0" log "$1" "$2" | cmp - "$3"' "$MSMV" "$1" \
		"$stage" "$log"
	expect "$what: nothing in the output folder" "" "$(ls -A out 2>/dev/null)"
	expect "$what: nothing in tmp" "" "$(ls -A "$MSMV_STORE/tmp")"
}

# ---- The recipe -------------------------------------------------------

printf '[stage.a]\nplugin = "autotols-app"\n' >r.toml
refuse "an unknown plugin: place" '^r.toml:2:10: error: .*no plugin autotols-app' msmv run r.toml
cp "$T/check.out" "$T/said"
check "an unknown plugin: suggestion" grep -q 'did you mean.*autotools-app' "$T/said"
exit_code "an unknown plugin: exit status" 1 msmv run r.toml
recipe r.toml 'path = "none.tar.gz"'
refuse "a missing file: place" '^r.toml:3:8: error: .*none.tar.gz, which is not there' msmv run r.toml
refuse "a missing recipe" 'none.toml.*No such file' msmv run none.toml
recipe r.toml 'url = "file://'"$PWD"'/nonexistent/app.tar.gz"'
fails_well "a missing url" source ".*/nonexistent/app.tar.gz" r.toml
check "what comes after it is skipped, and why" grep -q '^  skipped  build .*needs source' "$T/said"

# ---- The archive ------------------------------------------------------

zeros=0000000000000000000000000000000000000000000000000000000000000000
recipe r.toml "path = \"app-1.tar.gz\"
sha256 = \"$zeros\""
fails_well "a wrong sum" source ".*app-1.tar.gz is not the promised file" r.toml
check "both sums are named" grep -q "expected $zeros, got $(sha256sum app-1.tar.gz | cut -d' ' -f1)" \
	"$T/said"
sum=$(sha256sum app-1.tar.gz | cut -d' ' -f1)
recipe r.toml "path = \"app-1.tar.gz\"
sha256 = \"$sum\""
check "the right sum goes on" msmv run r.toml
rm -rf out

head -c 200 app-1.tar.gz >cut.tar.gz
recipe cut.toml "url = \"file://$T/w/cut.tar.gz\""
fails_well "a truncated archive" build "cannot unpack what source made: truncated gzip" cut.toml
echo "<html>not found</html>" >cut.tar.gz
fails_well "no archive at all" source ".*" cut.toml
tar -cf cut.tar app-1
head -c 2560 cut.tar >cut.tar.gz
fails_well "a plain tar cut off behind a member" build \
	"cannot unpack what source made: .*" cut.toml
cp app-1.tar.gz cut.tar.gz
check "the whole archive goes on" msmv run cut.toml
rm -rf out

# ---- The compiler -----------------------------------------------------

echo 'int main(void) { return missing; }' >app-1/app.c
tar -czf app-1.tar.gz app-1
recipe r.toml 'path = "app-1.tar.gz"'
fails_well "a compiler error" build ".*app.c:1:25: error: .*missing" r.toml
check "the compiler's own words are in the log's end" grep -q '|.*return missing;' "$T/said"
expect "the source is kept" cached "$(stage_state r.toml source)"
expect "the build is not" run "$(stage_state r.toml build)"
echo 'int main(void) { return 0; }' >app-1/app.c
tar -czf app-1.tar.gz app-1
check "mended it goes on" msmv run r.toml
rm -rf out

# ---- Ctrl-C in the middle of a compile --------------------------------

# A compiler that takes its time: it says so, then sleeps.
mkdir -p bin
cat >bin/slow-cc <<EOF
#!/bin/sh
case " \$* " in *" -c "*) : >"$T/compiling"; sleep 1234 ;; esac
exec gcc "\$@"
EOF
chmod +x bin/slow-cc
export CC="$T/w/bin/slow-cc" MSMV_SANDBOX=off
env --default-signal=INT "$MSMV" run r.toml >"$T/said" 2>&1 &
pid=$!
for _ in $(seq 200); do
	[ -e "$T/compiling" ] && break
	sleep 0.05
done
check "Ctrl-C: the compiler runs" test -e "$T/compiling"
kill -INT "$pid"
wait "$pid"
expect "Ctrl-C: exit status" 130 "$?"
fails "Ctrl-C: no compiler is left" pgrep -f 'sleep 1234'
expect "Ctrl-C: nothing in the output folder" "" "$(ls -A out 2>/dev/null)"
expect "Ctrl-C: nothing in tmp" "" "$(ls -A "$MSMV_STORE/tmp")"
check "Ctrl-C: it says how to go on" grep -q 'run it again' "$T/said"
expect "Ctrl-C: it is no error" 0 "$(grep -c 'error: ' "$T/said")"
printf '#!/bin/sh\nexec gcc "$@"\n' >bin/slow-cc
expect "Ctrl-C: the source is kept" cached "$(stage_state r.toml source)"
check "Ctrl-C: the next run" msmv run r.toml
check "Ctrl-C: makes the output" test -n "$(ls -A out)"
unset CC MSMV_SANDBOX
rm -rf out

# ---- A full disk ------------------------------------------------------

if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=2m tmpfs small 2>/dev/null; then
	at_end "umount $T/w/small"
	MSMV_STORE=$T/w/small/store
	MSMV_PLUGIN_PATH=$trial
	cat >full.toml <<-'EOF'
		[stage.first]
		plugin = "trial"
		text = "fine"
		[stage.big]
		plugin = "trial"
		size = "8M"
		inputs = { in = "first:out" }
	EOF
	fails_well "a full disk, in the stage" big "cannot write the output: disk full" full.toml
	check "the disk has room again" test "$(df --output=avail -k small | tail -n 1)" -gt 1000
	expect "the first stage is kept" cached "$(stage_state full.toml first)"
	# The output fits (its last page in the room of the cached stage's old log, which
	# goes), but nothing of what the engine writes beside it.
	mount -o remount,size=10m small
	head -c $((10 * 1024 * 1024)) /dev/zero >small/ballast 2>/dev/null
	# Three pages more: the users and hosts of the sandbox.
	truncate -s "$(($(stat -c %s small/ballast) - 8388608 - 3 * 4096))" small/ballast
	exit_code "a disk that is just full: exit status" 1 msmv run full.toml
	cp "$T/check.out" "$T/said"
	check "it is said" grep -q "error: big: .*the disk with the store .* is full" "$T/said"
	expect "nothing in the output folder" "" "$(ls -A out 2>/dev/null)"
	rm small/ballast
	mount -o remount,size=40m small
	check "with more room it goes on" msmv run full.toml
	cp "$T/check.out" "$T/said"
	check "the first stage did not run again" grep -q '^  cached   first' "$T/said"
	# Before any stage, plugins are asked what their stages depend on.
	echo text >note
	printf '[stage.asked]\nplugin = "fetch-http"\nurl = "file://%s"\n' "$PWD/note" >asked.toml
	head -c $((64 * 1024 * 1024)) /dev/zero >small/ballast 2>/dev/null
	refuse "a full disk, before any stage" \
		'error: asked: the disk with the store .* is full: make room' msmv run asked.toml
	rm small/ballast
	# The output folder is on a full disk.
	mkdir tiny
	mount -t tmpfs -o size=1m tmpfs tiny
	at_end "umount $T/w/tiny"
	refuse "a full output folder" 'tiny/trial.txt.*No space left' msmv run full.toml -o tiny
	expect "no half of an image" "" "$(find tiny -type f -size +0)"
elif [ "$(id -u)" = 0 ]; then
	not_ok "a full disk: no tmpfs can be mounted"
else
	ok "a full disk # SKIP only root can mount a small one"
fi
finish
