/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * In a sandbox the ports are those of a machine of one's own, so boots at the same time
 * do not meet; without one a chosen port is reserved.
 */
#include "ports.h"

#include <errno.h>
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

static bool
leads_to(const struct guest_nic *nic, int port)
{
	for (size_t i = 0; i < nic->forward_count; i++)
		if (nic->forwards[i].guest == port && !nic->forwards[i].udp &&
		    !nic->forwards[i].address)
			return true;
	return false;
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
		struct guest_nic *nic;

		if (c->kind != CHECK_TCP && c->kind != CHECK_HTTP)
			continue;
		nic = nic_of(g);
		if (!leads_to(nic, c->port) && nic->forward_count < GUEST_FORWARDS_MAX)
			nic->forwards[nic->forward_count++] =
				(struct guest_forward){ .guest = c->port };
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
