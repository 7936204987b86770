/* SPDX-License-Identifier: GPL-3.0-only */
/* The network of "msmv vm start": --nic, and --port through its first card. */
#include "cli/vm_plan.h"

#include <string.h>

#include "base/mem.h"
#include "vm/forward.h"
#include "vm/vsock.h"

/* ---- --port [ADDRESS:]HOST:GUEST[/udp] ------------------------------------ */

static int
add_port(struct vm_plan *p, const char *text)
{
	struct guest_nic *nic = &p->guest.nics[0];
	char address[FORWARD_ADDRESS_MAX];
	struct guest_forward f;
	const char *why;

	/* A port that msmv chose would have to be looked for. */
	if (forward_parse(text, address, &f, &why) && f.host == 0)
		why = "it names no port of this machine";
	if (why)
		return complain(EXIT_USAGE, "--port wants [ADDRESS:]HOST:GUEST[/udp], such as"
			" 8080:80, not '%s': %s", text, why);
	if (nic->forward_count == GUEST_FORWARDS_MAX)
		return complain(EXIT_USAGE, "at most %d ports", GUEST_FORWARDS_MAX);
	if (f.address)
		f.address = plan_keep(p, xstrdup(address));
	nic->forwards[nic->forward_count++] = f;
	return 0;
}

/* ---- --nic user|tap=IF|none[,mac=MAC] -------------------------------------- */

static bool
is_mac(const char *s)
{
	for (int i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : !strchr("0123456789abcdefABCDEF", s[i]) || !s[i])
			return false;
	return s[17] == '\0';
}

/* The same for the same VM and card, and another for each: 52:54:00 is for such. */
static const char *
make_mac(struct vm_plan *p)
{
	cleanup_free char *text = xasprintf("%s %zu", p->vm->name, p->guest.nic_count);
	uint32_t h = vsock_cid(text, NULL, 0);

	return plan_keep(p, xasprintf("52:54:00:%02x:%02x:%02x", h >> 16 & 0xff, h >> 8 & 0xff,
		h & 0xff));
}

int
plan_nic(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy;
	struct guest_nic *nic = &p->guest.nics[p->guest.nic_count];
	const char *word, *value;

	if (p->guest.nic_count == GUEST_NICS_MAX)
		return complain(EXIT_USAGE, "at most %d network cards", GUEST_NICS_MAX);
	while ((word = plan_word(&rest))) {
		if ((value = plan_value(word, "tap")) && *value && !strchr(value, '/'))
			nic->tap = plan_keep(p, xstrdup(value));
		else if ((value = plan_value(word, "vhost-user")) && *value)
			nic->vhost_user = plan_path(p, value);
		else if ((value = plan_value(word, "mac")) && is_mac(value))
			nic->mac = plan_keep(p, xstrdup(value));
		else if (!streq(word, "user"))
			return complain(EXIT_USAGE, "--nic wants user, tap=INTERFACE, vhost-user=SOCKET"
				" or none, and mac=52:54:00:12:34:56; not '%s'", word);
	}
	if (!nic->mac)
		nic->mac = make_mac(p);
	p->guest.nic_count++;
	return 0;
}

/* Ports lead through the first card, which then is a user network. */
int
plan_network(struct vm_plan *p)
{
	const char *text = args_get(p->args, "nic", 0);
	bool ports = args_has(p->args, "port");
	int code = 0;

	if (text && streq(text, "none"))
		return ports ? complain(EXIT_USAGE, "--port needs a network, and --nic is none") : 0;
	for (int i = 0; code == 0 && (text = args_get(p->args, "nic", i)); i++)
		code = plan_nic(p, text);
	/* Proven without one it gets none either, unless somebody wants ports. */
	if (code == 0 && !p->guest.nic_count && !ports && streq(vm_text(p->boot, "network"), "none"))
		return 0;
	if (code == 0 && !p->guest.nic_count)
		code = plan_nic(p, "user");
	if (code == 0 && ports && (p->guest.nics[0].tap || p->guest.nics[0].vhost_user))
		return complain(EXIT_USAGE, "--port leads through --nic user, which must be the first");
	for (int i = 0; code == 0 && (text = args_get(p->args, "port", i)); i++)
		code = add_port(p, text);
	return code;
}
