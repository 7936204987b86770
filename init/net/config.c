/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * net.ini into struct config: the text of init.ini's kind, read by the same code. The
 * recipe's reader refuses whatever is refused here, so that an error means that somebody
 * wrote the file by hand.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "../file.h"
#include "../ini.h"
#include "error.h"
#include "log.h"
#include "out.h"

#define WORDS 16 /* of one value, at most */

enum section { IN_NONE, IN_NET, IN_PLAN };

struct parser {
	struct config *config;
	enum section section;
	void *target;  /* what the keys' offsets count from */
	uint32_t seen; /* bit per row of keys[], in this section */
	unsigned sections;
	const char *error, *detail;
};

struct key {
	enum section section;
	const char *name;
	int (*set)(struct parser *, const struct key *, char **words, unsigned count);
	size_t offset;
	unsigned least, most;       /* of a number */
	const char *const *choices; /* NULL-terminated; the value is the index */
};

static const char *const log_names[] = {"error", "warn", "info", "debug", NULL};
static const char *const yes_names[] = {"no", "yes", NULL};
static const char *const wait_names[] = {"any", "each", "ipv4", "ipv6", "none", NULL};

static int
bad(struct parser *p, const char *error, const char *detail)
{
	p->error = error;
	p->detail = detail;
	return -1;
}

static unsigned *
field(const struct parser *p, const struct key *key)
{
	return (unsigned *)(void *)((char *)p->target + key->offset);
}

static int
set_number(struct parser *p, const struct key *key, char **w, unsigned count)
{
	uint64_t n = 0;
	const char *c = count == 1 ? w[0] : "";

	for (; *c >= '0' && *c <= '9' && n <= key->most; c++)
		n = n * 10 + (unsigned)(*c - '0');
	if (count != 1 || *c != '\0' || c == w[0] || n < key->least || n > key->most)
		return bad(p, "not a number in its range: ", key->name);
	*field(p, key) = (unsigned)n;
	return 0;
}

static int
set_choice(struct parser *p, const struct key *key, char **w, unsigned count)
{
	for (unsigned i = 0; count == 1 && key->choices[i]; i++) {
		if (strcmp(w[0], key->choices[i]) == 0) {
			*field(p, key) = i;
			return 0;
		}
	}
	return bad(p, "not one of its choices: ", key->name);
}

static int
set_address(struct parser *p, const struct key *key, char **w, unsigned count)
{
	struct plan *plan = p->target;

	for (unsigned i = 0; i < count; i++) {
		struct plan_address4 a4 = {.bits = -1};
		struct plan_address6 a6 = {.bits = -1};

		if (ipv4_parse_net(w[i], &a4.address, &a4.bits) == 0 && a4.bits > 0 &&
			ipv4_is_host(a4.address)) {
			if (plan->address4_count == CONFIG_ADDRESSES)
				return bad(p, "too many: ", key->name);
			plan->address4[plan->address4_count++] = a4;
		} else if (ipv6_parse_net(w[i], &a6.address, &a6.bits) == 0 && a6.bits > 0 &&
			   ipv6_is_host(&a6.address)) {
			if (plan->address6_count == CONFIG_ADDRESSES)
				return bad(p, "too many: ", key->name);
			plan->address6[plan->address6_count++] = a6;
		} else {
			return bad(p, "not ADDRESS/BITS: ", w[i]);
		}
	}
	return 0;
}

static int
set_gateway(struct parser *p, const struct key *key, char **w, unsigned count)
{
	struct plan *plan = p->target;

	for (unsigned i = 0; i < count; i++) {
		struct ip6 a6;

		if (ipv4_parse(w[i], &plan->gateway) == 0 && ipv4_is_host(plan->gateway))
			continue;
		if (ipv6_parse(w[i], &a6) != 0 || a6.byte[0] == 0xff)
			return bad(p, "not an address: ", w[i]);
		plan->gateway6 = a6;
	}
	return count > 0 && count <= 2 ? 0 : bad(p, "not one gateway of each kind: ", key->name);
}

/* Up to CONFIG_NAMES words as they are. */
static int
keep(struct parser *p, const struct key *key, const char **to, unsigned *n, char **w, unsigned count)
{
	if (count > CONFIG_NAMES)
		return bad(p, "too many: ", key->name);
	for (*n = 0; *n < count; ++*n)
		to[*n] = w[*n];
	return 0;
}

static int
set_dns(struct parser *p, const struct key *key, char **w, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint32_t a4;
		struct ip6 a6;

		if (ipv4_parse(w[i], &a4) != 0 && ipv6_parse(w[i], &a6) != 0)
			return bad(p, "not the address of a name server: ", w[i]);
	}
	return keep(p, key, p->config->dns, &p->config->dns_count, w, count);
}

static int
set_search(struct parser *p, const struct key *key, char **w, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strspn(w[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_.") != strlen(w[i]))
			return bad(p, "not a domain: ", w[i]);
	return keep(p, key, p->config->search, &p->config->search_count, w, count);
}

#define NET(field) offsetof(struct config, field)
#define PLAN(field) offsetof(struct plan, field)

static const struct key keys[] = {
	{IN_NET, "log", set_choice, NET(log), 0, 0, log_names},
	{IN_NET, "wait_ms", set_number, NET(wait_ms), 0, 3600000, NULL},
	{IN_NET, "wait_for", set_choice, NET(wait_for), 0, 0, wait_names},
	{IN_NET, "lease_hostname", set_choice, NET(lease_hostname), 0, 0, yes_names},
	{IN_NET, "dns", set_dns, 0, 0, 0, NULL},
	{IN_NET, "search", set_search, 0, 0, 0, NULL},
	{IN_PLAN, "dhcp4", set_choice, PLAN(dhcp4), 0, 0, yes_names},
	{IN_PLAN, "router6", set_choice, PLAN(router6), 0, 0, yes_names},
	{IN_PLAN, "no_ipv6", set_choice, PLAN(no_ipv6), 0, 0, yes_names},
	{IN_PLAN, "delegation", set_choice, PLAN(delegation), 0, 0, yes_names},
	{IN_PLAN, "address", set_address, 0, 0, 0, NULL},
	{IN_PLAN, "gateway", set_gateway, 0, 0, 0, NULL},
	{IN_PLAN, "mtu", set_number, PLAN(mtu), 68, 65535, NULL},
	{IN_PLAN, "metric", set_number, PLAN(metric), 1, 1000000, NULL},
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

static int
key_set(struct parser *p, const struct ini_item *item)
{
	char *words[WORDS];
	const char *error = NULL;
	unsigned i = 0;
	int count;

	while (i < KEYS && (keys[i].section != p->section || strcmp(keys[i].name, item->name) != 0))
		i++;
	if (i == KEYS)
		return bad(p, "unknown key: ", item->name);
	if (p->seen & 1u << i)
		return bad(p, "a key that was there before: ", item->name);
	p->seen |= 1u << i;
	count = words_split(item->value, words, WORDS, &error);
	if (count < 0)
		return bad(p, error, NULL);
	return keys[i].set(p, &keys[i], words, (unsigned)count);
}

static int
plan_begin(struct parser *p, const char *name)
{
	struct config *c = p->config;
	struct plan *plan;

	if (strlen(name) >= LINK_NAME_BYTES)
		return bad(p, "not the name of an interface: ", name);
	for (unsigned i = 0; i < c->plan_count; i++)
		if (strcmp(c->plans[i].name, name) == 0)
			return bad(p, "a section that was there before: ", name);
	if (c->plan_count == CONFIG_PLANS)
		return bad(p, "more interfaces than there is room for: ", name);
	if (name[0] == '\0')
		c->others = (int)c->plan_count;
	plan = &c->plans[c->plan_count++];
	*plan = (struct plan){0};
	memcpy(plan->name, name, strlen(name) + 1);
	p->section = IN_PLAN;
	p->target = plan;
	return 0;
}

/* [net], [others], [interface NAME] */
static int
section_begin(struct parser *p, const struct ini_item *item)
{
	p->seen = 0;
	if (strcmp(item->name, "interface") == 0)
		return item->label ? plan_begin(p, item->label)
				   : bad(p, "no name follows: ", item->name);
	if (item->label)
		return bad(p, "no name may follow: ", item->name);
	if (strcmp(item->name, "others") == 0)
		return plan_begin(p, "");
	if (strcmp(item->name, "net") != 0)
		return bad(p, "unknown section: ", item->name);
	if (p->sections++ > 0)
		return bad(p, "a section that was there before: ", item->name);
	p->section = IN_NET;
	p->target = p->config;
	return 0;
}

int
config_parse(struct config *c, char *text, size_t size, const char *path, struct out *why)
{
	struct parser p = {.config = c};
	struct ini_item item;
	struct ini ini;
	int failed = 0;

	*c = (struct config){.log = NET_WARN, .wait_ms = 5000, .others = -1};
	ini_init(&ini, text, size);
	while (!failed && ini_next(&ini, &item) != INI_END) {
		if (item.kind == INI_BAD)
			failed = bad(&p, item.error, NULL);
		else if (item.kind == INI_SECTION)
			failed = section_begin(&p, &item);
		else
			failed = key_set(&p, &item);
	}
	if (!failed)
		return 0;
	out_fmt(why, "%s:%u: %s%s", path, ini.line, p.error, p.detail ? p.detail : "");
	return EINVAL;
}

int
config_read(struct config *c, const char *path, struct out *why)
{
	static char text[CONFIG_BYTES + 1];
	ssize_t size = file_read(path, text, sizeof(text));
	int error = errno;

	if (size >= 0)
		return config_parse(c, text, (size_t)size, path, why);
	out_fmt(why, "%s: %s", path, error_text(error));
	return error;
}

const struct plan *
config_plan(const struct config *c, const struct kernel_link *l)
{
	if (l->loopback)
		return NULL;
	for (unsigned i = 0; i < c->plan_count; i++)
		if (c->plans[i].name[0] != '\0' && strcmp(c->plans[i].name, l->name) == 0)
			return &c->plans[i];
	/* What a program in the guest has made is its own: bridges and veths of containers. */
	return c->others >= 0 && l->ethernet && l->hardware ? &c->plans[c->others] : NULL;
}
