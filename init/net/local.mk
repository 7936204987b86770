# SPDX-License-Identifier: GPL-3.0-only
# The network helper is compiled for the guest by the stage build:init, as init is.
net_sources = \
	init/net/address.c init/net/address.h \
	init/net/bytes.h \
	init/net/clock.c init/net/clock.h \
	init/net/config.c init/net/config.h \
	init/net/dhcp4.c init/net/dhcp4.h \
	init/net/dhcp4_answer.c init/net/dhcp4_parts.h \
	init/net/dhcp4_build.c \
	init/net/dhcp4_format.h \
	init/net/dhcp4_message.c init/net/dhcp4_message.h \
	init/net/dhcp6.c init/net/dhcp6.h \
	init/net/dhcp6_answer.c init/net/dhcp6_parts.h \
	init/net/dhcp6_build.c \
	init/net/dhcp6_format.h \
	init/net/dhcp6_message.c init/net/dhcp6_message.h \
	init/net/error.c init/net/error.h \
	init/net/files.c init/net/files.h \
	init/net/frame.c init/net/frame.h \
	init/net/kernel.c init/net/kernel.h \
	init/net/kernel_list.c \
	init/net/kernel_own.c \
	init/net/log.c init/net/log.h \
	init/net/main.c \
	init/net/names.c init/net/names.h \
	init/net/netlink.c init/net/netlink.h \
	init/net/nic.c init/net/nic.h \
	init/net/nic4.c init/net/nic4_lease.c \
	init/net/nic6.c init/net/nic6_given.c \
	init/net/nics.c init/net/nics.h \
	init/net/out.c init/net/out.h \
	init/net/ra.c init/net/ra.h \
	init/net/resolv.c init/net/resolv.h \
	init/net/rtnl.h \
	init/net/slaac.c init/net/slaac.h \
	init/net/slaac_learn.c init/net/slaac_parts.h \
	init/net/sockets.c init/net/sockets.h

initnetdir = $(msmvdatadir)/init/net
dist_initnet_DATA = $(net_sources)
EXTRA_DIST += init/net/README.md
