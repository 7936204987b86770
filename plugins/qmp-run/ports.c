/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * In a sandbox the ports are those of a machine of one's own, so boots at the same time
 * do not meet; without one a chosen port is reserved, and a given one is had in turns.
 */
#include "ports.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../problem/problem.h"
#include "vm/forward.h"

enum { STEP_MS = 100 };

/* The guest's interface on the user network, which comes with the first port. */
static struct guest_nic *
nic_of(struct guest *g)
{
	if (!g->nic_count)
		g->nic_count = 1;
	return &g->nics[0];
}

static bool
is_any(const struct guest_forward *f)
{
	return f->address && strcmp(f->address, "0.0.0.0") == 0;
}

static const char *
address_of(const struct guest_forward *f)
{
	return f->address ? f->address : "127.0.0.1";
}

/* QEMU would say so when all is built. */
static bool
is_taken(const struct guest_nic *nic, size_t last)
{
	const struct guest_forward *new = &nic->forwards[last];

	for (size_t i = 0; new->host && i < last; i++) {
		const struct guest_forward *f = &nic->forwards[i];

		if (f->host == new->host && f->udp == new->udp &&
		    (is_any(f) || is_any(new) || strcmp(address_of(f), address_of(new)) == 0))
			return true;
	}
	return false;
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
	if (is_taken(nic, nic->forward_count))
		return problem_at(stage, "ports", text, NULL,
		                  "ports: \"%s\": port %d of this machine leads elsewhere already",
		                  text, nic->forwards[nic->forward_count].host);
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

/*
 * The socket ends with the process, and the reservation with it; but of a UDP port QEMU
 * must be the only one, so that it may be gone until then.
 */
static bool
choose(struct guest_forward *f)
{
	int fd = forward_reserve(f);

	if (fd >= 0 && f->udp)
		close(fd);
	return fd >= 0;
}

bool
ports_choose_again(struct guest *g)
{
	bool some = false;

	for (size_t i = 0; i < g->nic_count; i++)
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			struct guest_forward *f = &g->nics[i].forwards[k];

			if (!f->udp || !f->chosen)
				continue;
			if (!choose(f))
				return false;
			some = true;
		}
	return some;
}

/* A port at two addresses is one turn. */
static bool
had_before(const struct guest_nic *nic, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (nic->forwards[k].host == nic->forwards[i].host &&
		    nic->forwards[k].udp == nic->forwards[i].udp)
			return true;
	return false;
}

/* All turns of the interface, or none and the port that is another's. */
static int
take_turns(const struct guest_nic *nic)
{
	int turns[GUEST_FORWARDS_MAX], taken = 0;

	for (size_t i = 0; i < nic->forward_count; i++) {
		const struct guest_forward *f = &nic->forwards[i];
		int fd;

		if (f->chosen || had_before(nic, i))
			continue;
		fd = forward_turn(f);
		if (fd >= 0) {
			turns[taken++] = fd;
		} else if (errno == EADDRINUSE) {
			while (taken > 0)
				close(turns[--taken]);
			return f->host;
		}
	}
	return 0;
}

/* Two boots that ask for one port have it one after the other. */
static int
wait_turns(struct msmv_stage *stage, const struct guest_nic *nic)
{
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	bool told = false;
	int port;

	while ((port = take_turns(nic)) != 0) {
		if (stage->host->cancelled(stage))
			return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "interrupted");
		if (!told)
			stage->host->log(stage, MSMV_LOG_INFO,
			                 "waits for port %d, which another boot has", port);
		told = true;
		nanosleep(&step, NULL);
	}
	return 0;
}

int
ports_reserve(struct msmv_stage *stage, struct guest *g)
{
	for (size_t i = 0; i < g->nic_count; i++) {
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			struct guest_forward *f = &g->nics[i].forwards[k];

			if (!f->host && !choose(f))
				return stage->host->fail(stage, MSMV_FAIL_SYSTEM,
				                         "no free port for the guest's %d: %s",
				                         f->guest, strerror(errno));
		}
		if (wait_turns(stage, &g->nics[i]) < 0)
			return -1;
	}
	return 0;
}
