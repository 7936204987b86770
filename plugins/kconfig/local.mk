# SPDX-License-Identifier: GPL-3.0-only
KCONFIG_PROFILES = \
	plugins/kconfig/profiles/acpi.config \
	plugins/kconfig/profiles/base.config \
	plugins/kconfig/profiles/cloud-hypervisor.arm64.config \
	plugins/kconfig/profiles/cloud-hypervisor.x86.config \
	plugins/kconfig/profiles/debug.config \
	plugins/kconfig/profiles/debug.x86.config \
	plugins/kconfig/profiles/disk.config \
	plugins/kconfig/profiles/efi.config \
	plugins/kconfig/profiles/efi.x86.config \
	plugins/kconfig/profiles/fast-boot.config \
	plugins/kconfig/profiles/fast-boot.x86.config \
	plugins/kconfig/profiles/firecracker.arm64.config \
	plugins/kconfig/profiles/firecracker.x86.config \
	plugins/kconfig/profiles/framebuffer.config \
	plugins/kconfig/profiles/framebuffer.x86.config \
	plugins/kconfig/profiles/hardening.arm64.config \
	plugins/kconfig/profiles/hardening.config \
	plugins/kconfig/profiles/hardening.x86.config \
	plugins/kconfig/profiles/initramfs.config \
	plugins/kconfig/profiles/machine.arm64.config \
	plugins/kconfig/profiles/machine.riscv.config \
	plugins/kconfig/profiles/machine.x86.config \
	plugins/kconfig/profiles/microvm.x86.config \
	plugins/kconfig/profiles/net.config \
	plugins/kconfig/profiles/pods.config \
	plugins/kconfig/profiles/q35.x86.config \
	plugins/kconfig/profiles/serial.arm64.config \
	plugins/kconfig/profiles/serial.config \
	plugins/kconfig/profiles/serial.riscv.config \
	plugins/kconfig/profiles/serial.x86.config \
	plugins/kconfig/profiles/size.config \
	plugins/kconfig/profiles/size.x86.config \
	plugins/kconfig/profiles/smp.config \
	plugins/kconfig/profiles/virt.arm64.config \
	plugins/kconfig/profiles/virt.riscv.config \
	plugins/kconfig/profiles/virtio-mmio.config \
	plugins/kconfig/profiles/virtio-mmio.x86.config \
	plugins/kconfig/profiles/virtio-pci.config \
	plugins/kconfig/profiles/vsock.config

plugin_LTLIBRARIES += plugins/kconfig/kconfig.la
plugins_kconfig_kconfig_la_SOURCES = \
	plugins/kconfig/answer.c plugins/kconfig/answer.h \
	plugins/kconfig/contract.c plugins/kconfig/contract.h \
	plugins/kconfig/kconfig.c \
	plugins/kconfig/menu.c plugins/kconfig/menu.h \
	plugins/kconfig/oracle.c plugins/kconfig/oracle.h \
	plugins/kconfig/profile.c plugins/kconfig/profile.h \
	plugins/kconfig/request.c plugins/kconfig/request.h \
	$(KERNEL_SOURCES) $(PROBLEM_SOURCES)
nodist_plugins_kconfig_kconfig_la_SOURCES = \
	plugins/kconfig/profiles.c plugins/kconfig/sources.c
plugins_kconfig_kconfig_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/plugins/kconfig
plugins_kconfig_kconfig_la_CFLAGS = \
	$(MSMV_CFLAGS) $(SANITIZE) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
plugins_kconfig_kconfig_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_kconfig_kconfig_la_LIBADD = $(CRYPTO_LIBS) $(JANSSON_LIBS)

# Compiled where kernels are configured, against the kernel's own objects; see oracle/oracle.h.
KCONFIG_ORACLE = \
	plugins/kconfig/oracle/ask.c \
	plugins/kconfig/oracle/clause.c \
	plugins/kconfig/oracle/main.c \
	plugins/kconfig/oracle/oracle.h \
	plugins/kconfig/oracle/out.c \
	plugins/kconfig/oracle/person.c \
	plugins/kconfig/oracle/repair.c \
	plugins/kconfig/oracle/sets.c \
	plugins/kconfig/oracle/sets.h \
	plugins/kconfig/oracle/state.c \
	plugins/kconfig/oracle/tree.c \
	plugins/kconfig/oracle/want.c \
	plugins/kconfig/oracle/why.c

plugins/kconfig/sources.c: $(KCONFIG_ORACLE) plugins/kconfig/sources.awk
	$(AM_V_GEN)$(MKDIR_P) plugins/kconfig && cd $(srcdir) && \
	$(AWK) -f plugins/kconfig/sources.awk $(KCONFIG_ORACLE) \
		> $(abs_builddir)/$@.new && mv $(abs_builddir)/$@.new $(abs_builddir)/$@

plugins/kconfig/profiles.c: $(KCONFIG_PROFILES) plugins/kconfig/profiles.awk
	$(AM_V_GEN)$(MKDIR_P) plugins/kconfig && cd $(srcdir) && \
	$(AWK) -f plugins/kconfig/profiles.awk $(KCONFIG_PROFILES) \
		> $(abs_builddir)/$@.new && mv $(abs_builddir)/$@.new $(abs_builddir)/$@
CLEANFILES += plugins/kconfig/profiles.c plugins/kconfig/sources.c
EXTRA_DIST += plugins/kconfig/README.md plugins/kconfig/profiles.awk $(KCONFIG_PROFILES)
EXTRA_DIST += plugins/kconfig/sources.awk $(KCONFIG_ORACLE)
