/* SPDX-License-Identifier: GPL-3.0-only */
/* What is plugged into QEMU's machine. */
#include "vm/guest_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
add_disk(struct line *l, const struct guest_disk *d, size_t i)
{
	bool fat = strcmp(d->format, "fat") == 0;
	char before[96];

	snprintf(before, sizeof(before), "id=disk%zu,if=none,format=%s%s,file=%s", i,
	         fat ? "raw" : d->format,
	         d->readonly || fat ? ",readonly=on"
	         : d->discard       ? ",snapshot=on"
	                            : "",
	         fat ? "fat:" : "");
	argv_add(&l->args, "-drive");
	argv_file(&l->args, before, d->path);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-blk-%s,drive=disk%zu%s%s", l->suffix, i,
	         d->serial ? ",serial=" : "", d->serial ? d->serial : "");
}

static char *
forward_text(const struct guest_forward *f)
{
	char *text = NULL;

	if (asprintf(&text, ",hostfwd=%s:%s:%d-:%d", f->udp ? "udp" : "tcp",
	             f->address ? f->address : "127.0.0.1", f->host, f->guest) < 0)
		return NULL;
	return text;
}

/* "user,id=net0,hostfwd=..." grows with its forwards; the caller frees it. */
static char *
user_network(const struct guest_nic *nic, size_t i)
{
	char *text = NULL;

	if (asprintf(&text, "user,id=net%zu", i) < 0)
		return NULL;
	for (size_t k = 0; text && k < nic->forward_count; k++) {
		char *more = forward_text(&nic->forwards[k]), *both = NULL;

		if (!more || asprintf(&both, "%s%s", text, more) < 0)
			both = NULL;
		free(more);
		free(text);
		text = both;
	}
	return text;
}

static void
add_nic(struct line *l, const struct guest_nic *nic, size_t i)
{
	char *user = nic->tap || nic->vhost_user ? NULL : user_network(nic, i);
	char before[64];

	if (nic->vhost_user) {
		snprintf(before, sizeof(before), "socket,id=vhost%zu,path=", i);
		argv_add(&l->args, "-chardev");
		argv_file(&l->args, before, nic->vhost_user);
	}
	argv_add(&l->args, "-netdev");
	if (nic->vhost_user)
		argv_add(&l->args, "vhost-user,id=net%zu,chardev=vhost%zu", i, i);
	else if (nic->tap)
		argv_add(&l->args, "tap,id=net%zu,ifname=%s,script=no,downscript=no", i,
		         nic->tap);
	else if (user)
		argv_add(&l->args, "%s", user);
	else
		l->args.failed = true;
	free(user);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-net-%s,netdev=net%zu%s%s", l->suffix, i,
	         nic->mac ? ",mac=" : "", nic->mac ? nic->mac : "");
}

static void
add_share(struct line *l, const struct guest_share *s, size_t i)
{
	char before[96];

	if (s->socket || s->fd > 0) {
		snprintf(before, sizeof(before), "socket,id=share%zu,path=", i);
		argv_add(&l->args, "-chardev");
		if (s->fd > 0)
			argv_add(&l->args, "socket,id=share%zu,fd=%d", i, s->fd);
		else
			argv_file(&l->args, before, s->socket);
		argv_add(&l->args, "-device");
		argv_add(&l->args, "vhost-user-fs-%s,chardev=share%zu,tag=%s", l->suffix, i,
		         s->tag);
		return;
	}
	snprintf(before, sizeof(before), "local,id=share%zu,security_model=none%s,path=", i,
	         s->readonly ? ",readonly=on" : "");
	argv_add(&l->args, "-fsdev");
	argv_file(&l->args, before, s->path);
	argv_add(&l->args, "-device");
	argv_add(&l->args, "virtio-9p-%s,fsdev=share%zu,mount_tag=%s", l->suffix, i, s->tag);
}

static void
add_vsock(struct line *l)
{
	const struct guest *g = l->guest;

	argv_add(&l->args, "-device");
	if (g->vsock_fd > 0)
		argv_add(&l->args, "vhost-vsock-%s,guest-cid=%u,vhostfd=%d", l->suffix,
		         g->vsock_cid, g->vsock_fd);
	else
		argv_add(&l->args, "vhost-vsock-%s,guest-cid=%u", l->suffix, g->vsock_cid);
}

/* A device can come and go below a port, and not on the root bus itself. */
static void
add_slot(struct line *l, int i)
{
	argv_add(&l->args, "-device");
	argv_add(&l->args, "pcie-root-port,id=slot%d,bus=pcie.0,chassis=%d,slot=%d", i, i + 1,
	         i + 1);
}

void
guest_devices(struct line *l)
{
	const struct guest *g = l->guest;

	for (size_t i = 0; i < g->disk_count; i++)
		add_disk(l, &g->disks[i], i);
	for (size_t i = 0; i < g->nic_count; i++)
		add_nic(l, &g->nics[i], i);
	for (size_t i = 0; i < g->share_count; i++)
		add_share(l, &g->shares[i], i);
	if (g->vsock_cid)
		add_vsock(l);
	if (g->rng) {
		argv_add(&l->args, "-device");
		argv_add(&l->args, "virtio-rng-%s", l->suffix);
	}
	if (g->screen && l->machine)
		argv_pair(&l->args, "-device", l->machine->gpu);
	for (int i = 0; i < g->slots; i++)
		add_slot(l, i);
}
