# SPDX-License-Identifier: GPL-3.0-only
KCONFIG_PROFILES = \
	plugins/kconfig/profiles/acpi.config \
	plugins/kconfig/profiles/base.config \
	plugins/kconfig/profiles/disk.config \
	plugins/kconfig/profiles/efi.config \
	plugins/kconfig/profiles/efi.x86.config \
	plugins/kconfig/profiles/initramfs.config \
	plugins/kconfig/profiles/machine.arm64.config \
	plugins/kconfig/profiles/machine.x86.config \
	plugins/kconfig/profiles/microvm.x86.config \
	plugins/kconfig/profiles/net.config \
	plugins/kconfig/profiles/q35.x86.config \
	plugins/kconfig/profiles/serial.arm64.config \
	plugins/kconfig/profiles/serial.config \
	plugins/kconfig/profiles/serial.x86.config \
	plugins/kconfig/profiles/size.config \
	plugins/kconfig/profiles/size.x86.config \
	plugins/kconfig/profiles/smp.config \
	plugins/kconfig/profiles/virt.arm64.config \
	plugins/kconfig/profiles/virtio-mmio.config \
	plugins/kconfig/profiles/virtio-mmio.x86.config \
	plugins/kconfig/profiles/virtio-pci.config \
	plugins/kconfig/profiles/vsock.config

plugin_LTLIBRARIES += plugins/kconfig/kconfig.la
plugins_kconfig_kconfig_la_SOURCES = \
	plugins/kconfig/kconfig.c \
	plugins/kconfig/contract.c plugins/kconfig/contract.h \
	plugins/kconfig/define.c plugins/kconfig/define.h \
	plugins/kconfig/dotconfig.c plugins/kconfig/dotconfig.h \
	plugins/kconfig/expr.c plugins/kconfig/expr.h \
	plugins/kconfig/profile.c plugins/kconfig/profile.h \
	plugins/kconfig/reader.h \
	plugins/kconfig/request.c plugins/kconfig/request.h \
	plugins/kconfig/symbol.c plugins/kconfig/symbol.h \
	plugins/kconfig/words.c \
	$(KERNEL_SOURCES)
nodist_plugins_kconfig_kconfig_la_SOURCES = plugins/kconfig/profiles.c
plugins_kconfig_kconfig_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/plugins/kconfig
plugins_kconfig_kconfig_la_CFLAGS = $(MSMV_CFLAGS) $(SANITIZE) $(CRYPTO_CFLAGS)
plugins_kconfig_kconfig_la_LDFLAGS = $(LDFLAGS_PLUGIN)
plugins_kconfig_kconfig_la_LIBADD = $(CRYPTO_LIBS)

plugins/kconfig/profiles.c: $(KCONFIG_PROFILES) plugins/kconfig/profiles.awk
	$(AM_V_GEN)$(MKDIR_P) plugins/kconfig && cd $(srcdir) && \
	$(AWK) -f plugins/kconfig/profiles.awk $(KCONFIG_PROFILES) \
		> $(abs_builddir)/$@.new && mv $(abs_builddir)/$@.new $(abs_builddir)/$@
CLEANFILES += plugins/kconfig/profiles.c
EXTRA_DIST += plugins/kconfig/README.md plugins/kconfig/profiles.awk $(KCONFIG_PROFILES)
