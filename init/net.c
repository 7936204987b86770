/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A static network needs five ioctls; netlink would be more code for the same
 * result. Addresses come from the configuration in network byte order.
 */
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "file.h"
#include "line.h"

/* /etc/resolv.conf of a guest is a link to it: / may be read-only. */
#define RESOLV_CONF "/run/resolv.conf"

static void
address_set(struct sockaddr *to, uint32_t address)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {address}};

	memcpy(to, &in, sizeof(in));
}

static int
name_set(struct ifreq *req, const char *interface)
{
	size_t len = strlen(interface);

	*req = (struct ifreq){0};
	if (len >= sizeof(req->ifr_name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(req->ifr_name, interface, len);
	return 0;
}

static int
interface_up(int fd, const char *interface)
{
	struct ifreq req;

	if (name_set(&req, interface) != 0 || ioctl(fd, SIOCGIFFLAGS, &req) != 0)
		return -1;
	req.ifr_flags |= IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &req);
}

static int
interface_address(int fd, const char *interface, unsigned long what, uint32_t address)
{
	struct ifreq req;

	if (address == 0)
		return 0;
	if (name_set(&req, interface) != 0)
		return -1;
	address_set(&req.ifr_addr, address);
	/* musl declares the request as int, glibc as unsigned long. */
	return ioctl(fd, (__typeof__(what))what, &req);
}

static int
default_route(int fd, uint32_t gateway)
{
	struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY};

	if (gateway == 0)
		return 0;
	address_set(&route.rt_gateway, gateway);
	address_set(&route.rt_dst, INADDR_ANY);
	address_set(&route.rt_genmask, INADDR_ANY);
	return ioctl(fd, SIOCADDRT, &route);
}

static int
write_resolvers(char *const *servers)
{
	struct line text;
	ssize_t n;
	int fd;

	if (!servers || !servers[0])
		return 0;
	line_clear(&text);
	for (; *servers; servers++)
		line_fmt(&text, "nameserver %s\n", *servers);
	fd = file_open(RESOLV_CONF, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	n = write(fd, text.text, text.len);
	close(fd);
	if (n >= 0 && (size_t)n != text.len)
		errno = ENOSPC;
	return n == (ssize_t)text.len ? 0 : -1;
}

void
net_loopback(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || interface_up(fd, "lo") != 0)
		log_msg(LOG_INFO, "loopback: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

static const char *
configure(int fd, const struct net *net)
{
	const char *name = net->interface;

	if (interface_address(fd, name, SIOCSIFADDR, net->address) != 0)
		return "set the address of ";
	if (interface_address(fd, name, SIOCSIFNETMASK, net->netmask) != 0)
		return "set the netmask of ";
	if (interface_up(fd, name) != 0)
		return "bring up ";
	if (default_route(fd, net->gateway) != 0)
		return "set the gateway of ";
	return write_resolvers(net->dns) != 0 ? "write " RESOLV_CONF " for " : NULL;
}

int
net_start(const struct net *net, struct line *why)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char *step = fd < 0 ? "open a socket for " : configure(fd, net);
	int error = step ? errno : 0;

	if (step)
		line_fmt(why, "cannot %s%s: %s", step, net->interface, strerror(error));
	if (fd >= 0)
		close(fd);
	return error;
}
