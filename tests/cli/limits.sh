#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# [limits] in msmv.conf: a stage that takes more of the machine is stopped, and why is said.
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs
MSMV_CONF=$T/w/msmv.conf
export MSMV_CONF

# stage ACT
stage()
{
	cat >r.toml <<-EOF
		[stage.hungry]
		plugin = "trial"
		act = "$1"
		[stage.good]
		plugin = "trial"
		text = "good"
	EOF
}

# limit LINE...
limit()
{
	printf '%s\n' '[limits]' "$@" >msmv.conf
}

stage fill
limit 'disk = 8M'
refuse "disk" "hungry: was stopped: it used [0-9.]* MB of disk, and may use 8.4 MB" \
	msmv run r.toml
expect "nothing of it is left" "" "$(ls "$MSMV_STORE/tmp")"
stage breed
limit 'processes = 12'
refuse "processes" "hungry: \(was stopped: it used [0-9]* processes, and may use 12\|no process after\)" \
	msmv run r.toml
for _ in 1 2 3 4 5 6 7 8 9 10; do
	pgrep -f 'worker serve' >/dev/null || break
	sleep 0.1
done
fails "none of them is left" processes 'msmv-worker serve' "${T##*/}/"
stage grow
limit 'memory = 48M'
refuse "memory" "hungry: \(was stopped: it used [0-9.]* MB of memory, and may use 50.3 MB\|no memory after\)" \
	msmv run r.toml
stage hang
limit 'time = 1'
refuse "time" "hungry: took longer than its limit" msmv run r.toml
refuse "what is asked for this once counts more" "hungry: took longer than its limit" \
	sh -c 'printf "[limits]\ntime = 3600\n" >msmv.conf && "$0" run r.toml --timeout 1' "$MSMV"
printf '%s\n' '[limits]' 'time = 1' '[limits.hungry]' 'time = 3600' >msmv.conf
stage write
sed -i 's/^act.*/sleep_ms = 1500/' r.toml
check "one stage may have more" msmv run r.toml
printf '%s\n' '[limits.other]' 'time = 1' >msmv.conf
check "what another may have is not its matter" msmv run r.toml --set stage.hungry.text=again
limit 'memory = 1G' 'disk = 1G' 'processes = 500'
check "enough is enough" msmv run r.toml --set stage.hungry.text=more

# ---- Wrong settings -----------------------------------------------------

limit 'memory = lots'
refuse "no size" 'msmv.conf:2: \[limits\] memory wants bytes, or a number with K' msmv run r.toml
limit 'time = 1K'
refuse "no number" 'msmv.conf:2: \[limits\] time wants a number from 1, not 1K' msmv run r.toml
limit 'patience = 1'
refuse "no limit" 'msmv.conf:2: \[limits\] has no patience: there are time' msmv run r.toml
limit 'time = 1' 'time = 2'
refuse "twice" 'msmv.conf:3: \[limits\] time is set twice' msmv run r.toml
finish
