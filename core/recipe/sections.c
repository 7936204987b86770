/* SPDX-License-Identifier: GPL-3.0-only */
/* The table; the order is that of the reference and of a recipe that msmv writes. */
#include "recipe/sections.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "msmv/plugin.h"

#define TEXT MSMV_TYPE_STRING
#define LIST MSMV_TYPE_LIST
#define BOOL MSMV_TYPE_BOOL
#define MAP MSMV_TYPE_MAP
#define INT MSMV_TYPE_INT
#define END { NULL, 0, 0, NULL, NULL, NULL }

static const struct section_key general[] = {
	{ "name", TEXT, SECTION_REQUIRED, NULL, NULL, "the machine's name" },
	{ "description", TEXT, SECTION_PEOPLE, NULL, NULL, "what it is, for people" },
	{ "version", TEXT, SECTION_PEOPLE, NULL, NULL, "of the recipe, for people" },
	{ "target_arch", LIST, 0, "this machine's", NULL,
		"the architecture that the guest runs on" },
	{ "libc", TEXT, 0, "musl", "musl|system",
		"the C library that applications are linked with" },
	{ "format_version", INT, 0, "1", NULL,
		"of what msmv writes itself: a recipe that says 1 keeps its bytes when a later "
		"msmv writes better ones" },
	END
};

static const struct section_key kernel[] = {
	{ "url", LIST, 0, "kernel.org's of version", NULL,
		"where the source comes from; of several the first that answers" },
	{ "version", TEXT, 0, NULL, NULL, "a release of kernel.org, as 6.9.4" },
	{ "license", TEXT, SECTION_PEOPLE, "GPL-2.0-only WITH Linux-syscall-note", NULL,
		"an SPDX expression, for attestations" },
	END
};

static const struct section_key applications[] = {
	{ "url", LIST, SECTION_REQUIRED, NULL, NULL,
		"where the source comes from; without a scheme a file beside the recipe" },
	{ "name", TEXT, SECTION_PEOPLE, NULL, NULL, "what it is called, for people" },
	{ "description", TEXT, SECTION_PEOPLE, NULL, NULL, "what it is, for people" },
	{ "version", TEXT, SECTION_PEOPLE, NULL, NULL, "of the application, for people" },
	{ "license", TEXT, SECTION_PEOPLE, NULL, NULL, "an SPDX expression, for attestations" },
	{ "build", TEXT, 0, "autotools", "@build:", "how it is built" },
	{ "depends", LIST, 0, NULL, NULL, "applications that it is built against" },
	{ "output_executable_path", TEXT, SECTION_SHARED, NULL, NULL,
		"the program to start, with its arguments; none for a library" },
	{ "install", BOOL, 0, "if there is a program to start", NULL,
		"its files go into the image" },
	{ "include_net", BOOL, 0, "false", NULL, "of old recipes: the network is the machine's, see [boot.network]" },
	END
};

static const struct section_key boot[] = {
	{ "cmdline", TEXT, SECTION_SHARED, "console= and the architecture's console", NULL,
		"the kernel's command line" },
	{ "initramfs", BOOL, 0, "true", NULL, "make an initramfs, and boot it" },
	{ "network", MAP, 0, NULL, NULL, "see [boot.network]" },
	END
};

static const struct section_key network[] = {
	{ "enable", BOOL, 0, "true", NULL, "configure the network" },
	{ "method", TEXT, 0, "static with ip_address, else auto", "auto|dhcp|static",
		"auto: IPv4 by DHCP, IPv6 as routers say; dhcp: IPv4 alone" },
	{ "interface", TEXT, 0, "eth0 with ip_address, else all", NULL, "network interface" },
	{ "ip_address", TEXT, 0, NULL, NULL,
		"ADDRESS/PREFIX, of IPv6 and several too; ADDRESS with a netmask" },
	{ "netmask", TEXT, 0, NULL, NULL, "IPv4 netmask" },
	{ "gateway", TEXT, 0, NULL, NULL, "address of the default gateway, or one of each family" },
	{ "ipv6", BOOL, 0, "by method", NULL,
		"true: as routers say; false: not even a link-local address" },
	{ "delegation", BOOL, 0, "false", NULL, "ask for an IPv6 prefix to give away" },
	{ "dns", LIST, 0, NULL, NULL, "addresses of name servers; by DHCP only if it has none" },
	{ "search", LIST, 0, NULL, NULL, "domains for short names; the same" },
	{ "mtu", INT, 0, "the link's or the server's", NULL, "bytes of a packet" },
	{ "metric", INT, 0, "100 times its place", NULL, "of routes; the least wins" },
	{ "wait_ms", INT, 0, "5000", NULL, "how long applications wait for an address" },
	{ "wait_for", TEXT, 0, "any", "any|each|ipv4|ipv6|none",
		"what they wait for: an address of any interface, of each, of a family" },
	{ "lease_hostname", BOOL, 0, "false", NULL, "a lease's host name wins over the recipe's" },
	{ "interfaces", MAP, 0, NULL, NULL, "see [boot.network.interfaces.NAME]" },
	END
};

static const struct section_key interfaces[] = {
	{ "method", TEXT, 0, "static with ip_address, else auto", "auto|dhcp|static",
		"as in [boot.network]" },
	{ "ip_address", TEXT, 0, NULL, NULL, "ADDRESS/PREFIX, with blanks between several" },
	{ "gateway", TEXT, 0, NULL, NULL, "as in [boot.network]" },
	{ "ipv6", BOOL, 0, "by method", NULL, "as in [boot.network]" },
	{ "delegation", BOOL, 0, "false", NULL, "as in [boot.network]" },
	{ "mtu", INT, 0, NULL, NULL, "as in [boot.network]" },
	{ "metric", INT, 0, NULL, NULL, "as in [boot.network]" },
	END
};

static const struct section_key output[] = {
	{ "format", LIST, 0, "initramfs", "@output:", "the forms that the guest is delivered in" },
	{ "image_name", TEXT, 0, NULL, NULL,
		"file name of the first form that is no initramfs, or of that" },
	END
};

static const struct section_key run[] = {
	{ "enable", BOOL, SECTION_SHARED, "true", NULL,
		"boot what was built; [run] enable = false, or run = false, builds only" },
	{ "checks", MAP, 0, NULL, NULL, "see [run.checks]" },
	{ "budget", MAP, 0, NULL, NULL, "see [run.budget]" },
	END
};

static const struct section_key checks[] = {
	{ "tcp", INT, 0, NULL, NULL, "the guest answers on this port" },
	{ "http", TEXT, 0, NULL, NULL, "what to GET from the guest: a path, as /index.html" },
	{ "command", TEXT, 0, NULL, NULL, "what to run here, by /bin/sh; MSMV_PORT_80 is the "
		"port of this machine that leads to the guest's 80" },
	{ "console", TEXT, 0, NULL, NULL, "a text that a line of the console holds" },
	{ "console_regex", TEXT, 0, NULL, NULL,
		"an extended regular expression that a line of the console matches" },
	{ "port", INT, 0, "80", NULL, "of http, in the guest" },
	{ "status", INT, 0, "200", NULL, "of http's answer" },
	{ "send", TEXT, 0, NULL, NULL, "to say to the port of tcp" },
	{ "exit_code", INT, 0, "0", NULL, "of command" },
	{ "text", TEXT, 0, NULL, NULL, "a text that the answer, page or output holds" },
	{ "regex", TEXT, 0, NULL, NULL,
		"an extended regular expression that the answer, page or output matches" },
	{ "timeout", INT, 0, "10", NULL,
		"how long it is tried again before it fails, in seconds" },
	END
};

static const struct section_key budget[] = {
	{ "ready_ms", INT, 0, NULL, NULL, "milliseconds from QEMU's start to ready" },
	{ "rss", MSMV_TYPE_SIZE, 0, NULL, NULL, "memory of this machine that QEMU takes" },
	{ "image", MSMV_TYPE_SIZE, 0, NULL, NULL, "kernel, initramfs and disk together" },
	END
};

static const struct section_key stage[] = {
	{ "plugin", TEXT, SECTION_REQUIRED, NULL, NULL, "the plugin that makes it" },
	{ "needs", LIST, 0, NULL, NULL, "stages that must succeed first" },
	{ "inputs", MAP, 0, NULL, NULL, "input port = \"STAGE:PORT\", or a list of those" },
	END
};

#define ROOTFS "build:rootfs"
#define RUNNER "run:qemu"

const struct section_info section_table[] = {
	{ "general", "what the machine is called and what it runs on", general, ROOTFS, NULL,
		NULL, NULL, false },
	{ "kernel", "where the kernel comes from and what it can do", kernel,
		"fetch:* config:kconfig build:kernel", NULL, NULL, NULL, false },
	{ "applications", "a program or library, built from source", applications,
		"fetch:* build:* -build:kernel -build:rootfs -build:init", "app", ROOTFS, NULL,
		true },
	{ "init", "how the guest starts and ends", NULL, "build:init build:rootfs", NULL, NULL,
		NULL, false },
	{ "files", "path in the guest = file beside the recipe, or more about it", NULL,
		NULL, "file", ROOTFS, "source", true },
	{ "boot", "how the kernel is started", boot, "output:* run:qemu", NULL, NULL, NULL,
		false },
	{ "boot.network", "the guest's address; the table alone switches it on", network,
		NULL, "net", ROOTFS, NULL, false },
	{ "boot.network.interfaces", "one interface, when they differ", interfaces, NULL, "nic",
		ROOTFS, NULL, true },
	{ "output", "what is made of it", output, "output:*", NULL, NULL, NULL, false },
	{ "run", "how the proof by booting is made", run, RUNNER, NULL, NULL, NULL, false },
	{ "run.checks", "what the guest must do once it is ready: one thing each", checks, NULL,
		"check", RUNNER, NULL, true },
	{ "run.budget", "what a boot may cost; more of it fails", budget, NULL, "budget", RUNNER,
		NULL, false },
	{ "stage", "any plugin, directly", stage, "*", NULL, NULL, NULL, true },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL, false }
};

/* One word of takers against one capability. */
static bool
fits(const char *word, size_t len, const char *capability)
{
	if (len && word[len - 1] == '*')
		return strncmp(word, capability, len - 1) == 0;
	return strlen(capability) == len && strncmp(word, capability, len) == 0;
}

bool
section_takes(const struct section_info *s, char *const *provides, size_t n)
{
	bool taken = false;

	for (const char *word = s->takers; word && *word;) {
		size_t len = strcspn(word, " ");
		bool not = *word == '-';

		for (size_t i = 0; i < n; i++)
			if (fits(word + not, len - not, provides[i])) {
				if (not)
					return false;
				taken = true;
			}
		word += len + strspn(word + len, " ");
	}
	return taken;
}

const struct section_info *
section_info(const char *name)
{
	for (const struct section_info *s = section_table; s->name; s++)
		if (streq(s->name, name))
			return s;
	return NULL;
}
