/* SPDX-License-Identifier: GPL-3.0-only */
/* What one section of net.ini says of an interface, or of all that have none. */
#ifndef ROOTFS_NETPLAN_H
#define ROOTFS_NETPLAN_H

struct msmv_stage;
struct text;

#define ADDRESSES_MAX 4 /* of a family and interface; as many as msmv-net has room for */

/* Where a wish stands: an item of the nic_ maps, or [boot.network] itself (NULL). */
struct net_plan {
	struct msmv_stage *stage;
	const char *nic;
	struct text *out;
	unsigned count[2]; /* addresses: IPv4, IPv6 */
	int host[2];       /* one of them is a network of one: its gateway is elsewhere */
	struct {
		int family, bits;
		unsigned char bytes[16];
	} nets[2 * ADDRESSES_MAX];
	int bad;
};

/* Writes the section's keys into out; what is wrong is told, and noted in bad. */
void net_plan_write(struct net_plan *);
/* Tells that the key's text is so at its place in the recipe; hint may be NULL. */
void net_plan_wrong(struct net_plan *, const char *key, const char *hint, const char *what,
	const char *text);

#endif
