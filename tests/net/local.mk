# SPDX-License-Identifier: GPL-3.0-only
# The network helper: its parsers and protocols as units, and as a program in namespaces
# with servers and routers; with sanitizers always, as it is small.
net_asan = -fsanitize=address,undefined -fno-sanitize-recover=undefined

check_PROGRAMS += tests/net/msmv-net-asan
tests_net_msmv_net_asan_SOURCES = $(net_sources) init/file.c init/ini.c init/words.c
tests_net_msmv_net_asan_CFLAGS = $(MSMV_CFLAGS) $(net_asan)
tests_net_msmv_net_asan_LDFLAGS = $(net_asan)

if HAVE_CHECK
check_PROGRAMS += tests/net/unit
TESTS += tests/net/unit
tests_net_unit_CFLAGS = $(MSMV_CFLAGS) $(CHECK_CFLAGS) $(net_asan)
tests_net_unit_LDFLAGS = $(net_asan)
tests_net_unit_LDADD = $(CHECK_LIBS)
tests_net_unit_SOURCES = \
	tests/net/craft.c tests/net/craft.h \
	tests/net/unit.c tests/net/unit.h \
	tests/net/unit_address.c \
	tests/net/unit_config.c \
	tests/net/dhcp4_world.h \
	tests/net/unit_dhcp4.c \
	tests/net/unit_dhcp4_lease.c \
	tests/net/unit_dhcp4_message.c \
	tests/net/dhcp6_world.h \
	tests/net/unit_dhcp6.c \
	tests/net/unit_dhcp6_answer.c \
	tests/net/unit_dhcp6_message.c \
	tests/net/unit_error.c \
	tests/net/unit_frame.c \
	tests/net/unit_names.c \
	tests/net/unit_out.c \
	tests/net/unit_ra.c \
	tests/net/unit_resolv.c \
	tests/net/slaac_world.h \
	tests/net/unit_slaac.c \
	tests/net/unit_slaac_learn.c \
	init/file.c init/ini.c init/words.c \
	init/net/address.c init/net/config.c init/net/dhcp4.c init/net/dhcp4_answer.c \
	init/net/dhcp4_build.c \
	init/net/dhcp4_message.c init/net/dhcp6_build.c \
	init/net/dhcp6.c init/net/dhcp6_answer.c init/net/dhcp6_message.c init/net/error.c init/net/frame.c init/net/names.c \
	init/net/out.c init/net/ra.c init/net/resolv.c init/net/slaac.c \
	init/net/slaac_learn.c
endif

NET_TESTS = tests/net/again.sh tests/net/dhcp4.sh tests/net/given.sh tests/net/ipv6.sh \
	tests/net/servers.sh
TESTS += $(NET_TESTS)
EXTRA_DIST += $(NET_TESTS) tests/net/net.sh tests/net/server.py
