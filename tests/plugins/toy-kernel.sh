# SPDX-License-Identifier: GPL-3.0-only
# shellcheck shell=sh
# Sourced by kconfig.sh and kbuild.sh: makes toy.tar.gz, sources that are configured and built
# the way Linux is, in a second. Its configuration program drops silently what it cannot give.
mkdir -p toy/linux-toy/scripts/kconfig toy/linux-toy/net toy/linux-toy/arch/x86
: >toy/linux-toy/scripts/kconfig/Makefile

cat >toy/linux-toy/Kconfig <<'EOF'
mainmenu "Toy"

config 64BIT
	bool "64 bits"

menu "General"

config EXPERT
	bool "Expert" # not for everybody

config NET
	bool "Networking"
	help
	  A text that is not read:

	  config NET_GHOST
	    bool "never"

if NET
source "net/Kconfig"
endif
endmenu

choice
	prompt "Packer"

config PACK_A
	bool "a"
config PACK_B
	bool "b"
endchoice

config HIDDEN
	bool
	default y if EXPERT

config CORE
	bool "Core" if EXPERT

config FORCED
	bool "Forced"

config SHIFT
	int "Shift"
	range 1 20
	default 4

config BASE
	hex "Base"

config TITLE
	string "Title"

source "arch/$(SRCARCH)/Kconfig"
EOF

cat >toy/linux-toy/net/Kconfig <<'EOF'
config UNIX
	tristate "Unix"
	depends on EXPERT && \
		(CORE || SHIFT > 9)
EOF

cat >toy/linux-toy/arch/x86/Kconfig <<'EOF'
config X86
	def_bool y
	select FORCED if 64BIT
EOF

cat >toy/linux-toy/scripts/conf.awk <<'EOF'
function ask(name) { return (name in asked) ? asked[name] : "" }
function yes(name) { return value[name] == "y" }
function set(name, text) { value[name] = text; order[++count] = name }
function tristate(name) { set(name, ask(name) ~ /^[ym]$/ ? ask(name) : "n") }
/^# CONFIG_.* is not set$/ { asked[substr($2, 8)] = "n" }
/^CONFIG_/ { eq = index($0, "="); asked[substr($0, 8, eq - 8)] = substr($0, eq + 1) }
END {
	tristate("64BIT"); tristate("EXPERT"); tristate("NET")
	set("CORE", yes("EXPERT") ? (ask("CORE") == "y" ? "y" : "n") : "y")
	n = ask("SHIFT") == "" ? 4 : ask("SHIFT") + 0
	set("SHIFT", n < 1 ? 1 : n > 20 ? 20 : n)
	if (yes("NET") && yes("EXPERT") && (yes("CORE") || value["SHIFT"] > 9))
		tristate("UNIX")
	set("PACK_A", ask("PACK_B") == "y" ? "n" : "y")
	set("PACK_B", ask("PACK_B") == "y" ? "y" : "n")
	if (yes("EXPERT"))
		set("HIDDEN", "y")
	set("FORCED", yes("64BIT") ? "y" : ask("FORCED") == "y" ? "y" : "n")
	set("BASE", ask("BASE") == "" ? "0x10" : ask("BASE"))
	set("TITLE", ask("TITLE") == "" ? "\"\"" : ask("TITLE"))
	set("X86", "y")
	for (i = 1; i <= count; i++)
		if (value[order[i]] == "n")
			print "# CONFIG_" order[i] " is not set"
		else
			print "CONFIG_" order[i] "=" value[order[i]]
}
EOF

# Each object depends on the options that it names, by a file per option as in Linux.
cat >toy/linux-toy/Makefile <<'EOF'
VERSION = 9
PATCHLEVEL = 8
SUBLEVEL = 7
src := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
O ?= .
CC = toy-must-be-given-a-compiler
conf = awk -f $(src)/scripts/conf.awk
flags = -O2 -fno-pie -ffreestanding $(KCFLAGS) -I$(O)

allnoconfig:
	@mkdir -p $(O)
	@cat $(if $(KCONFIG_ALLCONFIG),$(KCONFIG_ALLCONFIG),/dev/null) | $(conf) >$(O)/.config
tinyconfig:
	@mkdir -p $(O)
	@echo CONFIG_EXPERT=y | $(conf) >$(O)/.config
olddefconfig:
	@$(conf) $(O)/.config >$(O)/.config.tmp
	@mv $(O)/.config.tmp $(O)/.config

$(O)/opt-%: $(O)/.config
	@grep -w 'CONFIG_$*' $< >$@.tmp || :
	@cmp -s $@.tmp $@ || mv $@.tmp $@
$(O)/main.o: $(src)/main.c $(O)/opt-SHIFT
	@echo "  CC      main.o"
	@$(CC) $(flags) -DSHIFT=$(shell sed -n s/CONFIG_SHIFT=//p $(O)/.config) -c -o $@ $<
	@echo 'cmd' >$(O)/.main.o.cmd
$(O)/net.o: $(src)/net.c $(O)/opt-NET
	@echo "  CC      net/net.o"
	@$(CC) $(flags) $(if $(shell grep CONFIG_NET=y $(O)/.config),-DNET) -c -o $@ $<
	@echo 'cmd' >$(O)/.net.o.cmd
$(O)/version.o: $(src)/version.c
	@echo "  CC      version.o"
	@$(CC) $(flags) -DWHEN='"$(KBUILD_BUILD_TIMESTAMP)"' -DWHO='"$(KBUILD_BUILD_USER)@$(KBUILD_BUILD_HOST)"' -c -o $@ $<
$(O)/vmlinux: $(O)/main.o $(O)/net.o $(O)/version.o
	@echo "  LD      vmlinux"
	@$(LD) -static --build-id=none -o $@ $^
bzImage: $(O)/vmlinux
	@mkdir -p $(O)/arch/x86/boot
	@echo "  OBJCOPY arch/x86/boot/bzImage"
	@objcopy -S -R .comment $< $(O)/arch/x86/boot/bzImage
.PHONY: bzImage
EOF

cat >toy/linux-toy/main.c <<'EOF'
int net(void);
/* A long run of zeros inside the data, and one at its end. */
int far[1 << 18] = { SHIFT, [1 << 17] = 7 };
__asm__(".pushsection .note.Xen,\"a\",@note\n.long 4, 8, 18\n.asciz \"Xen\"\n"
	".quad _start\n.popsection");
void _start(void) { far[1] = net(); }
EOF
cat >toy/linux-toy/net.c <<'EOF'
#ifdef NET
int net(void) { return 1; }
#else
int net(void) { return 0; }
#endif
EOF
echo 'const char version[] = "toy " WHEN " " WHO;' >toy/linux-toy/version.c
tar -C toy -czf toy.tar.gz linux-toy
