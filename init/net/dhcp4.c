/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A machine's start waits for this client, so it is as quick as a link of today allows:
 * the first retry comes after a second and not after four, and the probes for a used
 * address take half a second together and not six, as all of a virtual link's neighbours
 * answer within microseconds.
 */
#include "dhcp4.h"

#include <string.h>

#include "clock.h"
#include "dhcp4_parts.h"

#define RETRY_FIRST_MS 1000
#define RETRY_LAST_MS 64000
#define REQUEST_TRIES 4
#define RESUME_TRIES 4 /* for a lease without an end: nothing is lost if nobody answers */
#define RENEW_LEAST_MS 60000 /* RFC 2131, 4.4.5 */
#define PROBES 3
#define PROBE_MS 150
#define ANNOUNCE_MS 2000 /* RFC 5227, 2.3: twice */
#define WAIT_FIRST_MS 1000 /* RFC 2131 wants 10 s after a DECLINE: reached by doubling */
#define BROADCAST_TRY 3    /* from this DISCOVER on the answer is asked for by broadcast */

static void
enter(struct dhcp4 *d, enum dhcp4_state state, uint64_t now)
{
	d->state = state;
	d->tries = 0;
	d->deadline = now;
}

/* 1 s, 2 s ... 64 s, each a tenth more or less. */
static uint64_t
retry_ms(unsigned tries)
{
	uint64_t ms = RETRY_FIRST_MS;

	while (tries-- > 1 && ms < RETRY_LAST_MS)
		ms *= 2;
	return time_jitter(ms);
}

static void
send(struct dhcp4 *d, struct dhcp4_request *r, uint32_t to, uint64_t now)
{
	uint8_t message[DHCP4_BUILT];
	size_t size;

	r->xid = d->xid;
	r->mac = d->mac;
	r->hostname = d->hostname;
	r->secs = (unsigned)((now - d->began) / 1000);
	size = dhcp4_build(message, r);
	d->port->send(d->port->arg, message, size, r->client, to);
}

static void
selecting(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_DISCOVER};

	if (d->tries == 0) {
		d->xid = random_bits();
		d->began = now;
	}
	r.broadcast = ++d->tries >= BROADCAST_TRY;
	send(d, &r, 0, now);
	d->deadline = now + retry_ms(d->tries);
}

static void
requesting(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_REQUEST,
		.requested = d->lease.address,
		.server = d->lease.server};

	if (d->tries == REQUEST_TRIES) {
		dhcp4_begin(d, DHCP4_SELECTING, now);
		return;
	}
	/* The answer may be one to the first of them. */
	if (d->tries == 0)
		d->asked = now;
	r.broadcast = ++d->tries >= BROADCAST_TRY;
	send(d, &r, 0, now);
	d->deadline = now + retry_ms(d->tries);
}

void
dhcp4_bind(struct dhcp4 *d)
{
	enter(d, DHCP4_BOUND, d->t1);
	d->failures = 0;
	d->port->bound(d->port->arg, &d->lease);
}

static void
announce(struct dhcp4 *d)
{
	d->port->arp(d->port->arg, d->lease.address, d->lease.address);
}

static void
probing(struct dhcp4 *d, uint64_t now)
{
	if (d->tries++ == PROBES) {
		dhcp4_bind(d);
		announce(d);
		d->tries = 1;
		d->deadline = time_first(d->t1, now + ANNOUNCE_MS);
		return;
	}
	d->port->arp(d->port->arg, 0, d->lease.address);
	d->deadline = now + PROBE_MS;
}

/* Half of what is left until the next state, but not below a minute. */
static void
ask_again(struct dhcp4 *d, uint64_t until, uint64_t now)
{
	uint64_t wait = until == TIME_NEVER ? RENEW_LEAST_MS : (until - now) / 2;

	d->deadline = time_first(until, now + time_jitter(wait < RENEW_LEAST_MS ? RENEW_LEAST_MS
										: wait));
}

void
dhcp4_lose(struct dhcp4 *d, const char *why)
{
	d->lease = (struct dhcp4_lease){0};
	d->port->lost(d->port->arg, why);
}

/* Asks for what is there already; server 0: everybody. */
static void
extend(struct dhcp4 *d, uint32_t server, uint64_t until, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_REQUEST, .client = d->lease.address};

	if (d->tries++ == 0) {
		d->xid = random_bits();
		d->began = now;
	}
	d->asked = now;
	send(d, &r, server, now);
	ask_again(d, until, now);
}

static void
rebinding(struct dhcp4 *d, uint64_t now)
{
	extend(d, 0, d->expires, now);
}

static void
renewing(struct dhcp4 *d, uint64_t now)
{
	if (now >= d->t2) {
		dhcp4_begin(d, DHCP4_REBINDING, now);
		return;
	}
	extend(d, d->lease.server, d->t2, now);
}

static void
bound(struct dhcp4 *d, uint64_t now)
{
	if (now < d->t1) {
		announce(d);
		enter(d, DHCP4_BOUND, d->t1);
		return;
	}
	dhcp4_begin(d, DHCP4_RENEWING, now);
}

/* RFC 2131, 4.3.2: INIT-REBOOT. If nobody answers the lease stays what it is. */
static void
rebooting(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_REQUEST, .requested = d->lease.address};

	if (d->tries == RESUME_TRIES) {
		if (d->expires == TIME_NEVER) {
			enter(d, DHCP4_BOUND, TIME_NEVER);
			return;
		}
		dhcp4_begin(d, DHCP4_REBINDING, now);
		return;
	}
	if (d->tries == 0) {
		d->xid = random_bits();
		d->began = d->asked = now;
	}
	r.broadcast = ++d->tries >= BROADCAST_TRY;
	send(d, &r, 0, now);
	d->deadline = time_first(d->expires, now + retry_ms(d->tries));
}

static void
search(struct dhcp4 *d, uint64_t now)
{
	dhcp4_begin(d, DHCP4_SELECTING, now);
}

static void (*const on_timeout[])(struct dhcp4 *, uint64_t now) = {
	[DHCP4_SELECTING] = selecting,
	[DHCP4_REQUESTING] = requesting,
	[DHCP4_PROBING] = probing,
	[DHCP4_BOUND] = bound,
	[DHCP4_RENEWING] = renewing,
	[DHCP4_REBINDING] = rebinding,
	[DHCP4_REBOOTING] = rebooting,
	[DHCP4_WAITING] = search,
};

void
dhcp4_begin(struct dhcp4 *d, enum dhcp4_state state, uint64_t now)
{
	enter(d, state, now);
	on_timeout[state](d, now);
}

void
dhcp4_init(struct dhcp4 *d, const struct dhcp4_port *port, const uint8_t mac[MAC_BYTES])
{
	*d = (struct dhcp4){.port = port, .deadline = TIME_NEVER};
	memcpy(d->mac, mac, MAC_BYTES);
}

void
dhcp4_start(struct dhcp4 *d, uint64_t now)
{
	d->failures = 0;
	dhcp4_begin(d, DHCP4_SELECTING, now);
}

int
dhcp4_is_bound(const struct dhcp4 *d)
{
	return d->state >= DHCP4_BOUND && d->state <= DHCP4_REBOOTING;
}

void
dhcp4_stop(struct dhcp4 *d, const char *why)
{
	if (dhcp4_is_bound(d))
		dhcp4_lose(d, why);
	enter(d, DHCP4_OFF, TIME_NEVER);
}

void
dhcp4_release(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_RELEASE,
		.client = d->lease.address,
		.server = d->lease.server};

	if (!dhcp4_is_bound(d))
		return;
	d->xid = random_bits();
	d->began = now;
	send(d, &r, d->lease.server, now);
	dhcp4_stop(d, NULL);
}

void
dhcp4_resume(struct dhcp4 *d, uint64_t now)
{
	if (!dhcp4_is_bound(d)) {
		dhcp4_start(d, now);
		return;
	}
	dhcp4_begin(d, DHCP4_REBOOTING, now);
}

void
dhcp4_timeout(struct dhcp4 *d, uint64_t now)
{
	if (d->state == DHCP4_OFF || now < d->deadline)
		return;
	if (dhcp4_is_bound(d) && now >= d->expires) {
		dhcp4_lose(d, "the lease has expired");
		search(d, now);
		return;
	}
	on_timeout[d->state](d, now);
}

/* A server that answers NAK again and again is not asked without end. */
void
dhcp4_back_off(struct dhcp4 *d, uint64_t now)
{
	uint64_t ms = WAIT_FIRST_MS;

	for (unsigned i = 1; i < d->failures && ms < RETRY_LAST_MS; i++)
		ms *= 2;
	enter(d, DHCP4_WAITING, now);
	/* The first one is an honest change of mind: it starts at once. */
	d->deadline = d->failures++ == 0 ? now : now + time_jitter(ms);
	if (d->deadline == now)
		search(d, now);
}

void
dhcp4_conflict(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_request r = {.type = DHCP4_DECLINE,
		.requested = d->lease.address,
		.server = d->lease.server};

	if (d->state != DHCP4_PROBING)
		return;
	send(d, &r, 0, now);
	d->lease = (struct dhcp4_lease){0};
	d->failures = d->failures > 0 ? d->failures : 1;
	dhcp4_back_off(d, now);
}
