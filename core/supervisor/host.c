/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a VM takes of this machine that only one can have: ports, each in its turn, and a
 * number for its guest's vsock. All of it ends with this process.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/argv.h"
#include "vm/forward.h"
#include "vm/vsock.h"

/* ---- Ports ----------------------------------------------------------------- */

static struct guest_forward
port_of(const json_t *o)
{
	const char *protocol = json_string_value(json_object_get(o, "protocol"));

	return (struct guest_forward){
		.address = json_string_value(json_object_get(o, "address")),
		.host = (int)json_integer_value(json_object_get(o, "host")),
		.udp = protocol && streq(protocol, "udp"),
	};
}

/*
 * Of a port at an address of its own there may be several: QEMU sees whether it is free.
 * A turn that cannot be had for another reason is none.
 */
static int
take_turn(const struct guest_forward *f, struct err *err)
{
	bool common = !f->address || streq(f->address, "127.0.0.1") || streq(f->address, "0.0.0.0");

	if (!common || forward_hold(f) >= 0 || (errno != EADDRINUSE && errno != EBUSY))
		return 0;
	return err_set(err, "%s port %d of this machine leads to another VM, or to a guest that is"
		" being proven", f->udp ? "UDP" : "TCP", f->host);
}

/* A port at two addresses is one turn. */
static bool
had_before(const json_t *ports, size_t n, const struct guest_forward *f)
{
	for (size_t i = 0; i < n; i++) {
		struct guest_forward before = port_of(json_array_get(ports, i));

		if (before.host == f->host && before.udp == f->udp)
			return true;
	}
	return false;
}

int
host_take_ports(struct supervisor *s, struct err *err)
{
	json_t *ports = json_object_get(s->config, "ports");

	for (size_t i = 0; i < json_array_size(ports); i++) {
		struct guest_forward f = port_of(json_array_get(ports, i));

		if (!had_before(ports, i, &f) && take_turn(&f, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- vsock ------------------------------------------------------------------ */

static void
on_line(void *owner, char *line)
{
	life_line(&((struct supervisor *)owner)->life, line);
}

/* The number of vm.json is a wish: another user's VM may have it. */
static uint32_t
wished(const struct supervisor *s)
{
	return (uint32_t)json_integer_value(json_object_get(s->config, "cid"));
}

void
host_take_vsock(struct supervisor *s)
{
	uint32_t wish = wished(s);

	if (!wish)
		return;
	vsock_ready_open(&s->vsock, wish);
	s->vsock.on_line = on_line;
	s->vsock.owner = s;
	if (s->vsock.device >= 0) /* QEMU inherits it */
		fcntl(s->vsock.device, F_SETFD, 0);
}

/* "-device" and the word behind it go. */
static void
cut_device(char **argv, size_t i)
{
	free(argv[i - 1]);
	free(argv[i]);
	for (; argv[i]; i++)
		argv[i - 1] = argv[i + 1];
}

void
host_words(const struct supervisor *s, char **argv)
{
	for (size_t i = 1; wished(s) && argv[i]; i++) {
		char *word = vsock_word(argv[i], wished(s), s->vsock.cid, s->vsock.device);

		if (!word)
			continue;
		if (s->vsock.device >= 0) {
			free(argv[i]);
			argv[i] = word;
		} else {
			free(word);
			cut_device(argv, i);
		}
		return;
	}
}

void
host_on_vsock(struct supervisor *s, void *item, short events)
{
	(void)item;
	(void)events;
	vsock_ready_hear(&s->vsock);
}
