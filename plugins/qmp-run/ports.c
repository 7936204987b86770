/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * In a sandbox the ports are those of a machine of one's own, so boots at the same time
 * do not meet; without one a chosen port is reserved.
 */
#include "ports.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../problem/problem.h"
#include "vm/forward.h"

/* The guest's interface on the user network, which comes with the first port. */
static struct guest_nic *
nic_of(struct guest *g)
{
	if (!g->nic_count)
		g->nic_count = 1;
	return &g->nics[0];
}

static int
add(struct msmv_stage *stage, struct guest *g, const char *text)
{
	static char addresses[GUEST_FORWARDS_MAX][FORWARD_ADDRESS_MAX];
	struct guest_nic *nic = nic_of(g);
	const char *why;

	if (nic->forward_count == GUEST_FORWARDS_MAX)
		return problem_at(stage, "ports", text, NULL, "ports: more than %d",
		                  GUEST_FORWARDS_MAX);
	if (!forward_parse(text, addresses[nic->forward_count],
	                   &nic->forwards[nic->forward_count], &why))
		return problem_at(stage, "ports", text, "as in 8080:80, 80, 0.0.0.0:53:53/udp",
		                  "ports: \"%s\": %s", text, why);
	nic->forward_count++;
	return 0;
}

bool
port_is_local(const struct guest_forward *f)
{
	return !f->address || strcmp(f->address, "127.0.0.1") == 0 ||
	       strcmp(f->address, "0.0.0.0") == 0;
}

/* The forward that a check of the guest's port goes through, or NULL. */
static const struct guest_forward *
way_to(const struct guest *g, int port)
{
	for (size_t i = 0; i < g->nic_count; i++)
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			const struct guest_forward *f = &g->nics[i].forwards[k];

			if (f->guest == port && !f->udp && port_is_local(f))
				return f;
		}
	return NULL;
}

int
port_local(const struct guest *g, int port)
{
	const struct guest_forward *f = way_to(g, port);

	return f ? f->host : 0;
}

int
ports_read(struct msmv_stage *stage, const struct checks *checks, struct guest *g)
{
	const struct msmv_host *host = stage->host;
	int bad = 0;

	for (size_t i = 0; i < host->option_count(stage, "ports"); i++)
		bad |= add(stage, g, host->option_at(stage, "ports", i));
	for (size_t i = 0; i < checks->count; i++) {
		const struct check *c = &checks->item[i];
		char port[16];

		if ((c->kind != CHECK_TCP && c->kind != CHECK_HTTP) || c->port < 1 ||
		    way_to(g, c->port))
			continue;
		snprintf(port, sizeof(port), "%d", c->port);
		bad |= add(stage, g, port);
	}
	return bad;
}

int
ports_reserve(struct msmv_stage *stage, struct guest *g)
{
	for (size_t i = 0; i < g->nic_count; i++)
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			struct guest_forward *f = &g->nics[i].forwards[k];

			/* The socket ends with the process, and the reservation with it. */
			if (!f->host && forward_reserve(f) < 0)
				return stage->host->fail(stage, MSMV_FAIL_SYSTEM,
				                         "no free port for the guest's %d: %s",
				                         f->guest, strerror(errno));
		}
	return 0;
}
