#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# msmv kconfig on a kernel of four options (tests/plugins-src/fake-kconfig.c).
# shellcheck disable=SC2016
. "${top_srcdir:?}/tests/lib.sh"
requires python3 python3
MSMV_PLUGIN_PATH=$top_builddir/tests/plugins-src/.libs

recipe()
{
	cat >r.toml <<'EOT'
# my kernel
[stage.config]
plugin = "fake-kconfig"

[stage.config.options]   # asked
EOT
	printf '%s\n' "$@" >>r.toml
}

# ---- check ------------------------------------------------------------

recipe 'NET = "y"' 'CORE = "y"'
check "all hold" msmv kconfig check r.toml
check "and it says so" sh -c '"$0" kconfig check r.toml | grep -q "^Linux 9.8.7: 2 options asked, 2 hold$"' "$MSMV"
recipe 'UNIX = "y"' 'X86 = "n"' 'FROB = "y"'
exit_code "what does not hold" 1 msmv kconfig check r.toml
msmv kconfig check r.toml >out.txt 2>err.txt
check "is counted" grep -q '^Linux 9.8.7: 3 options asked, 0 hold$' out.txt
check "with its reason and place" \
	grep -q '^  UNIX: asked y (recipe), got n: it needs NET (NET=n) \[Kconfig:1\]$' out.txt
check "and its repair" grep -q '^      = would hold with NET=y$' out.txt
expect "but not where there is none" 1 "$(grep -c 'would hold' out.txt)"
exit_code "in JSON too" 1 msmv kconfig check r.toml --json
msmv kconfig check r.toml --json >out.json 2>err.txt
check "which is the report" python3 -c 'import json; assert json.load(open("out.json"))["requests"][0]["name"] == "UNIX"'

recipe 'X86 = "y"'
exit_code "a machine that it does not boot on" 1 msmv kconfig check r.toml --machine box
refuse "and what is missing there" '^  CORE=y (n): nobody asked$' \
	msmv kconfig check r.toml --machine box
check "all machines only tell" msmv kconfig check r.toml --machine all
exit_code "the engine still enforces nothing itself" 0 msmv kconfig check r.toml
printf '[stage.a]\nplugin = "trial"\n' >none.toml
refuse "a recipe without a kernel" 'makes no kernel' msmv kconfig check none.toml

cat >two.toml <<'EOT'
[stage.one]
plugin = "fake-kconfig"
[stage.two]
plugin = "fake-kconfig"
EOT
refuse "a recipe of two kernels" 'several kernels (one, two): choose one' \
	msmv kconfig check two.toml

# ---- fix --------------------------------------------------------------

recipe 'UNIX = "y"   # sockets'
cp r.toml before.toml
check "fix --dry-run" msmv kconfig fix r.toml --dry-run
check "writes nothing" cmp r.toml before.toml
chmod 600 r.toml
msmv kconfig fix r.toml >out.txt 2>err.txt
expect "fix finds the repair of the repair" "+ CORE = \"y\" + NET = \"y\"" \
	"$(grep '^+ ' out.txt | sort | tr '\n' ' ' | sed 's/ $//')"
check "then all hold" msmv kconfig check r.toml
check "comments are kept" grep -q '^UNIX = "y"   # sockets$' r.toml
expect "nothing of the recipe is lost" "" "$(diff before.toml r.toml | grep '^<')"
expect "and its mode stays" 600 "$(stat -c %a r.toml)"
check "a second time there is nothing to do" sh -c '"$0" kconfig fix r.toml | grep -q "nothing to fix"' "$MSMV"

recipe 'UNIX = "y"' 'FROB = "y"'
cp r.toml before.toml
refuse "what has no repair is named" 'FROB: asked y (recipe), got n: this kernel has no such option' \
	msmv kconfig fix r.toml
check "and the rest is written" grep -q '^NET = "y"$' r.toml
recipe 'FROB = "y"'
cp r.toml before.toml
fails "no repair at all" msmv kconfig fix r.toml
check "and nothing is written" cmp r.toml before.toml
recipe 'CONFIG_UNIX = "y"' 'CONFIG_NET = "n"' 'CORE = "y"'
cp r.toml before.toml
fails "what the recipe itself does not want" msmv kconfig fix r.toml
check "is not written over" cmp r.toml before.toml
recipe 'X86 = "y"'
check "fix for a machine" msmv kconfig fix r.toml --machine box
check "asks for what it lacks" grep -q '^CORE = "y"$' r.toml
exit_code "not for all of them" 2 msmv kconfig fix r.toml --machine all

# ---- diff -------------------------------------------------------------

printf 'CONFIG_A=y\nCONFIG_S="x"\n# CONFIG_B is not set\n' >one.config
printf 'CONFIG_A=m\nCONFIG_S="x"\nCONFIG_C=7\n' >two.config
exit_code "equal ones" 0 msmv kconfig diff one.config one.config
exit_code "different ones" 1 msmv kconfig diff one.config two.config
expect "sorted, with both values" "A: y -> m
C: n -> 7" "$(msmv kconfig diff one.config two.config)"
msmv kconfig diff two.config one.config --json >out.json
check "for programs" python3 -c 'import json; assert json.load(open("out.json"))[1] == {"name": "C", "a": "7", "b": None}'
recipe 'CORE = "y"'
expect "a recipe and a file" "A: y -> n
CORE: n -> y
S: \"x\" -> n
X86: n -> y" "$(msmv kconfig diff one.config r.toml 2>err.txt)"
exit_code "no .config" 2 msmv kconfig diff one.config "$top_srcdir/tests/lib.sh"
exit_code "no file" 2 msmv kconfig diff one.config nothing
exit_code "a recipe that is none" 2 msmv kconfig diff one.config nothing.toml

# ---- menuconfig -------------------------------------------------------

recipe 'X86 = "y"   # of course'
refuse "without a terminal" 'menuconfig needs a terminal' msmv kconfig menuconfig r.toml
cat >drive.py <<'EOT'
# Types into a terminal: drive.py TEXT COMMAND...; the terminal must be as before.
import os, pty, sys, termios, fcntl, struct, select, time

master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 97, 0, 0))
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.execvp(sys.argv[2], sys.argv[2:])
seen, typed, end = b"", False, time.time() + 120
while time.time() < end:
    ready, _, _ = select.select([master], [], [], 0.2)
    if ready:
        seen += os.read(master, 4096)
    elif os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        break
    if b"menus " in seen and not typed:
        typed = True
        os.write(master, sys.argv[1].encode())
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(seen.decode(errors="replace"))
if termios.tcgetattr(slave) != before:
    sys.exit("the terminal is not as before")
sys.exit(status)
EOT
TERM=xterm python3 drive.py 'CORE=y
LOG=14
end
' "$MSMV" kconfig menuconfig r.toml >out.txt 2>&1
expect "the menus end well" 0 $?
check "they know the kind and the size of the terminal" grep -q 'menus xterm 97x31' out.txt
check "what was changed is written" grep -q '^CORE = "y"$' r.toml
check "a number without quotes" grep -q '^LOG = 14$' r.toml
check "all else is kept" grep -q '^X86 = "y"   # of course$' r.toml
cp r.toml before.toml
check "nothing changed" env TERM=xterm python3 drive.py 'end
' "$MSMV" kconfig menuconfig r.toml
check "nothing written" cmp r.toml before.toml
check "what a person did in the menus is no result for others" \
	sh -c '"$0" kconfig check r.toml --json 2>err.txt | grep -q "\"changed\": \[\]"' "$MSMV"

# ---- Usage ------------------------------------------------------------

refuse "a verb that is none" 'did you mean check' msmv kconfig chek r.toml
exit_code "a word too many" 2 msmv kconfig check r.toml r.toml
exit_code "an option of another verb" 2 msmv kconfig diff one.config two.config --dry-run
finish
