/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What servers answer, and whether it is an answer at all: only what was asked in this
 * exchange counts, and a lease is kept until a server says that it is over.
 */
#include "dhcp4.h"

#include "clock.h"
#include "dhcp4_parts.h"

static void
offered(struct dhcp4 *d, const struct dhcp4_reply *r, uint64_t now)
{
	d->lease = r->lease;
	dhcp4_begin(d, DHCP4_REQUESTING, now);
}

static void
refused(struct dhcp4 *d, uint64_t now)
{
	if (dhcp4_is_bound(d))
		dhcp4_lose(d, "the server refuses to renew the lease");
	dhcp4_back_off(d, now);
}

static void
acknowledged(struct dhcp4 *d, const struct dhcp4_reply *r, uint64_t now)
{
	int same = dhcp4_is_bound(d) && r->lease.address == d->lease.address;

	if (dhcp4_is_bound(d) && !same)
		dhcp4_lose(d, "the server gives another address");
	d->lease = r->lease;
	d->t1 = time_after(d->asked, r->lease.t1_s);
	d->t2 = time_after(d->asked, r->lease.t2_s);
	d->expires = time_after(d->asked, r->lease.lease_s);
	if (same) {
		dhcp4_bind(d);
		return;
	}
	dhcp4_begin(d, DHCP4_PROBING, now);
}

/* Whether this exchange is about what the reply says. */
static const char *
mismatch(const struct dhcp4 *d, const struct dhcp4_reply *r)
{
	if (r->xid != d->xid)
		return "of another exchange";
	if (d->state == DHCP4_SELECTING)
		return r->type == DHCP4_OFFER ? NULL : "no offer";
	if (d->state != DHCP4_REQUESTING &&
		(d->state < DHCP4_RENEWING || d->state > DHCP4_REBOOTING))
		return "nothing was asked";
	if (r->type == DHCP4_OFFER)
		return "a late offer";
	if (d->state == DHCP4_REQUESTING && r->lease.server != d->lease.server &&
		r->lease.server != 0)
		return "of another server";
	return NULL;
}

const char *
dhcp4_receive(struct dhcp4 *d, const uint8_t *message, size_t size, uint64_t now)
{
	struct dhcp4_reply r;
	const char *why = dhcp4_parse(&r, message, size, d->mac);

	if (!why)
		why = mismatch(d, &r);
	if (why)
		return why;
	if (r.type == DHCP4_OFFER)
		offered(d, &r, now);
	else if (r.type == DHCP4_NAK)
		refused(d, now);
	else
		acknowledged(d, &r, now);
	return NULL;
}
