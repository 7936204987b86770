/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * inet_pton and inet_ntop of a C library bring its printf and scanf along, which are
 * half as big as all the rest of this program.
 */
#include "address.h"

#include <string.h>

#include "bytes.h"
#include "out.h"

/* A decimal number up to max that ends at stop; moves *at onto stop. -1: none is there. */
static int
decimal(const char **at, char stop, int max)
{
	const char *c = *at;
	int n = 0;

	for (; *c >= '0' && *c <= '9' && n <= max; c++)
		n = n * 10 + (*c - '0');
	/* 010 is ten to some and eight to others. */
	if (c == *at || n > max || *c != stop || (c - *at > 1 && **at == '0'))
		return -1;
	*at = c;
	return n;
}

int
ipv4_parse(const char *text, uint32_t *to)
{
	uint32_t address = 0;

	for (int i = 0; i < 4; i++) {
		int n = decimal(&text, i < 3 ? '.' : '\0', 255);

		if (n < 0)
			return -1;
		address = address << 8 | (uint32_t)n;
		text += i < 3;
	}
	*to = address;
	return 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One to four hexadecimal digits. */
static int
group(const char **at)
{
	int n = 0, digits = 0;

	for (; digits < 4; digits++, ++*at) {
		int digit = hex_digit(**at);

		if (digit < 0)
			break;
		n = n * 16 + digit;
	}
	return digits > 0 ? n : -1;
}

int
ipv6_parse(const char *c, struct ip6 *to)
{
	uint8_t bytes[16] = {0};
	int n = 0, gap = -1;

	if (c[0] == ':' && c[1] == ':')
		gap = 0, c += 2;
	while (*c != '\0') {
		int value = n < 16 ? group(&c) : -1;

		if (value < 0)
			return -1;
		bytes[n++] = (uint8_t)(value >> 8);
		bytes[n++] = (uint8_t)value;
		if (c[0] == ':' && c[1] == ':' && gap < 0)
			gap = n, c += 2;
		else if (c[0] == ':' && c[1] != '\0' && c[1] != ':')
			c++;
		else if (c[0] != '\0')
			return -1;
	}
	if (gap < 0 ? n != 16 : n > 14)
		return -1;
	memset(to, 0, sizeof(*to));
	memcpy(to->byte, bytes, (size_t)(gap < 0 ? n : gap));
	if (gap >= 0)
		memcpy(to->byte + 16 - (n - gap), bytes + gap, (size_t)(n - gap));
	return 0;
}

/* Cuts "/BITS" off into address; what stands there, *bits if nothing, or -1. */
static int
split(const char *text, char *address, size_t room, int max, int bits)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	const char *at = slash ? slash + 1 : NULL;

	if (n >= room)
		return -1;
	memcpy(address, text, n);
	address[n] = '\0';
	return at ? decimal(&at, '\0', max) : bits;
}

int
ipv4_parse_net(const char *text, uint32_t *to, int *bits)
{
	char address[16];

	*bits = split(text, address, sizeof(address), 32, *bits);
	return *bits < 0 ? -1 : ipv4_parse(address, to);
}

int
ipv6_parse_net(const char *text, struct ip6 *to, int *bits)
{
	char address[40];

	*bits = split(text, address, sizeof(address), 128, *bits);
	return *bits < 0 ? -1 : ipv6_parse(address, to);
}

void
out_ipv4(struct out *o, uint32_t address)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		out_num(o, address >> shift & 255);
		if (shift > 0)
			out_byte(o, '.');
	}
}

static void
out_hex(struct out *o, unsigned value, int digits)
{
	static const char hex[] = "0123456789abcdef";

	while (digits < 4 && value >> 4 * digits)
		digits++;
	while (digits-- > 0)
		out_byte(o, hex[value >> 4 * digits & 15]);
}

/* The first of the longest runs of at least two groups of zeros. */
static int
longest_gap(const unsigned group[8], int *length)
{
	int best = -1;

	*length = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > *length)
			best = i, *length = n;
	}
	return best;
}

void
out_ipv6(struct out *o, const struct ip6 *a)
{
	unsigned groups[8];
	int length, gap;

	for (size_t i = 0; i < 8; i++)
		groups[i] = get16(&a->byte[i * 2]);
	gap = longest_gap(groups, &length);
	for (int i = 0; i < 8; i++) {
		if (i == gap) {
			out_str(o, "::");
			i += length - 1;
			continue;
		}
		if (i > 0 && i != gap + length)
			out_byte(o, ':');
		out_hex(o, groups[i], 1);
	}
}

void
out_mac(struct out *o, const uint8_t mac[MAC_BYTES])
{
	for (int i = 0; i < MAC_BYTES; i++) {
		if (i > 0)
			out_byte(o, ':');
		out_hex(o, mac[i], 2);
	}
}

uint32_t
ipv4_mask(int bits)
{
	return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

int
ipv4_mask_bits(uint32_t mask)
{
	int bits = 0;

	while (bits < 32 && mask & 1u << (31 - bits))
		bits++;
	return mask == ipv4_mask(bits) ? bits : -1;
}

int
ipv4_is_host(uint32_t a)
{
	return a >> 24 != 0 && a >> 24 != 127 && a >> 28 != 14 && a >> 28 != 15;
}

int
ipv6_equal(const struct ip6 *a, const struct ip6 *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

int
ipv6_is_link_local(const struct ip6 *a)
{
	return a->byte[0] == 0xfe && (a->byte[1] & 0xc0) == 0x80;
}

int
ipv6_is_host(const struct ip6 *a)
{
	static const struct ip6 loopback = {{[15] = 1}}, none;

	return a->byte[0] != 0xff && !ipv6_is_link_local(a) && !ipv6_equal(a, &loopback) &&
	       !ipv6_equal(a, &none);
}

void
ipv6_mask(struct ip6 *a, int bits)
{
	for (int i = 0; i < 16; i++, bits -= 8) {
		int keep = bits < 0 ? 0 : bits > 8 ? 8 : bits;

		a->byte[i] &= (uint8_t)(0xff00 >> keep);
	}
}

void
ipv6_eui64(struct ip6 *a, const uint8_t mac[MAC_BYTES])
{
	memcpy(a->byte + 8, mac, 3);
	a->byte[8] ^= 2; /* "universal" is 0 in a MAC and 1 here */
	a->byte[11] = 0xff;
	a->byte[12] = 0xfe;
	memcpy(a->byte + 13, mac + 3, 3);
}
