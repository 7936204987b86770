/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The skeleton of a guest's root file system: folders, device nodes, accounts,
 * and the configuration that msmv-init reads. It needs no input and no root,
 * as nodes and owners are entries of a tree and never files of this machine.
 */
#include <msmv/plugin.h>

#include "options.h"
#include "text.h"

static const char *const provides[] = {"build:rootfs"};

static const struct msmv_option options[] = {
	{.name = "hostname",
		.type = MSMV_TYPE_STRING,
		.fallback = "msmv",
		.help = "host name; what one cannot hold becomes -"},
	{.name = "app",
		.type = MSMV_TYPE_MAP,
		.help = "applications to start: name = command line"},
	{.name = "app_dir",
		.type = MSMV_TYPE_MAP,
		.help = "working folders: name = path, / if unset"},
	{.name = "app_user",
		.type = MSMV_TYPE_MAP,
		.help = "users: name = user or UID:GID, root if unset"},
	{.name = "app_on_exit",
		.type = MSMV_TYPE_MAP,
		.help = "at its end: name = poweroff (if unset), reboot, restart or "
			"none"},
	{.name = "app_stop_signal",
		.type = MSMV_TYPE_MAP,
		.help = "asks it to end: name = HUP, INT, QUIT, USR1, USR2, WINCH, TERM"},
	{.name = "app_type",
		.type = MSMV_TYPE_MAP,
		.help = "name = service (if unset) or task: has to end with 0"},
	{.name = "app_after",
		.type = MSMV_TYPE_MAP,
		.help = "name = applications that must be ready before it starts"},
	{.name = "app_ready",
		.type = MSMV_TYPE_MAP,
		.help = "ready when: name = started (if unset), line TEXT, tcp PORT, file PATH"},
	{.name = "app_ready_ms",
		.type = MSMV_TYPE_MAP,
		.help = "time for that: name = milliseconds, 30000 if unset, of a task 0: none"},
	{.name = "app_restart",
		.type = MSMV_TYPE_MAP,
		.help = "started again at its end: name = never (if unset), on-failure or "
			"always"},
	{.name = "app_groups",
		.type = MSMV_TYPE_MAP,
		.help = "more groups: name = groups or GIDs"},
	{.name = "app_environment",
		.type = MSMV_TYPE_MAP,
		.help = "its own variables: name = NAME=VALUE words"},
	{.name = "mounts",
		.type = MSMV_TYPE_MAP,
		.help = "more file systems: path = TYPE SOURCE OPTIONS; no SOURCE for tmpfs"},
	{.name = "mount_mkfs",
		.type = MSMV_TYPE_MAP,
		.help = "run on a blank disk of mounts: path = command line, the disk is added"},
	{.name = "mount_owner",
		.type = MSMV_TYPE_MAP,
		.help = "owners of mounts: path = user or UID:GID, as it is if unset"},
	{.name = "sysctl",
		.type = MSMV_TYPE_MAP,
		.help = "settings of the kernel: net.ipv4.ip_forward = 1"},
	{.name = "seed",
		.type = MSMV_TYPE_STRING,
		.help = "file in the guest with random bytes for the kernel"},
	{.name = "network_wait_ms",
		.type = MSMV_TYPE_INT,
		.fallback = "10000",
		.help = "for the network, before applications are started",
		.unit = "ms",
		.min = 0,
		.max = 3600000},
	{.name = "tty",
		.type = MSMV_TYPE_STRING,
		.help = "whose terminal the console is, or none; the only one's if "
			"unset"},
	{.name = "env", .type = MSMV_TYPE_MAP, .help = "environment of all applications"},
	{.name = "users",
		.type = MSMV_TYPE_MAP,
		.help = "more accounts: name = UID:GID:HOME:SHELL, UID is enough"},
	{.name = "grace_ms",
		.type = MSMV_TYPE_INT,
		.fallback = "5000",
		.help = "for applications to end after their stop signal",
		.unit = "ms",
		.min = 0,
		.max = 3600000},
	{.name = "log",
		.type = MSMV_TYPE_STRING,
		.fallback = "warn",
		.help = "what init says on the console",
		.choices = "error|warn|info|debug"},
	{.name = "halt",
		.type = MSMV_TYPE_STRING,
		.fallback = "auto",
		.help = "how it ends; auto: power-off where the machine can, else "
			"restart",
		.choices = "auto|poweroff|reboot|halt"},
	{.name = "net_enable", .type = MSMV_TYPE_BOOL, .help = "configure the network; unset: if there is an address"},
	{.name = "net_helper", .type = MSMV_TYPE_BOOL, .help = "msmv-net is in the image and does it, not init alone",
		.fallback = "false"},
	{.name = "net_method", .type = MSMV_TYPE_STRING, .help = "auto: DHCP and IPv6 routers; dhcp: IPv4 alone",
		.choices = "auto|dhcp|static"},
	{.name = "net_interface", .type = MSMV_TYPE_STRING, .help = "network interface"},
	{.name = "net_ip_address", .type = MSMV_TYPE_STRING, .help = "ADDRESS/PREFIX, of IPv6 and several too, or ADDRESS"},
	{.name = "net_netmask", .type = MSMV_TYPE_STRING, .help = "IPv4 netmask"},
	{.name = "net_gateway", .type = MSMV_TYPE_STRING, .help = "addresses of default gateways, one of a family"},
	{.name = "net_ipv6", .type = MSMV_TYPE_BOOL, .help = "true: as routers say; false: none at all"},
	{.name = "net_delegation", .type = MSMV_TYPE_BOOL, .help = "ask for an IPv6 prefix"},
	{.name = "net_dns", .type = MSMV_TYPE_LIST, .help = "addresses of name servers"},
	{.name = "net_search", .type = MSMV_TYPE_LIST, .help = "domains for short names"},
	{.name = "net_mtu", .type = MSMV_TYPE_INT, .help = "of the interface",
		.unit = "bytes",
		.min = 68,
		.max = 65535},
	{.name = "net_metric", .type = MSMV_TYPE_INT, .help = "of its routes",
		.min = 1,
		.max = 1000000},
	{.name = "net_wait_ms", .type = MSMV_TYPE_INT, .help = "how long applications wait for it",
		.unit = "ms",
		.min = 0,
		.max = 3590000},
	{.name = "net_wait_for", .type = MSMV_TYPE_STRING, .help = "which address they wait for",
		.choices = "any|each|ipv4|ipv6|none"},
	{.name = "net_lease_hostname", .type = MSMV_TYPE_BOOL, .help = "a lease's host name replaces the machine's"},
	{.name = "nic_method", .type = MSMV_TYPE_MAP, .help = "of an interface: name = auto, dhcp or static"},
	{.name = "nic_ip_address", .type = MSMV_TYPE_MAP, .help = "of an interface: name = ADDRESS/PREFIX ..."},
	{.name = "nic_gateway", .type = MSMV_TYPE_MAP, .help = "of an interface: name = ADDRESS ..."},
	{.name = "nic_ipv6", .type = MSMV_TYPE_MAP, .help = "of an interface: name = true or false"},
	{.name = "nic_delegation", .type = MSMV_TYPE_MAP, .help = "of an interface: name = true or false"},
	{.name = "nic_mtu", .type = MSMV_TYPE_MAP, .help = "of an interface: name = bytes"},
	{.name = "nic_metric", .type = MSMV_TYPE_MAP, .help = "of an interface: name = number"},
	{.name = "dirs",
		.type = MSMV_TYPE_LIST,
		.help = "more folders: PATH or PATH:MODE"},
	{.name = "symlinks",
		.type = MSMV_TYPE_MAP,
		.help = "more symbolic links: path = target"},
	{.name = "file_source",
		.type = MSMV_TYPE_PATHS,
		.help = "files of the image: path = file beside the recipe"},
	{.name = "file_text",
		.type = MSMV_TYPE_MAP,
		.help = "files of the image: path = what is in it"},
	{.name = "file_link",
		.type = MSMV_TYPE_MAP,
		.help = "links of the image: path = target"},
	{.name = "file_dir",
		.type = MSMV_TYPE_MAP,
		.help = "folders of the image: path = true"},
	{.name = "file_node",
		.type = MSMV_TYPE_MAP,
		.help = "devices of the image: path = \"c MAJOR MINOR\", b, or p"},
	{.name = "file_mode",
		.type = MSMV_TYPE_MAP,
		.help = "modes of these: path = octal, as \"0755\""},
	{.name = "file_owner",
		.type = MSMV_TYPE_MAP,
		.help = "owners of these: path = user or UID:GID, root if unset"},
};

static const struct msmv_port outputs[] = {
	{"root", MSMV_PORT_TREE, 0, NULL, "the skeleton, /etc/msmv/init.ini in it"},
};

/* Everything that run would refuse, without writing anything; all of it at once. */
static int
rootfs_check(struct msmv_stage *s)
{
	struct text t[4] = {{0}};
	int bad = ini_write(s, &t[0]);

	text_release(&t[0]);
	bad |= net_ini(s, &t[0]);
	bad |= accounts_write(s, &t[1], &t[2], &t[3]);
	bad |= extras_write(s, NULL);
	bad |= files_write(s, NULL);
	bad |= layout_check(s);
	for (int i = 0; i < 4; i++)
		text_release(&t[i]);
	return bad ? -1 : 0;
}

static int
rootfs_run(struct msmv_stage *s)
{
	struct msmv_tree *tree = s->host->tree_create(s, "root");
	size_t apps = s->host->option_count(s, "app");
	int failed;

	if (!tree)
		return -1;
	failed = skeleton_write(s, tree);
	if (s->host->tree_close(tree) != 0 || failed)
		return -1;
	s->host->note(s, "%zu application%s", apps, apps == 1 ? "" : "s");
	return 0;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "rootfs",
	.version = "1",
	.summary = "makes the skeleton of a guest's root file system and init's "
		   "configuration",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.check = rootfs_check,
	.run = rootfs_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}
